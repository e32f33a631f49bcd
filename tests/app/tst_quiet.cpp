// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/notices/quiet.h"

#include <sselib/testkit/virtualclock.h>

#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

#include <ctime>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

/*! A quiet at a time of the test's choice, in Berlin: the clocks change on 29 March and 25 October. */
class Scene
{
public:
    explicit Scene(const QDateTime &now)
    {
        goTo(now);
        QObject::connect(&quiet, &Quiet::quietChanged, &quiet,
                         [this] { changes.append(clockText()); });
    }

    /*! The clock goes on to \a time; what becomes due meanwhile happens at its moment. */
    void advanceTo(const QDateTime &time) { clock.advance(until(time)); }

    /*! The clock stands at \a time at once, as if somebody had set it. */
    void goTo(const QDateTime &time) { clock.sleep(until(time)); }

    [[nodiscard]] QString clockText() const { return now().toString(u"ddd d HH:mm:ss"_s); }

    Harness::VirtualClock clock;
    Quiet quiet{&clock};
    QStringList changes; // when quietChanged() came

private:
    [[nodiscard]] QDateTime now() const
    {
        return QDateTime::fromMSecsSinceEpoch(
            std::chrono::floor<std::chrono::milliseconds>(clock.wallTime().time_since_epoch())
                .count());
    }

    [[nodiscard]] std::chrono::milliseconds until(const QDateTime &time) const
    {
        return std::chrono::milliseconds(now().msecsTo(time));
    }
};

/*! The computer is in another time zone for a while; the rules are written out, as in main(). */
class Zone
{
public:
    explicit Zone(const char *rules)
        : m_before(qgetenv("TZ"))
    {
        enter(rules);
    }
    ~Zone() { enter(m_before); }
    Q_DISABLE_COPY_MOVE(Zone)

private:
    static void enter(const QByteArray &rules)
    {
        qputenv("TZ", rules);
        ::tzset();
    }

    const QByteArray m_before;
};

Choices::QuietHours hours(const QTime &from, const QTime &to,
                          const QList<int> &days = {1, 2, 3, 4, 5, 6, 7})
{
    return {true, from, to, days};
}

// All of 2026; 2 March is a Monday.
QDateTime at(int month, int day, int hour, int minute = 0)
{
    return {QDate(2026, month, day), QTime(hour, minute)};
}

} // namespace

class tst_Quiet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNotQuietAndWakesNobodyAtFirst();
    void snoozesForAWhile();
    void snoozesUntilAMoment();
    void takesTheLastSnooze();
    void wakesEarly();
    void doesNotSnoozeUntilWhatIsOver();
    void snoozesNoLongerThanAYear();
    void signalsNothingThatDidNotChange();
    void keepsQuietHours_data();
    void keepsQuietHours();
    void hasQuietHoursOnTheirDaysOnly();
    void staysQuietWhereASnoozeEndsWithinQuietHours();
    void obeysOtherHoursAtOnce();
    void noticesAnotherTime();
    void followsAnotherTimeZone();
    void snoozesAsLongInAnotherTimeZone();
    void doesNotSnoozeLongerWhereTheClockIsSetBack();
    void waitsLongerThanATimerCan();
    void mayGoWhileItSignals();
    void knowsTomorrowMorning();
    void livesByTheClockOfTheComputer();
};

void tst_Quiet::isNotQuietAndWakesNobodyAtFirst()
{
    const Scene scene(at(3, 2, 12));
    QVERIFY(!scene.quiet.isQuiet());
    QVERIFY(!scene.quiet.isSnoozed());
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Quiet::snoozesForAWhile()
{
    Scene scene(at(3, 2, 12));
    const QSignalSpy snoozed(&scene.quiet, &Quiet::snoozedChanged);
    scene.quiet.snoozeFor(15min);
    QVERIFY(scene.quiet.isQuiet());
    QCOMPARE(scene.quiet.snoozedUntil(), at(3, 2, 12, 15));
    QCOMPARE(snoozed.count(), 1);
    scene.clock.advance(15min - 1ms);
    QVERIFY(scene.quiet.isSnoozed());
    scene.clock.advance(1ms);
    QVERIFY(!scene.quiet.isSnoozed());
    QVERIFY(!scene.quiet.snoozedUntil().isValid());
    QCOMPARE(snoozed.count(), 2);
    QCOMPARE(scene.changes, (QStringList{u"Mon 2 12:00:00"_s, u"Mon 2 12:15:00"_s}));
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Quiet::snoozesUntilAMoment()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeUntil(at(3, 3, 9));
    QCOMPARE(scene.clock.untilNextTimer(), 21h);
    scene.quiet.snoozeUntil(at(3, 3, 9).toUTC());
    QCOMPARE(scene.quiet.snoozedUntil(), at(3, 3, 9));
    QCOMPARE(scene.quiet.snoozedUntil().timeSpec(), Qt::LocalTime);
    scene.advanceTo(at(3, 3, 9));
    QCOMPARE(scene.changes, (QStringList{u"Mon 2 12:00:00"_s, u"Tue 3 09:00:00"_s}));
}

void tst_Quiet::takesTheLastSnooze()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeFor(60min);
    scene.quiet.snoozeFor(15min);
    scene.advanceTo(at(3, 2, 14));
    QCOMPARE(scene.changes, (QStringList{u"Mon 2 12:00:00"_s, u"Mon 2 12:15:00"_s}));
}

