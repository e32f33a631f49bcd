// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "clientprograms.h"
#include "pagetest.h"

#include "harness/ssekitprocess.h"

#include <QFile>
#include <QQueue>
#include <QTest>
#include <QTimer>

#include <map>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::SsekitProcess;

/*
    What clients that we did not write, and ours, do with each scenario that is built in. The table
    in docs/clients.md is what they are expected to do; with TALLYBELL_CLIENTS_TABLE=FILE the one
    that was found is written there. Each client has a server of its own and a fixed time. What
    differs from the table is tried once more with little beside it: a busy machine may be late.
*/

namespace {

constexpr auto watch = 6s; // from the first request on
constexpr auto patience = 20s; // for that request
constexpr int runsAtOnce = 18; // three scenarios
constexpr int runsAtOnceAgain = 3;

using Row = QStringList; // the scenario, then an outcome for each client

Row cells(const QByteArray &line)
{
    Row row;
    const QByteArrayList parts = line.mid(1, line.lastIndexOf('|') - 1).split('|');
    for (const QByteArray &part : parts)
        row.append(QString::fromUtf8(part.trimmed()));
    return row;
}

// By the names of the scenarios.
std::map<QString, Row> readTable(const QString &fileName)
{
    std::map<QString, Row> table;
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return table;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().trimmed();
        if (line.startsWith("| `")) {
            const Row row = cells(line);
            table[row.first().mid(1).chopped(1)] = row;
        }
    }
    return table;
}

// Where the expectation has "…" there may be more events, or none.
bool isExpected(const QString &outcome, const QString &expectation)
{
    const qsizetype ellipsis = expectation.indexOf(u'…');
    return outcome == expectation
        || (ellipsis >= 0 && outcome.startsWith(expectation.left(ellipsis).chopped(2))
            && outcome.endsWith(expectation.mid(ellipsis + 1)));
}

// One client at one scenario.
class Run : public QObject
{
    Q_OBJECT

public:
    Run(const QString &scenario, const ClientKind &kind)
        : m_scenario(scenario)
        , m_client(kind.make())
    {
        m_end.setSingleShot(true);
        connect(&m_end, &QTimer::timeout, this, &Run::finish);
        connect(&m_server, &SsekitProcess::lineReceived, this, [this](const QByteArray &line) {
            if (line.startsWith("{\"type\":\"request\"") && ++m_requests == 1)
                m_end.start(watch);
            if (line.startsWith("{\"type\":\"listening\""))
                m_client->start(m_server.url(), m_authority);
            if (line.startsWith("the authority"))
                m_authority = QString::fromUtf8(line).section(u' ', -1);
        });
    }

    void start()
    {
        QStringList options{u"serve"_s, m_scenario, u"--port=0"_s, u"--log"_s};
        if (m_scenario == u"redirect-to-http"_s)
            options.append(u"--tls"_s);
        m_end.start(patience);
        m_server.start(options);
    }

    [[nodiscard]] QString outcome() const { return m_outcome; }

Q_SIGNALS:
    void finished();

private:
    void finish()
    {
        m_outcome = m_requests == 0 ? u"did not ask"_s : m_client->outcome(m_requests > 1);
        m_server.process()->kill();
        Q_EMIT finished();
    }

    const QString m_scenario;
    const std::unique_ptr<ClientProgram> m_client;
    SsekitProcess m_server;
    QTimer m_end;
    QString m_authority;
    QString m_outcome;
    int m_requests = 0;
};

} // namespace

class tst_Clients : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void doWithEachScenarioWhatTheTableSays_data();
    void doWithEachScenarioWhatTheTableSays();
    void cleanupTestCase();

private:
    struct Wanted
    {
        QString scenario;
        const ClientKind *kind;
    };

    [[nodiscard]] QStringList scenarios();
    [[nodiscard]] QQueue<Wanted> allRuns() const;
    [[nodiscard]] QQueue<Wanted> unexpectedRuns() const;
    void runAll(QQueue<Wanted> waiting, int atOnce);
    [[nodiscard]] QString expectation(const Wanted &wanted) const;
    void writeTable(const QString &fileName) const;

    SsekitProcess m_pageServer;
    Harness::Browser m_browser;
    QList<ClientKind> m_kinds;
    QStringList m_scenarios;
    std::map<QString, Row> m_table;
    std::map<std::pair<QString, QString>, QString> m_outcomes; // by scenario and client
};

void tst_Clients::initTestCase()
{
    START_OR_SKIP(m_browser);
    QVERIFY(m_pageServer.serve({u"clock"_s}));
    QVERIFY(m_browser.open(m_pageServer.url("/nothing")));
    m_kinds = clientKinds(&m_browser);
    m_scenarios = scenarios();
    QVERIFY(m_scenarios.size() > 50);
    m_table = readTable(QStringLiteral(CLIENTS_TABLE));
    runAll(allRuns(), runsAtOnce);
    runAll(unexpectedRuns(), runsAtOnceAgain);
    const QString fileName = qEnvironmentVariable("TALLYBELL_CLIENTS_TABLE");
    if (!fileName.isEmpty())
        writeTable(fileName);
}

