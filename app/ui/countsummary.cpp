// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countsummary.h"

#include "core/feedlist.h"
#include "core/seen/seenmark.h"
#include "core/tray/badgefor.h"
#include "faint.h"
#include "looks.h"
#include "sourcelist.h"
#include "statebell.h"
#include "wording.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals;

namespace {

// Plain text of several lines, to be selected and copied; the servers' words are in some.
QLabel *sentences(const QString &name)
{
    auto *const label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

CountSummary::CountSummary(const FeedList *feeds, QWidget *parent)
    : QWidget(parent)
    , m_feeds(feeds)
{
    m_bell = new StateBell(64);
    m_number = new QLabel;
    m_number->setObjectName(u"number"_s);
    m_number->setFont(scaled(font(), 3.6, QFont::DemiBold));
    m_caption = new QLabel;
    m_caption->setObjectName(u"caption"_s);
    m_state = new QLabel;
    m_state->setObjectName(u"state"_s);
    m_state->setFont(scaled(font(), 1.1, QFont::DemiBold));
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail = sentences(u"detail"_s);
    m_trouble = sentences(u"trouble"_s);
    m_trouble->hide();
    m_sources = new SourceList(m_feeds);
    m_sources->setObjectName(u"sources"_s);
    m_mark = new QPushButton;
    m_mark->setObjectName(u"mark"_s);
    connect(m_mark, &QPushButton::clicked, this, [this] {
        if (m_seen->canMark())
            Q_EMIT markSeenRequested();
        else
            Q_EMIT undoSeenRequested();
    });

    auto *const numberRow = new QHBoxLayout;
    numberRow->setSpacing(12);
    numberRow->addWidget(m_bell);
    numberRow->addWidget(m_number, 0, Qt::AlignBottom);
    numberRow->addWidget(m_caption, 1, Qt::AlignBottom);
    numberRow->addWidget(m_mark, 0, Qt::AlignVCenter);
    // On one base line with the number.
    m_caption->setContentsMargins(
        0, 0, 0, m_number->fontMetrics().descent() - m_caption->fontMetrics().descent());

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(windowMargin, windowMargin, windowMargin, windowMargin);
    layout->setSpacing(6);
    layout->addLayout(numberRow);
    layout->addSpacing(4);
    layout->addWidget(m_state);
    layout->addWidget(m_detail);
    layout->addWidget(m_trouble);
    layout->addWidget(m_sources);
}

void CountSummary::setTrouble(const QString &sentence)
{
    m_trouble->setText(sentence);
    m_trouble->setVisible(!sentence.isEmpty());
}

void CountSummary::followSeen(const SeenMark *seen)
{
    m_seen = seen;
    showMark();
}

void CountSummary::refresh()
{
    showNumber();
    showMark();
    m_sources->refresh();
}

void CountSummary::showNumber()
{
    const FeedList::Summary &summary = m_feeds->summary();
    Badge badge = badgeFor(summary, {}, false, false);
    setFaint(m_number, badge.state != Badge::State::Live);
    badge.text.clear();
    m_bell->setBadge(badge);

    m_number->setText(summary.count ? QLocale().toString(*summary.count) : u"–"_s);
    m_number->setAccessibleName(summary.count ? countText(*m_feeds) : tr("Number not known"));
    const QString asOf = asOfText(*m_feeds);
    QString waiting = summary.count ? tr("waiting", "behind the number") : tr("not known yet");
    if (summary.count && summary.newCount < *summary.count)
        waiting = tr("waiting, %n new", "behind the number", summary.newCount);
    m_caption->setText(asOf.isEmpty() ? waiting : waiting + u'\n' + asOf);
    // Of several sources each has its own line with its own state.
    const bool isAlone = m_feeds->models().size() == 1;
    m_state->setText(statusText(summary.status));
    m_state->setVisible(isAlone);
    m_detail->setText(summary.detail);
    m_detail->setVisible(isAlone && !summary.detail.isEmpty());
}

void CountSummary::showMark()
{
    const bool canMark = m_seen && m_seen->canMark();
    const bool canUndo = m_seen && !canMark && m_seen->canUndo();
    m_mark->setText(canUndo ? tr("&Undo") : tr("&Mark seen"));
    m_mark->setAccessibleName(canUndo ? tr("Undo: mark seen") : tr("Mark what waits as seen"));
    m_mark->setToolTip(canUndo ? tr("What was marked as seen is new again")
                               : tr("What waits now does not count as new any more"));
    m_mark->setVisible(canMark || canUndo);
}