void tst_Quiet::wakesEarly()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeFor(15min);
    scene.quiet.wake();
    QVERIFY(!scene.quiet.isSnoozed());
    QVERIFY(!scene.quiet.isQuiet());
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Quiet::doesNotSnoozeUntilWhatIsOver()
{
    Scene scene(at(3, 2, 12));
    const QSignalSpy snoozed(&scene.quiet, &Quiet::snoozedChanged);
    scene.quiet.snoozeUntil(at(3, 2, 12));
    scene.quiet.snoozeUntil(at(3, 1, 12));
    scene.quiet.snoozeUntil({});
    scene.quiet.snoozeFor(0min);
    scene.quiet.snoozeFor(std::chrono::minutes::min());
    QVERIFY(!scene.quiet.isSnoozed());
    QCOMPARE(snoozed.count(), 0);
}

void tst_Quiet::snoozesNoLongerThanAYear()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeFor(std::chrono::minutes::max());
    QCOMPARE(scene.quiet.snoozedUntil().date(), QDate(2027, 3, 3));
    scene.quiet.snoozeUntil(QDateTime(QDate(9999, 1, 1), QTime(0, 0)));
    QCOMPARE(scene.quiet.snoozedUntil().date(), QDate(2027, 3, 3));
}

void tst_Quiet::signalsNothingThatDidNotChange()
{
    Scene scene(at(3, 2, 12));
    const QSignalSpy snoozed(&scene.quiet, &Quiet::snoozedChanged);
    scene.quiet.wake();
    scene.quiet.snoozeUntil(at(3, 2, 13));
    scene.quiet.snoozeUntil(at(3, 2, 13));
    scene.quiet.clockChanged();
    QCOMPARE(snoozed.count(), 1);
    scene.quiet.snoozeUntil(at(3, 2, 14));
    QCOMPARE(snoozed.count(), 2);
    QCOMPARE(scene.changes.size(), 1);
}

