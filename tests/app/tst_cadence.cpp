// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/cadence.h"

#include <QTest>

using namespace std::chrono_literals;

class tst_Cadence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void learnsAKeepAlive_data();
    void learnsAKeepAlive();
    void knowsNothingAtFirst();
    void isNotMisledByABurst();
    void forgetsAHabitThatWasTooShort();
};

void tst_Cadence::learnsAKeepAlive_data()
{
    QTest::addColumn<std::chrono::milliseconds>("interval");
    QTest::addColumn<std::chrono::milliseconds>("timeout");
    const auto row = [](const char *name, std::chrono::milliseconds interval,
                        std::chrono::milliseconds timeout) {
        QTest::newRow(name) << interval << timeout;
    };
    row("a keep-alive each 15 s", 15s, 37'500ms);
    row("a keep-alive each 45 s", 45s, 112'500ms);
    row("an event each second: not less than 10 s", 1s, 10s);
    row("a keep-alive each hour: not more than 10 minutes", 1h, 10min);
}

void tst_Cadence::learnsAKeepAlive()
{
    QFETCH(std::chrono::milliseconds, interval);
    Cadence cadence;
    for (std::chrono::milliseconds time{0}; time < 1min || time < interval * 6; time += interval) {
        QVERIFY(!cadence.idleTimeout());
        cadence.note(interval);
    }
    QTEST(cadence.idleTimeout().value(), "timeout");
}

void tst_Cadence::knowsNothingAtFirst()
{
    QVERIFY(!Cadence().idleTimeout());
}

void tst_Cadence::isNotMisledByABurst()
{
    Cadence cadence;
    for (int event = 0; event < 20; ++event)
        cadence.note(2s);
    QVERIFY(!cadence.idleTimeout()); // 40 s are no habit
    cadence.note(50s);
    QVERIFY(!cadence.idleTimeout());
}

// A stream given up too early: its server may be silent for longer than we had seen.
void tst_Cadence::forgetsAHabitThatWasTooShort()
{
    Cadence cadence;
    for (int event = 0; event < 10; ++event)
        cadence.note(10s);
    QCOMPARE(cadence.idleTimeout(), std::optional<std::chrono::milliseconds>(25s));
    cadence.note(25s);
    QVERIFY(!cadence.idleTimeout());
}

QTEST_GUILESS_MAIN(tst_Cadence)
#include "tst_cadence.moc"
