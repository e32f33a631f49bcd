// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/tray/badgefor.h"

#include <QTest>

#include <limits>

using namespace Qt::Literals;
using Cap = Choices::Cap;
using Counting = Choices::Counting;
using Freshness = CountModel::Freshness;
using Panel = Choices::Panel;
using Scheme = Badge::Scheme;
using State = Badge::State;
using Status = CountModel::Status;
using Style = Badge::Style;

Q_DECLARE_METATYPE(FeedList::Summary)

namespace {

FeedList::Summary summary(std::optional<int> count, Freshness freshness, Status status,
                          int newCount = 0)
{
    return {count, freshness, status, {}, {}, newCount};
}

FeedList::Summary live(int count, int newCount = 0)
{
    return summary(count, Freshness::Fresh, Status::Live, newCount);
}

} // namespace

class tst_BadgeFor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheNumberAtTheCap_data();
    void endsTheNumberAtTheCap();
    void countsWhatTheUserChose();
    void tellsStatesApart_data();
    void tellsStatesApart();
    void snoozesOnlyWhatWouldBeLive();
    void keepsTheNumberWhileTheUserHasToAct();
    void showsNoNumberWhilePaused();
    void drawsForThePanel_data();
    void drawsForThePanel();
    void isEqualForWhatLooksTheSame();
};