void tst_Quiet::keepsQuietHours_data()
{
    QTest::addColumn<QDateTime>("begin");
    QTest::addColumn<QDateTime>("end");
    QTest::addColumn<Choices::QuietHours>("hours");
    QTest::addColumn<QStringList>("changes");
    const QTime evening(22, 0);
    const QTime morning(7, 0);
    QTest::newRow("over midnight") << at(3, 2, 12) << at(3, 4, 12) << hours(evening, morning)
                                   << QStringList{u"Mon 2 22:00:00"_s, u"Tue 3 07:00:00"_s,
                                                  u"Tue 3 22:00:00"_s, u"Wed 4 07:00:00"_s};
    QTest::newRow("within a day") << at(3, 2, 12) << at(3, 3, 12)
                                  << hours(QTime(13, 0), QTime(14, 30))
                                  << QStringList{u"Mon 2 13:00:00"_s, u"Mon 2 14:30:00"_s};
    QTest::newRow("until midnight") << at(3, 2, 12) << at(3, 3, 12) << hours(evening, QTime(0, 0))
                                    << QStringList{u"Mon 2 22:00:00"_s, u"Tue 3 00:00:00"_s};
    QTest::newRow("from the middle of it")
        << at(3, 2, 23) << at(3, 3, 12) << hours(evening, morning)
        << QStringList{u"Mon 2 23:00:00"_s, u"Tue 3 07:00:00"_s};
    QTest::newRow("from the end of it")
        << at(3, 2, 6, 59) << at(3, 2, 12) << hours(evening, morning)
        << QStringList{u"Mon 2 06:59:00"_s, u"Mon 2 07:00:00"_s};
    QTest::newRow("that end as they begin, each day: always")
        << at(3, 2, 12) << at(3, 9, 12) << hours(evening, evening)
        << QStringList{u"Mon 2 12:00:00"_s};
    QTest::newRow("a short night") << at(3, 28, 12) << at(3, 29, 12) << hours(evening, morning)
                                   << QStringList{u"Sat 28 22:00:00"_s, u"Sun 29 07:00:00"_s};
    QTest::newRow("a long night") << at(10, 24, 12) << at(10, 25, 12) << hours(evening, morning)
                                  << QStringList{u"Sat 24 22:00:00"_s, u"Sun 25 07:00:00"_s};
    QTest::newRow("to a time that is skipped")
        << at(3, 28, 12) << at(3, 29, 12) << hours(evening, QTime(2, 30))
        << QStringList{u"Sat 28 22:00:00"_s, u"Sun 29 03:00:00"_s};
    QTest::newRow("from a time that is skipped")
        << at(3, 29, 0) << at(3, 29, 12) << hours(QTime(2, 30), QTime(4, 0))
        << QStringList{u"Sun 29 03:00:00"_s, u"Sun 29 04:00:00"_s};
    QTest::newRow("on no day at all")
        << at(3, 2, 12) << at(3, 9, 12) << hours(evening, morning, {}) << QStringList();
    QTest::newRow("off") << at(3, 2, 12) << at(3, 9, 12)
                         << Choices::QuietHours{false, evening, morning, {1}} << QStringList();
}

void tst_Quiet::keepsQuietHours()
{
    QFETCH(QDateTime, begin);
    QFETCH(QDateTime, end);
    QFETCH(Choices::QuietHours, hours);
    Scene scene(begin);
    scene.quiet.setQuietHours(hours);
    scene.advanceTo(end);
    QTEST(scene.changes, "changes");
}

void tst_Quiet::hasQuietHoursOnTheirDaysOnly()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.setQuietHours(hours(QTime(22, 0), QTime(7, 0), {5, 7})); // Friday and Sunday
    QCOMPARE(scene.clock.untilNextTimer(), 4 * 24h + 10h); // no wake-up before
    scene.advanceTo(at(3, 10, 12));
    QCOMPARE(scene.changes,
             (QStringList{u"Fri 6 22:00:00"_s, u"Sat 7 07:00:00"_s, u"Sun 8 22:00:00"_s,
                          u"Mon 9 07:00:00"_s}));
}

void tst_Quiet::staysQuietWhereASnoozeEndsWithinQuietHours()
{
    Scene scene(at(3, 2, 21));
    scene.quiet.setQuietHours(hours(QTime(22, 0), QTime(7, 0)));
    scene.quiet.snoozeFor(120min);
    scene.advanceTo(at(3, 2, 23, 30));
    QVERIFY(!scene.quiet.isSnoozed());
    QVERIFY(scene.quiet.isQuiet());
    scene.quiet.wake(); // not of quiet hours
    QVERIFY(scene.quiet.isQuiet());
    scene.advanceTo(at(3, 3, 12));
    QCOMPARE(scene.changes, (QStringList{u"Mon 2 21:00:00"_s, u"Tue 3 07:00:00"_s}));
}

void tst_Quiet::obeysOtherHoursAtOnce()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.setQuietHours(hours(QTime(11, 0), QTime(13, 0)));
    QVERIFY(scene.quiet.isQuiet());
    scene.quiet.setQuietHours(hours(QTime(14, 0), QTime(15, 0)));
    QVERIFY(!scene.quiet.isQuiet());
    QCOMPARE(scene.clock.untilNextTimer(), 2h);
    scene.quiet.setQuietHours({});
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Quiet::noticesAnotherTime()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.setQuietHours(hours(QTime(22, 0), QTime(7, 0)));
    scene.goTo(at(3, 2, 23)); // the computer slept
    scene.quiet.clockChanged();
    QVERIFY(scene.quiet.isQuiet());
    QCOMPARE(scene.clock.untilNextTimer(), 8h);
    scene.goTo(at(3, 2, 20)); // and somebody mended the clock
    scene.quiet.clockChanged();
    QVERIFY(!scene.quiet.isQuiet());
    QCOMPARE(scene.clock.untilNextTimer(), 2h);
    // A timer that comes too early, since nobody said that the clock was set, waits on.
    scene.goTo(at(3, 2, 12));
    scene.clock.advance(2h);
    QVERIFY(!scene.quiet.isQuiet());
    scene.clock.advance(8h);
    QVERIFY(scene.quiet.isQuiet());
}

