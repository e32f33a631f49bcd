// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "trayview.h"

#include "core/feedlist.h"
#include "core/notices/quiet.h"
#include "core/seen/seenmark.h"
#include "core/settings.h"
#include "core/tray/badgefor.h"
#include "recentlines.h"
#include "traycommand.h"
#include "ui/wording.h"

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int recentLinesShown = 5;
constexpr std::chrono::seconds timeForOneSource = 10s; // after the wheel
constexpr int longestDetail =
    80; // characters in the menu; the window and the tooltip have it whole

MenuEntry line(QLatin1StringView command, const QString &text, bool isEnabled = true)
{
    MenuEntry entry;
    entry.command = command;
    entry.text = text;
    entry.isEnabled = isEnabled;
    return entry;
}

MenuEntry information(const QString &text)
{
    return line({}, text, false);
}

MenuEntry separator()
{
    MenuEntry entry;
    entry.isSeparator = true;
    return entry;
}

bool isSure(const Badge &badge)
{
    return badge.state == Badge::State::Live || badge.state == Badge::State::Snoozed;
}

bool isTrying(const CountModel *model)
{
    return model->status() == CountModel::Status::Reconnecting
        || model->status() == CountModel::Status::Offline;
}

} // namespace

TrayView::TrayView(const Sources &sources, QObject *parent)
    : QObject(parent)
    , m_sources(sources)
    , m_watch(sources.feeds, 250ms)
    , m_face(compose())
{
    m_scrolled.setSingleShot(true);
    m_scrolled.setInterval(timeForOneSource);
    connect(&m_scrolled, &QTimer::timeout, this, [this] {
        m_alone = 0;
        refresh();
    });
    connect(&m_watch, &FeedWatch::changed, this, &TrayView::refresh);
    connect(sources.settings, &Settings::changed, this, &TrayView::refresh);
    connect(sources.quiet, &Quiet::snoozedChanged, this, &TrayView::refresh);
}

void TrayView::setPanelIsDark(bool isDark)
{
    if (std::exchange(m_panelIsDark, isDark) != isDark)
        refresh();
}

void TrayView::scroll(int notches)
{
    const qsizetype count = m_sources.feeds->models().size();
    if (count < 2 || notches == 0)
        return;
    m_alone = (m_alone + notches % (count + 1) + count + 1) % (count + 1);
    if (m_alone == 0)
        m_scrolled.stop();
    else
        m_scrolled.start();
    refresh();
}

void TrayView::refresh()
{
    const TrayFace face = compose();
    if (face == m_face)
        return;
    m_face = face;
    Q_EMIT faceChanged();
}

TrayFace TrayView::compose() const
{
    const FeedList::Summary summary = FeedList::summaryOf(subject());
    const Choices &choices = m_sources.settings->choices();
    TrayFace face;
    face.badge = badgeFor(summary, choices, m_sources.quiet->isSnoozed(), m_panelIsDark);
    face.title = tr("Tallybell – %1").arg(summaryText(*m_sources.feeds));
    face.toolTip = toolTip();
    face.label = face.badge.text;
    if (!face.label.isEmpty() && !isSure(face.badge))
        face.label += u'?';
    // What is more than a picture is of all sources, whatever the wheel has stopped at.
    const FeedList::Summary &all = m_sources.feeds->summary();
    const Badge whole = badgeFor(all, choices, m_sources.quiet->isSnoozed(), m_panelIsDark);
    face.number = isSure(whole) ? shownNumber(all, choices.counting) : 0;
    face.needsAttention =
        whole.state == Badge::State::LoginNeeded || whole.state == Badge::State::Error;
    face.isHidden = choices.hideWhenZero && isSure(whole) && all.count == 0;
    face.menu = menu();
    return face;
}

QList<const CountModel *> TrayView::subject() const
{
    const QList<const CountModel *> models = m_sources.feeds->models();
    return m_alone > 0 && m_alone <= models.size() ? QList{models.at(m_alone - 1)} : models;
}