QStringList tst_Clients::scenarios()
{
    SsekitProcess ssekit;
    ssekit.start({u"serve"_s, u"--list"_s});
    if (ssekit.waitForExit() != 0)
        return {};
    QStringList names;
    for (const QByteArray &line : ssekit.lines())
        names.append(QString::fromUtf8(line).section(u' ', 0, 0));
    names.removeOne(u"clock"_s);
    names.removeOne(u"portal"_s);
    return names;
}

QQueue<tst_Clients::Wanted> tst_Clients::allRuns() const
{
    QQueue<Wanted> runs;
    for (const QString &scenario : m_scenarios) {
        for (const ClientKind &kind : m_kinds) {
            // A page cannot be told to trust another authority.
            const bool isPossible = kind.isInstalled
                && !(scenario == u"redirect-to-http"_s && kind.name == u"Chromium"_s);
            if (isPossible)
                runs.enqueue({scenario, &kind});
        }
    }
    return runs;
}

QQueue<tst_Clients::Wanted> tst_Clients::unexpectedRuns() const
{
    QQueue<Wanted> runs = allRuns();
    runs.removeIf([this](const Wanted &wanted) {
        return isExpected(m_outcomes.at({wanted.scenario, wanted.kind->name}), expectation(wanted));
    });
    return runs;
}

// Empty where the table says nothing.
QString tst_Clients::expectation(const Wanted &wanted) const
{
    const auto row = m_table.find(wanted.scenario);
    return row == m_table.end() ? QString()
                                : row->second.value(wanted.kind - m_kinds.constData() + 1);
}

void tst_Clients::runAll(QQueue<Wanted> waiting, int atOnce)
{
    if (waiting.isEmpty())
        return;
    QEventLoop loop;
    int running = 0;
    const std::function<void()> startNext = [&] {
        while (running < atOnce && !waiting.isEmpty()) {
            const Wanted wanted = waiting.dequeue();
            auto *const run = new Run(wanted.scenario, *wanted.kind);
            ++running;
            connect(run, &Run::finished, this, [&, run, wanted] {
                m_outcomes[{wanted.scenario, wanted.kind->name}] = run->outcome();
                run->deleteLater();
                --running;
                QMetaObject::invokeMethod(&loop, startNext, Qt::QueuedConnection);
            });
            run->start();
        }
        if (running == 0)
            loop.quit();
    };
    QMetaObject::invokeMethod(&loop, startNext, Qt::QueuedConnection);
    loop.exec();
}

void tst_Clients::doWithEachScenarioWhatTheTableSays_data()
{
    QTest::addColumn<QString>("scenario");
    for (const QString &scenario : std::as_const(m_scenarios))
        QTest::newRow(qPrintable(scenario)) << scenario;
}

void tst_Clients::doWithEachScenarioWhatTheTableSays()
{
    QFETCH(QString, scenario);
    QVERIFY2(m_table.contains(scenario), "docs/clients.md has no row for this scenario");
    QCOMPARE(m_table.at(scenario).size(), m_kinds.size() + 1);
    for (const ClientKind &kind : std::as_const(m_kinds)) {
        const auto found = m_outcomes.find({scenario, kind.name});
        if (found == m_outcomes.end())
            continue;
        const QString expected = expectation({scenario, &kind});
        QVERIFY2(isExpected(found->second, expected),
                 qPrintable(u"%1: “%2” instead of “%3”"_s.arg(kind.name, found->second, expected)));
    }
}

void tst_Clients::cleanupTestCase()
{
    for (const ClientKind &kind : std::as_const(m_kinds)) {
        if (!kind.isInstalled)
            qInfo("%s is not installed here, and was not tried.", qPrintable(kind.name));
    }
}

void tst_Clients::writeTable(const QString &fileName) const
{
    QStringList names;
    for (const ClientKind &kind : m_kinds)
        names.append(kind.name);
    QString text = u"| scenario | "_s + names.join(u" | "_s) + u" |\n|---"_s
        + u"|---"_s.repeated(names.size()) + u"|\n"_s;
    for (const QString &scenario : m_scenarios) {
        text += u"| `"_s + scenario + u"` |"_s;
        for (const QString &name : std::as_const(names)) {
            const auto found = m_outcomes.find({scenario, name});
            text += u' ' + (found == m_outcomes.end() ? u"not tried"_s : found->second) + u" |"_s;
        }
        text += u'\n';
    }
    QFile file(fileName);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        qWarning("Cannot write %s", qPrintable(fileName));
}

QTEST_GUILESS_MAIN(tst_Clients)
#include "tst_clients.moc"
