// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/backoff.h>

#include <QTest>

#include <limits>

using namespace std::chrono_literals;
using Sse::Backoff;
using Sse::ReconnectPolicy;
using std::chrono::milliseconds;

namespace {

constexpr double least = 0.0;
constexpr double most = 1.0 - std::numeric_limits<double>::epsilon();

} // namespace

class tst_Backoff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doublesTheCeilingUpToTheCap()
    {
        Backoff backoff;
        for (const milliseconds ceiling : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s})
            QCOMPARE(backoff.nextDelay(most), ceiling);
    }

    void neverWaitsLessThanTheFloor()
    {
        Backoff backoff;
        for (int failure = 0; failure < 20; ++failure)
            QCOMPARE(backoff.nextDelay(least), 100ms);
    }

    void spreadsTheWaitsEvenly()
    {
        ReconnectPolicy policy;
        policy.jitter = 1.0;
        QCOMPARE(Backoff(policy).nextDelay(0.5), 550ms); // half way from 100 ms to 1 s
        policy.jitter = 0.5;
        QCOMPARE(Backoff(policy).nextDelay(least), 550ms);
        policy.jitter = 0.0;
        QCOMPARE(Backoff(policy).nextDelay(least), 1000ms);
    }

    void startsAnewOnlyAfterAHealthyConnection()
    {
        Backoff backoff;
        QCOMPARE(backoff.nextDelay(most), 1s);
        QCOMPARE(backoff.nextDelay(most), 2s);
        backoff.connectionLasted(29'999ms);
        QCOMPARE(backoff.nextDelay(most), 4s);
        backoff.connectionLasted(30s);
        QCOMPARE(backoff.nextDelay(most), 1s);
    }

    void takesTheServersRetryAsFloor()
    {
        Backoff backoff;
        backoff.setServerRetry(10s);
        QCOMPARE(backoff.nextDelay(least), 10s);
        QCOMPARE(backoff.nextDelay(most), 30s);
        backoff.reset();
        QCOMPARE(backoff.nextDelay(most), 1s);
    }

    void boundsTheServersRetry_data()
    {
        QTest::addColumn<milliseconds>("retry");
        QTest::addColumn<milliseconds>("delay");
        QTest::newRow("zero is not a storm") << milliseconds(0) << milliseconds(100);
        QTest::newRow("more than the cap is honoured") << milliseconds(120s) << milliseconds(120s);
        QTest::newRow("a year is an hour") << milliseconds(8760h) << milliseconds(1h);
        QTest::newRow("as much as a parser reports")
            << milliseconds(std::numeric_limits<qint64>::max() / 1'000'000) << milliseconds(1h);
    }

    void boundsTheServersRetry()
    {
        QFETCH(milliseconds, retry);
        Backoff backoff;
        backoff.setServerRetry(retry);
        QTEST(backoff.nextDelay(least), "delay");
    }

    void waitsLikeABrowserWhenAskedTo()
    {
        Backoff backoff(ReconnectPolicy::browser());
        for (const double random : {least, 0.5, most})
            QCOMPARE(backoff.nextDelay(random), 3s);
        backoff.setServerRetry(10s);
        for (const double random : {least, 0.5, most})
            QCOMPARE(backoff.nextDelay(random), 10s);
        backoff.setServerRetry(0ms);
        QCOMPARE(backoff.nextDelay(most), 100ms);
    }

    void staysAtTheCapForEver()
    {
        Backoff backoff;
        for (int failure = 0; failure < 5000; ++failure)
            QVERIFY(backoff.nextDelay(most) <= 60s);
        QCOMPARE(backoff.nextDelay(most), 60s);
    }
};

QTEST_GUILESS_MAIN(tst_Backoff)
#include "tst_backoff.moc"
