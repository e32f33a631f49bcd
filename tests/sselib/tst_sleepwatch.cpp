// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sleepwatch_p.h"

#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;

class tst_SleepWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noticesASleepOnce();
    void leavesShortSleepsAndSetClocksAlone();
    void noticesNothingOnAComputerThatIsAwake();
};

void tst_SleepWatch::noticesASleepOnce()
{
    std::chrono::nanoseconds slept = 3h; // before the program began
    Sse::SleepWatch watch([&slept] { return slept; });
    const QSignalSpy resumed(&watch, &Sse::SleepWatch::resumed);
    watch.look();
    QCOMPARE(resumed.count(), 0);
    slept += 8h;
    watch.look();
    QCOMPARE(resumed.count(), 1);
    watch.look();
    QCOMPARE(resumed.count(), 1);
    slept += Sse::SleepWatch::shortestSleep;
    watch.look();
    QCOMPARE(resumed.count(), 2);
}

void tst_SleepWatch::leavesShortSleepsAndSetClocksAlone()
{
    std::chrono::nanoseconds slept = 0s;
    Sse::SleepWatch watch([&slept] { return slept; });
    const QSignalSpy resumed(&watch, &Sse::SleepWatch::resumed);
    for (const auto jump : {4999ms, 0ms, -3'600'000ms, 1ms}) {
        slept += jump;
        watch.look();
    }
    QCOMPARE(resumed.count(), 0);
}

void tst_SleepWatch::noticesNothingOnAComputerThatIsAwake()
{
    Sse::SleepWatch watch;
    const QSignalSpy resumed(&watch, &Sse::SleepWatch::resumed);
    watch.look();
    QVERIFY(!QTest::qWaitFor([&] { return !resumed.isEmpty(); }, 100));
}

QTEST_GUILESS_MAIN(tst_SleepWatch)
#include "tst_sleepwatch.moc"