void tst_BadgeFor::endsTheNumberAtTheCap_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<Cap>("cap");
    QTest::addColumn<QString>("text");
    const auto row = [](int count, Cap cap, const char *capName, const QString &text) {
        QTest::addRow("%d up to %s", count, capName) << count << cap << text;
    };
    constexpr int huge = std::numeric_limits<int>::max();
    row(0, Cap::Nine, "9", {});
    row(9, Cap::Nine, "9", u"9"_s);
    row(10, Cap::Nine, "9", u"9+"_s);
    row(0, Cap::NinetyNine, "99", {});
    row(1, Cap::NinetyNine, "99", u"1"_s);
    row(99, Cap::NinetyNine, "99", u"99"_s);
    row(100, Cap::NinetyNine, "99", u"99+"_s);
    row(huge, Cap::NinetyNine, "99", u"99+"_s);
    row(100, Cap::NineHundredNinetyNine, "999", u"100"_s);
    row(999, Cap::NineHundredNinetyNine, "999", u"999"_s);
    row(1000, Cap::NineHundredNinetyNine, "999", u"999+"_s);
    row(999, Cap::Thousands, "99k", u"999"_s);
    row(1000, Cap::Thousands, "99k", u"1k"_s);
    row(1999, Cap::Thousands, "99k", u"1k"_s);
    row(12'345, Cap::Thousands, "99k", u"12k"_s);
    row(99'999, Cap::Thousands, "99k", u"99k"_s);
    row(100'000, Cap::Thousands, "99k", u"99k+"_s);
    row(huge, Cap::Thousands, "99k", u"99k+"_s);
}

void tst_BadgeFor::endsTheNumberAtTheCap()
{
    QFETCH(int, count);
    QFETCH(Cap, cap);
    Choices choices;
    choices.cap = cap;
    QTEST(badgeFor(live(count), choices, false, false).text, "text");
}

void tst_BadgeFor::countsWhatTheUserChose()
{
    Choices choices;
    const auto text = [&choices](const FeedList::Summary &input) {
        return badgeFor(input, choices, false, false).text;
    };
    choices.counting = Counting::All;
    QCOMPARE(text(live(42, 4)), u"42"_s);
    choices.counting = Counting::New;
    QCOMPARE(text(live(42, 4)), u"4"_s);
    QCOMPARE(text(live(42, 0)), QString());
    choices.counting = Counting::Nothing;
    QCOMPARE(text(live(42, 4)), QString());
    // What is not counted is seen all the same.
    QCOMPARE(badgeFor(live(42, 4), choices, false, false).state, State::Live);
}

void tst_BadgeFor::tellsStatesApart_data()
{
    QTest::addColumn<FeedList::Summary>("input");
    QTest::addColumn<State>("state");
    const auto row = [](const char *name, const FeedList::Summary &input, State state) {
        QTest::newRow(name) << input << state;
    };
    row("fresh and live", live(3), State::Live);
    row("nothing waits", live(0), State::Live);
    row("polling", summary(3, Freshness::Fresh, Status::Polling), State::Live);
    row("fresh before the stream is open", summary(3, Freshness::Fresh, Status::Connecting),
        State::Stale);
    row("logging in again", summary(3, Freshness::Stale, Status::LoggingIn), State::Stale);
    row("counting again", summary(3, Freshness::Stale, Status::Counting), State::Stale);
    row("live, not counted again yet", summary(3, Freshness::Stale, Status::Live), State::Stale);
    row("lost", summary(3, Freshness::Stale, Status::Reconnecting), State::Reconnecting);
    row("lost at 0", summary(0, Freshness::Stale, Status::Reconnecting), State::Reconnecting);
    row("a sum without the one that is lost", summary(0, Freshness::Fresh, Status::Reconnecting),
        State::Reconnecting);
    row("a sum without the one that has no network", summary(5, Freshness::Fresh, Status::Offline),
        State::Offline);
    row("no network", summary(3, Freshness::Stale, Status::Offline), State::Offline);
    row("no number yet", summary({}, Freshness::Unknown, Status::Connecting), State::Unknown);
    row("live without a number", summary({}, Freshness::Unknown, Status::Live), State::Unknown);
    row("not begun", summary({}, Freshness::Unknown, Status::Off), State::Unknown);
    row("over", summary(3, Freshness::Stale, Status::Off), State::Paused);
    row("closed by the user", summary(3, Freshness::Stale, Status::Paused), State::Paused);
    row("closed before a number came", summary({}, Freshness::Unknown, Status::Paused),
        State::Paused);
    row("login needed", summary({}, Freshness::Unknown, Status::LoginNeeded), State::LoginNeeded);
    row("keyring locked", summary({}, Freshness::Unknown, Status::WaitingForKeyring),
        State::LoginNeeded);
    row("not permitted", summary({}, Freshness::Unknown, Status::NotPermitted), State::Error);
    row("failed", summary(3, Freshness::Stale, Status::Failed), State::Error);
}

void tst_BadgeFor::tellsStatesApart()
{
    QFETCH(FeedList::Summary, input);
    QTEST(badgeFor(input, {}, false, false).state, "state");
}

void tst_BadgeFor::snoozesOnlyWhatWouldBeLive()
{
    QCOMPARE(badgeFor(live(3), {}, true, false).state, State::Snoozed);
    QCOMPARE(badgeFor(live(3), {}, true, false).text, u"3"_s);
    for (const auto &input : {summary(3, Freshness::Stale, Status::Connecting),
                              summary(3, Freshness::Stale, Status::Reconnecting),
                              summary({}, Freshness::Unknown, Status::Connecting),
                              summary(3, Freshness::Stale, Status::Offline),
                              summary(3, Freshness::Stale, Status::Paused),
                              summary(3, Freshness::Stale, Status::LoginNeeded),
                              summary(3, Freshness::Stale, Status::Failed)})
        QCOMPARE(badgeFor(input, {}, true, false), badgeFor(input, {}, false, false));
}

void tst_BadgeFor::keepsTheNumberWhileTheUserHasToAct()
{
    // Several sources: what the others count is known.
    QCOMPARE(badgeFor(summary(3, Freshness::Fresh, Status::LoginNeeded), {}, false, false).text,
             u"3"_s);
    QCOMPARE(badgeFor(summary(3, Freshness::Stale, Status::Failed), {}, false, false).text, u"3"_s);
}

void tst_BadgeFor::showsNoNumberWhilePaused()
{
    QVERIFY(
        badgeFor(summary(3, Freshness::Stale, Status::Paused), {}, false, false).text.isEmpty());
    QVERIFY(badgeFor(summary(3, Freshness::Stale, Status::Off), {}, false, false).text.isEmpty());
}

void tst_BadgeFor::drawsForThePanel_data()
{
    QTest::addColumn<Panel>("panel");
    QTest::addColumn<bool>("panelIsDark");
    QTest::addColumn<Scheme>("scheme");
    for (const bool isDark : {false, true}) {
        const char *const suffix = isDark ? "dark" : "light";
        QTest::addRow("colour, %s", suffix) << Panel::Colour << isDark << Scheme::Colour;
        QTest::addRow("follow, %s", suffix)
            << Panel::MonoFollow << isDark << (isDark ? Scheme::MonoOnDark : Scheme::MonoOnLight);
        QTest::addRow("always light, %s", suffix)
            << Panel::MonoLight << isDark << Scheme::MonoOnLight;
        QTest::addRow("always dark, %s", suffix) << Panel::MonoDark << isDark << Scheme::MonoOnDark;
    }
}

void tst_BadgeFor::drawsForThePanel()
{
    QFETCH(Panel, panel);
    QFETCH(bool, panelIsDark);
    Choices choices;
    choices.panel = panel;
    const Badge badge = badgeFor(live(3), choices, false, panelIsDark);
    QTEST(badge.scheme, "scheme");
    QCOMPARE(badge.style, Style::Bell);
    choices.numberOnly = true;
    QCOMPARE(badgeFor(live(3), choices, false, panelIsDark).style, Style::NumberOnly);
}

void tst_BadgeFor::isEqualForWhatLooksTheSame()
{
    QCOMPARE(badgeFor(live(121), {}, false, false), badgeFor(live(130), {}, false, false));
    QCOMPARE(badgeFor(live(121, 3), {}, false, false), badgeFor(live(130, 4), {}, false, true));
    QVERIFY(badgeFor(live(7), {}, false, false) != badgeFor(live(8), {}, false, false));
}

QTEST_GUILESS_MAIN(tst_BadgeFor)
#include "tst_badgefor.moc"