void tst_Quiet::followsAnotherTimeZone()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.setQuietHours(hours(QTime(18, 0), QTime(22, 0)));
    const Zone tokyo("JST-9"); // where it is 20:00
    QVERIFY(!scene.quiet.isQuiet());
    scene.quiet.clockChanged();
    QVERIFY(scene.quiet.isQuiet());
    scene.clock.advance(2h);
    QVERIFY(!scene.quiet.isQuiet());
}

// What somebody snoozed for an hour ends in an hour, and whoever shows when is told the new time.
void tst_Quiet::snoozesAsLongInAnotherTimeZone()
{
    for (const char *rules : {"JST-9", "EST5EDT,M3.2.0,M11.1.0"}) {
        Scene scene(at(3, 2, 12));
        scene.quiet.snoozeFor(1h);
        const qint64 until = scene.quiet.snoozedUntil().toMSecsSinceEpoch();
        const QSignalSpy snoozed(&scene.quiet, &Quiet::snoozedChanged);
        const Zone zone(rules);
        scene.quiet.clockChanged();
        QCOMPARE(snoozed.count(), 1);
        QCOMPARE(scene.quiet.snoozedUntil().toMSecsSinceEpoch(), until);
        scene.clock.advance(1h - 1ms);
        QVERIFY(scene.quiet.isSnoozed());
        scene.clock.advance(1ms);
        QVERIFY(!scene.quiet.isSnoozed());
    }
}

void tst_Quiet::doesNotSnoozeLongerWhereTheClockIsSetBack()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeFor(15min);
    scene.goTo(at(3, 1, 12));
    scene.quiet.clockChanged();
    QCOMPARE(scene.quiet.snoozedUntil(), at(3, 1, 12, 15));
    scene.clock.advance(15min);
    QVERIFY(!scene.quiet.isSnoozed());
}

void tst_Quiet::waitsLongerThanATimerCan()
{
    Scene scene(at(3, 2, 12));
    scene.quiet.snoozeUntil(at(6, 1, 9)); // 2^31 ms are 25 days
    int wakeUps = 0;
    while (scene.quiet.isSnoozed()) {
        QVERIFY(scene.clock.untilNextTimer().value() <= Alarm::longest);
        scene.clock.advance(*scene.clock.untilNextTimer());
        ++wakeUps;
    }
    QCOMPARE(scene.clockText(), u"Mon 1 09:00:00"_s);
    QCOMPARE(wakeUps, 5);
}

void tst_Quiet::mayGoWhileItSignals()
{
    Harness::VirtualClock clock;
    auto *const quiet = new Quiet(&clock);
    connect(quiet, &Quiet::snoozedChanged, &clock, [quiet] { delete quiet; });
    const QPointer<Quiet> guard(quiet);
    quiet->snoozeFor(1min);
    QVERIFY(!guard);
}

void tst_Quiet::knowsTomorrowMorning()
{
    QCOMPARE(Quiet::tomorrowMorning(at(3, 2, 12)), at(3, 3, 9));
    QCOMPARE(Quiet::tomorrowMorning(at(3, 31, 23, 59)), at(4, 1, 9));
    QCOMPARE(Quiet::tomorrowMorning(at(3, 2, 23, 30).toUTC()), at(3, 3, 9));
    QCOMPARE(Quiet::tomorrowMorning(at(3, 28, 12)), at(3, 29, 9)); // in 20 hours
}

void tst_Quiet::livesByTheClockOfTheComputer()
{
    Quiet quiet;
    QSignalSpy changed(&quiet, &Quiet::quietChanged);
    quiet.snoozeUntil(QDateTime::currentDateTime().addMSecs(300));
    QVERIFY(quiet.isQuiet());
    QTRY_COMPARE(changed.count(), 2);
    QVERIFY(!quiet.isQuiet());
}

int main(int argc, char *argv[])
{
    // Before anything reads the time zone: one without any rules of the machine's.
    qputenv("TZ", "CET-1CEST,M3.5.0/2,M10.5.0/3");
    qputenv("LC_ALL", "C");
    ::tzset();
    const QCoreApplication app(argc, argv);
    tst_Quiet test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_quiet.moc"
