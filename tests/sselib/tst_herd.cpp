// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/backoff.h>

#include <QRandomGenerator>
#include <QTest>

#include <map>
#include <queue>

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/* What a server sees of ten thousand clients that it has lost all at once. */
class tst_Herd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackSpreadOut_data();
    void comesBackSpreadOut();
};

void tst_Herd::comesBackSpreadOut_data()
{
    QTest::addColumn<milliseconds>("outage");
    QTest::addColumn<milliseconds>("retry"); // 0: the server never sent one
    QTest::addColumn<milliseconds>("retryAfter");
    QTest::newRow("a restart of 3 s") << 3000ms << 0ms << 0ms;
    QTest::newRow("a restart of 30 s") << 30'000ms << 0ms << 0ms;
    QTest::newRow("an outage of 10 min") << milliseconds(10min) << 0ms << 0ms;
    QTest::newRow("all were told retry: 3000") << 10'000ms << 3000ms << 0ms;
    QTest::newRow("all are told Retry-After: 5") << 10'000ms << 0ms << 5000ms;
}

void tst_Herd::comesBackSpreadOut()
{
    QFETCH(milliseconds, outage);
    QFETCH(milliseconds, retry);
    QFETCH(milliseconds, retryAfter);
    constexpr int clients = 10'000;
    constexpr milliseconds window = 100ms;
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator chance(seed);

    std::vector<Sse::Backoff> backoffs(clients);
    std::vector<int> failures(clients, 0);
    using Attempt = std::pair<milliseconds, size_t>;
    std::priority_queue<Attempt, std::vector<Attempt>, std::greater<>> attempts;
    for (size_t client = 0; client < clients; ++client) {
        if (retry > 0ms)
            backoffs[client].setServerRetry(retry);
        attempts.emplace(backoffs[client].nextDelay(chance.generateDouble()), client);
    }
    // Attempts of clients that have backed off (failed twice at least), by window.
    std::map<qint64, int> load;
    int connected = 0;
    while (!attempts.empty()) {
        const auto [time, client] = attempts.top();
        attempts.pop();
        if (++failures[client] > 1)
            ++load[time / window];
        if (time < outage)
            attempts.emplace(time + backoffs[client].nextDelay(chance.generateDouble(), retryAfter),
                             client);
        else
            ++connected;
    }
    QCOMPARE(connected, clients);
    QVERIFY(!load.empty());
    int most = 0;
    for (const auto &[at, count] : load)
        most = std::max(most, count);
    qInfo("at most %.1f %% of them in any %lld ms", 100.0 * most / clients,
          static_cast<long long>(window.count()));
    QVERIFY2(most <= clients / 10, qPrintable(QString::number(most)));
}

QTEST_GUILESS_MAIN(tst_Herd)
#include "tst_herd.moc"
