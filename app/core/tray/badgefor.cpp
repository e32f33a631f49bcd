// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgefor.h"

using namespace Qt::Literals;

namespace {

using Freshness = CountModel::Freshness;
using State = Badge::State;
using Status = CountModel::Status;

State knownState(Freshness freshness, bool isSnoozed)
{
    switch (freshness) {
    case Freshness::Unknown:
        return State::Unknown;
    case Freshness::Fresh:
        return isSnoozed ? State::Snoozed : State::Live;
    case Freshness::Stale:
        return State::Stale;
    }
    Q_UNREACHABLE();
}

State stateOf(const FeedList::Summary &summary, bool isSnoozed)
{
    switch (summary.status) {
    case Status::WaitingForKeyring:
    case Status::LoginNeeded:
        return State::LoginNeeded;
    case Status::NotPermitted:
    case Status::Failed:
        return State::Error;
    // Even where the sum is fresh: the source that is lost may never have given a number.
    case Status::Reconnecting:
        return State::Reconnecting;
    case Status::Offline:
        return State::Offline;
    case Status::Paused:
        return State::Paused;
    case Status::Off:
        return summary.count ? State::Paused : State::Unknown; // over, or not begun yet
    // Nothing tells yet that the number changed.
    case Status::LoggingIn:
    case Status::Authorizing:
    case Status::Counting:
    case Status::Connecting:
        return summary.count ? State::Stale : State::Unknown;
    case Status::Live:
    case Status::Polling:
        return knownState(summary.count ? summary.freshness : Freshness::Unknown, isSnoozed);
    }
    Q_UNREACHABLE();
}

QString upTo(int largest, int number)
{
    return number > largest ? u"%1+"_s.arg(largest) : QString::number(number);
}

QString inThousands(int number)
{
    if (number < 1000)
        return QString::number(number);
    return number < 100'000 ? u"%1k"_s.arg(number / 1000) : u"99k+"_s;
}

QString textOf(int number, Choices::Cap cap)
{
    if (number <= 0)
        return {};
    switch (cap) {
    case Choices::Cap::Nine:
        return upTo(9, number);
    case Choices::Cap::NinetyNine:
        return upTo(99, number);
    case Choices::Cap::NineHundredNinetyNine:
        return upTo(999, number);
    case Choices::Cap::Thousands:
        return inThousands(number);
    }
    Q_UNREACHABLE();
}

Badge::Scheme schemeOf(Choices::Panel panel, bool panelIsDark)
{
    switch (panel) {
    case Choices::Panel::Colour:
        return Badge::Scheme::Colour;
    case Choices::Panel::MonoFollow:
        return panelIsDark ? Badge::Scheme::MonoOnDark : Badge::Scheme::MonoOnLight;
    case Choices::Panel::MonoLight:
        return Badge::Scheme::MonoOnLight;
    case Choices::Panel::MonoDark:
        return Badge::Scheme::MonoOnDark;
    }
    Q_UNREACHABLE();
}

} // namespace

int shownNumber(const FeedList::Summary &summary, Choices::Counting counting)
{
    switch (counting) {
    case Choices::Counting::All:
        return summary.count.value_or(0);
    case Choices::Counting::New:
        return summary.newCount;
    case Choices::Counting::Nothing:
        return 0;
    }
    Q_UNREACHABLE();
}

Badge badgeFor(const FeedList::Summary &summary, const Choices &choices, bool isSnoozed,
               bool panelIsDark)
{
    Badge badge;
    badge.state = stateOf(summary, isSnoozed);
    if (badge.state != State::Paused)
        badge.text = textOf(shownNumber(summary, choices.counting), choices.cap);
    badge.scheme = schemeOf(choices.panel, panelIsDark);
    badge.style = choices.numberOnly ? Badge::Style::NumberOnly : Badge::Style::Bell;
    return badge;
}
