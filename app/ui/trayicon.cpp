// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "trayicon.h"

#include "core/feedlist.h"
#include "core/tray/badgefor.h"
#include "wording.h"

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// A text from a server must not turn into a mnemonic.
QString menuText(QString text)
{
    return text.replace(u'&', "&&"_L1);
}

// The panels of KDE and GNOME choose the picture that fits. Others, Xfce's and Waybar among them,
// take the largest and scale it, which blurs digits: so the largest is the size that they use by
// default.
QList<int> panelSizes()
{
    const auto desktops = qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':');
    if (desktops.contains("KDE"_L1) || desktops.contains("GNOME"_L1))
        return {16, 22, 24, 32, 48};
    return {16, 22};
}

} // namespace

TrayIcon::TrayIcon(const FeedList *feeds, QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
    , m_watch(feeds, 250ms)
    , m_badge(badgeFor(feeds->summary(), {}, false, false))
    , m_sizes(panelSizes())
    , m_icon(badgeIcon(m_badge, m_sizes))
{
    m_summary = m_menu.addAction(QString());
    m_summary->setEnabled(false);
    m_detail = m_menu.addAction(QString());
    m_detail->setEnabled(false);
    m_menu.addSeparator();
    m_open = m_menu.addAction(tr("&Open connection"), this, &TrayIcon::openRequested);
    m_close = m_menu.addAction(tr("&Close connection"), this, &TrayIcon::closeRequested);
    m_menu.addAction(tr("&Show window"), this, &TrayIcon::windowRequested);
    m_menu.addSeparator();
    m_menu.addAction(tr("&Quit"), this, &TrayIcon::quitRequested);
    m_icon.setContextMenu(&m_menu);

    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    Q_EMIT windowToggleRequested();
                else if (reason == QSystemTrayIcon::MiddleClick)
                    Q_EMIT homepageRequested();
            });
    connect(&m_watch, &FeedWatch::changed, this, &TrayIcon::refresh);

    refresh();
    m_icon.show();
}

void TrayIcon::refresh()
{
    // Qt sends what it is given, changed or not, and the panel then fetches all sizes again.
    if (const Badge badge = badgeFor(m_feeds->summary(), {}, false, false); badge != m_badge) {
        m_badge = badge;
        m_icon.setIcon(badgeIcon(badge, m_sizes));
    }
    const QString summary = summaryText(*m_feeds);
    const QString detail = m_feeds->summary().detail;
    QString toolTip = tr("Tallybell: %1").arg(summary);
    if (const QString parts = partsText(*m_feeds); !parts.isEmpty())
        toolTip += u'\n' + parts;
    else if (!detail.isEmpty())
        toolTip += u'\n' + detail;
    if (toolTip != m_icon.toolTip())
        m_icon.setToolTip(toolTip);
    m_summary->setText(menuText(summary));
    m_detail->setText(menuText(detail));
    m_detail->setVisible(!detail.isEmpty());
    m_open->setEnabled(canOpen(*m_feeds));
    m_close->setEnabled(canClose(*m_feeds));
}
