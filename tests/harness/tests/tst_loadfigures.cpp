// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/distribution.h"
#include "load/eventtime.h"
#include "load/ledger.h"
#include "load/loadfigures.h"
#include "load/report.h"

#include <QTest>

using namespace Qt::Literals;

namespace {

// What each client got, in its order, separated by blanks.
Ledger::Findings findingsOf(const QByteArrayList &clients,
                            Ledger::Method method = Ledger::Method::Automatic)
{
    Ledger ledger;
    std::vector<Ledger::Reader> readers(size_t(clients.size()));
    std::vector<const Ledger::Reader *> all;
    for (size_t client = 0; client < readers.size(); ++client) {
        const QByteArrayList ids = clients.at(qsizetype(client)).split(' ');
        for (const QByteArray &id : ids)
            ledger.note(readers[client], id, "x");
        all.push_back(&readers[client]);
    }
    return ledger.findings(all, method);
}

} // namespace

class tst_LoadFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsQuantiles_data();
    void tellsQuantiles();
    void findsWhatIsMissing_data();
    void findsWhatIsMissing();
    void takesAnIdThatLastsForNoDuplicate();
    void readsTimes_data();
    void readsTimes();
    void drawsEmptyFigures();
};

void tst_LoadFigures::tellsQuantiles_data()
{
    QTest::addColumn<QList<qint64>>("times");
    QTest::addColumn<double>("share");
    QTest::addColumn<qint64>("quantile");
    const QList<qint64> ten{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    QTest::newRow("of none") << QList<qint64>{} << 0.5 << qint64(0);
    QTest::newRow("of one") << QList<qint64>{7} << 0.5 << qint64(7);
    QTest::newRow("least") << ten << 0.0 << qint64(1);
    QTest::newRow("median") << ten << 0.5 << qint64(5);
    QTest::newRow("p90") << ten << 0.9 << qint64(9);
    QTest::newRow("p99") << ten << 0.99 << qint64(10);
    QTest::newRow("greatest") << ten << 1.0 << qint64(10);
    QTest::newRow("clocks that disagree") << QList<qint64>{-3, 4, 4} << 0.0 << qint64(-3);
}

void tst_LoadFigures::tellsQuantiles()
{
    QFETCH(QList<qint64>, times);
    QFETCH(double, share);
    Distribution distribution;
    for (const qint64 time : times)
        distribution.add(time);
    QCOMPARE(distribution.count(), times.size());
    QTEST(distribution.quantile(share), "quantile");
}

void tst_LoadFigures::findsWhatIsMissing_data()
{
    using Method = Ledger::Method;
    QTest::addColumn<QByteArrayList>("clients");
    QTest::addColumn<Method>("method");
    QTest::addColumn<qint64>("lost");
    QTest::addColumn<qint64>("duplicates");
    QTest::addColumn<qint64>("outOfOrder");
    QTest::addColumn<qint64>("behind");
    const auto row = [](const char *name, const QByteArrayList &clients, int lost, int duplicates,
                        int outOfOrder, int behind, Method method = Method::Automatic) {
        QTest::newRow(name) << clients << method << qint64(lost) << qint64(duplicates)
                            << qint64(outOfOrder) << qint64(behind);
    };
    row("counted: all", {"1 2 3", "1 2 3"}, 0, 0, 0, 0);
    row("counted: late comer, early leaver", {"1 2 3 4", "3 4", "1 2"}, 0, 0, 0, 1);
    row("counted: gap", {"1 2 3 4 8"}, 3, 0, 0, 0);
    row("counted: gap at two", {"1 2 3 5", "1 2 3 5"}, 2, 0, 0, 0);
    row("counted: repeated", {"1 2 3 2 3 4"}, 0, 2, 0, 0);
    row("counted: late one", {"1 2 4 3 5 6 7 8"}, 2, 0, 1, 0);
    row("counted: begins anew", {"7 8 9 1 2 3"}, 0, 0, 1, 0);
    row("numbers that do not count", {"100 250 400", "100 400"}, 1, 0, 0, 0);
    row("numbers that do not count, by wish", {"100 250 400"}, 298, 0, 0, 0, Method::Counted);
    row("numbers that count, compared", {"1 2 3 5", "1 2 3 5"}, 0, 0, 0, 0, Method::Compared);
    row("leading zeros are no counter", {"08 09 10 11", "08 11"}, 2, 0, 0, 0);
    row("compared: all", {"a b c", "a b c"}, 0, 0, 0, 0);
    row("compared: late comer, early leaver", {"a b c d", "c d", "a b"}, 0, 0, 0, 1);
    row("compared: one lost", {"a b c", "a c"}, 1, 0, 0, 0);
    row("compared: the loser is heard first", {"a c d", "a b c d"}, 1, 0, 0, 0);
    row("compared: each lost another", {"a b d e", "a c d e", "a b c d e"}, 2, 0, 0, 0);
    row("compared: lagging", {"c d", "a b c d"}, 0, 0, 0, 0);
    row("compared: nobody was there between", {"a b", "c d"}, 0, 0, 0, 0);
    row("compared: other streams", {"a b c", "x y z", "a c"}, 1, 0, 0, 0);
    row("compared: all again", {"a b c a b c d", "a b c d"}, 0, 3, 0, 0);
    row("compared: swapped", {"a b c d", "a c b d", "a b c d"}, 0, 0, 1, 0);
    row("no ids", {"", ""}, 0, 0, 0, 0);
}

void tst_LoadFigures::findsWhatIsMissing()
{
    QFETCH(QByteArrayList, clients);
    QFETCH(Ledger::Method, method);
    const Ledger::Findings found = findingsOf(clients, method);
    QTEST(found.lost, "lost");
    QTEST(found.duplicates, "duplicates");
    QTEST(found.outOfOrder, "outOfOrder");
    QTEST(found.behind, "behind");
}

void tst_LoadFigures::takesAnIdThatLastsForNoDuplicate()
{
    Ledger ledger;
    Ledger::Reader reader;
    ledger.note(reader, "1", "count");
    ledger.note(reader, "1", "ping"); // has no id of its own
    ledger.note(reader, "1", "ping");
    QCOMPARE(ledger.findings({&reader}).duplicates, 0);
    QCOMPARE(ledger.findings({&reader}).events, 1);
    ledger.note(reader, "1", "count");
    QCOMPARE(ledger.findings({&reader}).duplicates, 1);
}

void tst_LoadFigures::readsTimes_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<qint64>("time"); // 0: none
    constexpr qint64 time = 1'795'344'731'873;
    const QByteArray text = "1795344731873";
    QTest::newRow("whole data") << text << QByteArray() << time;
    QTest::newRow("seconds") << QByteArray("1795344731") << QByteArray() << qint64(0);
    QTest::newRow("words") << QByteArray("ping") << QByteArray() << qint64(0);
    QTest::newRow("empty") << QByteArray() << QByteArray() << qint64(0);
    QTest::newRow("key") << QByteArray("{\"t\":" + text + '}') << QByteArray("/t") << time;
    QTest::newRow("deep") << QByteArray("[0,{\"a/~\":" + text + "}]") << QByteArray("/1/a~1~0")
                          << time;
    QTest::newRow("another key") << QByteArray("{\"t\":" + text + '}') << QByteArray("/u")
                                 << qint64(0);
    QTest::newRow("no JSON") << text + 'x' << QByteArray("/t") << qint64(0);
    QTest::newRow("a string") << QByteArray("{\"t\":\"" + text + "\"}") << QByteArray("/t")
                              << qint64(0);
}

void tst_LoadFigures::readsTimes()
{
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, pointer);
    QTEST(eventTime(data, pointer).value_or(0), "time");
}

void tst_LoadFigures::drawsEmptyFigures()
{
    const LoadFigures none;
    QVERIFY(!none.isGood());
    QVERIFY(plot(none).endsWith("</svg>\n"));
    QVERIFY(!plot(none).contains("nan"));
    QVERIFY(!textReport(none).contains("nan"));
    QCOMPARE(jsonReport(none)[u"latencyMs"_s][u"count"_s].toInt(-1), 0);
}

QTEST_GUILESS_MAIN(tst_LoadFigures)
#include "tst_loadfigures.moc"
