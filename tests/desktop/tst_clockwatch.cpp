// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/awake/clockwatch.h"

#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;

class tst_ClockWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsSleepFromASetClock_data();
    void tellsSleepFromASetClock();
    void tellsEachSleepOnce();
    void isToldByTheSystem();
};

void tst_ClockWatch::tellsSleepFromASetClock_data()
{
    using Milliseconds = std::chrono::milliseconds;
    QTest::addColumn<Milliseconds>("slept");
    QTest::addColumn<Milliseconds>("jumped");
    QTest::addColumn<int>("sleeps");
    QTest::addColumn<int>("jumps");
    QTest::newRow("nothing") << 0ms << 0ms << 0 << 0;
    QTest::newRow("a night") << Milliseconds(8h) << 0ms << 1 << 0;
    QTest::newRow("a night after which the clock is set") << Milliseconds(8h) << 6000ms << 1 << 0;
    QTest::newRow("a nap that connections survive") << 4999ms << 0ms << 0 << 0;
    QTest::newRow("just more than that") << 5000ms << 0ms << 1 << 0;
    QTest::newRow("a correction") << 0ms << 900ms << 0 << 0;
    QTest::newRow("set forward") << 0ms << Milliseconds(1h) << 0 << 1;
    QTest::newRow("set back") << 0ms << -Milliseconds(1h) << 0 << 1;
}

void tst_ClockWatch::tellsSleepFromASetClock()
{
    QFETCH(std::chrono::milliseconds, slept);
    QFETCH(std::chrono::milliseconds, jumped);
    QFETCH(int, sleeps);
    QFETCH(int, jumps);
    std::chrono::nanoseconds sleepTime = 3h;
    std::chrono::nanoseconds startTime = 1000h;
    ClockWatch watch({[&] { return sleepTime; }, [&] { return startTime; }});
    const QSignalSpy sleptSpy(&watch, &ClockWatch::slept);
    const QSignalSpy jumpedSpy(&watch, &ClockWatch::jumped);
    watch.look();
    sleepTime += slept;
    startTime += jumped;
    watch.look();
    QCOMPARE(sleptSpy.count(), sleeps);
    QCOMPARE(jumpedSpy.count(), jumps);
}

void tst_ClockWatch::tellsEachSleepOnce()
{
    std::chrono::nanoseconds sleepTime = 0s;
    ClockWatch watch({[&] { return sleepTime; }, [] { return std::chrono::nanoseconds(0); }});
    const QSignalSpy slept(&watch, &ClockWatch::slept);
    sleepTime += 1h;
    watch.look();
    watch.look();
    QCOMPARE(slept.count(), 1);
    sleepTime += 1min;
    watch.look();
    QCOMPARE(slept.count(), 2);
}

// Nobody may set the clock for it: that the kernel takes the timer is all that is to be seen.
void tst_ClockWatch::isToldByTheSystem()
{
    ClockWatch watch;
    const QSignalSpy slept(&watch, &ClockWatch::slept);
    const QSignalSpy jumped(&watch, &ClockWatch::jumped);
    QVERIFY(watch.isWatching());
    watch.look();
    QCOMPARE(slept.count() + jumped.count(), 0);
}

QTEST_GUILESS_MAIN(tst_ClockWatch)
#include "tst_clockwatch.moc"
