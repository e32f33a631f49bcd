// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktopshell.h"

#include "feeds.h"

#include "ui/trayicon.h"

#include <QDesktopServices>
#include <QTimer>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// After a login panels may take a while; later than that the window is better than nothing.
constexpr std::chrono::seconds patienceForTray = 10s;

} // namespace

DesktopShell::DesktopShell(Feeds *feeds, Journal *journal, QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
    , m_window(feeds->list(), journal)
{
    obey(&m_window);
    connect(&m_trayHost, &TrayHost::available, this, &DesktopShell::createTrayIcon);
    connect(&m_trayHost, &TrayHost::lost, this, [this] { m_window.setHasTray(false); });
}

DesktopShell::~DesktopShell() = default;

void DesktopShell::show(bool hidden)
{
    if (!hidden) {
        m_window.present();
        return;
    }
    QTimer::singleShot(patienceForTray, this, [this] {
        if (!m_trayHost.isAvailable())
            m_window.present();
    });
}

void DesktopShell::setNotice(const QString &notice)
{
    m_window.setNotice(notice);
}

void DesktopShell::createTrayIcon()
{
    m_window.setHasTray(true);
    if (m_trayIcon)
        return;
    m_trayIcon = std::make_unique<TrayIcon>(m_feeds->list());
    obey(m_trayIcon.get());
    connect(m_trayIcon.get(), &TrayIcon::windowToggleRequested, &m_window,
            [this] { m_window.toggle(); });
    connect(m_trayIcon.get(), &TrayIcon::windowRequested, &m_window, &CountWindow::present);
    connect(m_trayIcon.get(), &TrayIcon::homepageRequested, this, &DesktopShell::openHomepage);
}

void DesktopShell::openHomepage()
{
    const auto models = m_feeds->list()->models();
    for (const CountModel *model : models) {
        const QUrl homepage = model->homepage();
        if (homepage.scheme() == "http"_L1 || homepage.scheme() == "https"_L1) {
            QDesktopServices::openUrl(homepage);
            return;
        }
    }
}

// The commands that the window and the icon share.
template <typename View>
void DesktopShell::obey(View *view)
{
    connect(view, &View::openRequested, m_feeds, &Feeds::openAll);
    connect(view, &View::closeRequested, m_feeds, &Feeds::closeAll);
    connect(view, &View::quitRequested, this, &DesktopShell::quitRequested);
}