QString TrayView::toolTip() const
{
    const FeedList &feeds = *m_sources.feeds;
    if (m_alone > 0 && m_alone <= feeds.models().size())
        return partText(*subject().constFirst());
    QStringList lines{tr("Tallybell: %1").arg(summarySinceText(feeds))};
    const QString parts = partsText(feeds);
    const QString detail = feeds.summary().detail;
    if (!parts.isEmpty())
        lines.append(parts);
    else if (!detail.isEmpty())
        lines.append(detail);
    if (m_sources.quiet->isSnoozed())
        lines.append(tr("Snoozed until %1").arg(whenText(m_sources.quiet->snoozedUntil())));
    return lines.join(u'\n');
}

QList<MenuEntry> TrayView::menu() const
{
    QList<MenuEntry> menu = header();
    const QList<MenuEntry> recent =
        recentLines(*m_sources.feeds, *m_sources.journal, recentLinesShown);
    if (!recent.isEmpty())
        menu << separator() << recent;
    menu << separator() << seenLines() << line(TrayCommand::open, tr("Open"))
         << line(TrayCommand::window, tr("Show window"));
    if (const QList<MenuEntry> sources = sourceLines(); !sources.isEmpty())
        menu << separator() << sources;
    menu << separator() << snoozeLine() << connectionLines() << separator()
         << line(TrayCommand::settings, tr("Settings…")) << line(TrayCommand::quit, tr("Quit"));
    return menu;
}

QList<MenuEntry> TrayView::header() const
{
    QList<MenuEntry> lines{information(summarySinceText(*m_sources.feeds))};
    QString detail = m_sources.feeds->summary().detail;
    if (detail.size() > longestDetail)
        detail = detail.left(longestDetail - 1) + u'…';
    if (!detail.isEmpty())
        lines << information(detail);
    return lines;
}

QList<MenuEntry> TrayView::seenLines() const
{
    QList<MenuEntry> lines{line(TrayCommand::markSeen, tr("Mark seen"), m_sources.seen->canMark())};
    if (m_sources.seen->canUndo())
        lines << line(TrayCommand::undoSeen, tr("Undo “Mark seen”"));
    return lines;
}

// Where there is one only, the header says it all.
QList<MenuEntry> TrayView::sourceLines() const
{
    QList<MenuEntry> lines;
    const auto models = m_sources.feeds->models();
    if (models.size() < 2)
        return lines;
    for (const CountModel *model : models) {
        MenuEntry entry = line({}, partText(*model), !model->homepage().isEmpty());
        entry.command = u"%1/%2"_s.arg(TrayCommand::source, model->name());
        lines << entry;
    }
    return lines;
}

MenuEntry TrayView::snoozeLine() const
{
    MenuEntry menu = line({}, tr("Snooze"));
    menu.command = TrayCommand::snooze;
    const auto choice = [](const QString &length, const QString &text) {
        MenuEntry entry;
        entry.command = u"%1/%2"_s.arg(TrayCommand::snooze, length);
        entry.text = text;
        return entry;
    };
    if (m_sources.quiet->isSnoozed()) {
        menu.text = tr("Snoozed until %1").arg(whenText(m_sources.quiet->snoozedUntil()));
        menu.children << line(TrayCommand::wake, tr("End snooze")) << separator();
    }
    menu.children << choice(u"15"_s, tr("15 minutes")) << choice(u"60"_s, tr("1 hour"))
                  << choice(u"240"_s, tr("4 hours"))
                  << choice(u"tomorrow"_s, tr("Until tomorrow 9:00"));
    return menu;
}

QList<MenuEntry> TrayView::connectionLines() const
{
    const FeedList &feeds = *m_sources.feeds;
    QList<MenuEntry> lines;
    const auto models = feeds.models();
    QDateTime next;
    for (const CountModel *model : models) {
        const QDateTime attempt = model->nextAttempt();
        if (isTrying(model) && attempt.isValid() && (!next.isValid() || attempt < next))
            next = attempt;
    }
    if (std::any_of(models.cbegin(), models.cend(), isTrying)) {
        const QString when = QLocale().toString(next.time(), u"HH:mm:ss"_s);
        lines << line(TrayCommand::reconnect,
                      next.isValid() ? tr("Reconnect now (next attempt at %1)").arg(when)
                                     : tr("Reconnect now"));
    }
    if (canOpen(feeds))
        lines << line(TrayCommand::resume, tr("Connect"));
    if (canClose(feeds))
        lines << line(TrayCommand::pause, tr("Pause"));
    return lines;
}
