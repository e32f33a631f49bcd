// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekitprocess.h"
#include "servers/nginx.h"
#include "servers/serverprogram.h"

#include <QDateTime>
#include <QDir>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace Qt::Literals;
using namespace std::chrono_literals;
using Harness::SsekitProcess;

namespace {

constexpr int clients = 200;
constexpr auto messagePause = 40ms; // between two messages

} // namespace

/*!
    Two nginx with Nchan that share their channels through one Redis, with the configuration that
    the documentation shows. Without these servers it is skipped, but not where CI=true.
*/
class tst_Nchan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void deliversToAllClientsOfOneNode();
    void servesAllClientsByTheOtherNodeWhenOneIsKilled_data();
    void servesAllClientsByTheOtherNodeWhenOneIsKilled();

private:
    struct Node
    {
        ServerProgram nginx;
        quint16 port = 0;

        [[nodiscard]] QUrl url(const QString &path) const
        {
            return QUrl(u"http://127.0.0.1:%1%2"_s.arg(port).arg(path));
        }
    };

    [[nodiscard]] bool startRedis();
    [[nodiscard]] bool startNode(Node &node, const QString &name,
                                 const QString &configuration = u"node.conf.in"_s);
    [[nodiscard]] QString newFolder(const QString &name) const;
    [[nodiscard]] bool post(const Node &node, const QString &channel);
    [[nodiscard]] bool publish(const Node &node, int count);

    QTemporaryDir m_folder;
    QNetworkAccessManager m_network;
    ServerProgram m_redis;
    quint16 m_redisPort = 0;
};

void tst_Nchan::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QString missing = Nginx::missingNchan();
    if (missing.isEmpty() && findServer(u"redis-server"_s).isEmpty())
        missing = u"no Redis here (Debian: redis-server)"_s;
    skipWithout(missing);
}

void tst_Nchan::deliversToAllClientsOfOneNode()
{
    Node node;
    QVERIFY2(startNode(node, u"single"_s, u"single.conf.in"_s), node.nginx.output().constData());
    SsekitProcess load;
    load.start({u"load"_s, node.url(u"/stream/news"_s).toString(), u"--clients"_s,
                QString::number(clients), u"--seconds"_s, u"12"_s, u"--json"_s});
    QTRY_VERIFY2(!load.facts(u"opened"_s).isEmpty(), load.errors().constData());
    QVERIFY(publish(node, 20));
    QCOMPARE(load.waitForExit(), 0);
    const QJsonObject report = load.facts(u"report"_s).constFirst();
    QCOMPARE(report[u"events"_s].toInt(), clients * 20);
    QCOMPARE(report[u"attempts"_s].toInt(), clients);
    QCOMPARE(report[u"latencyMs"_s][u"count"_s].toInt(), clients * 20);
}

void tst_Nchan::servesAllClientsByTheOtherNodeWhenOneIsKilled_data()
{
    QTest::addColumn<bool>("killsThePublishersNode");
    QTest::newRow("the node where is published") << true;
    QTest::newRow("the other node") << false;
}

void tst_Nchan::servesAllClientsByTheOtherNodeWhenOneIsKilled()
{
    QFETCH(bool, killsThePublishersNode);
    QVERIFY2(startRedis(), m_redis.output().constData());
    Node first;
    Node second;
    QVERIFY2(startNode(first, u"first"_s), first.nginx.output().constData());
    QVERIFY2(startNode(second, u"second"_s), second.nginx.output().constData());

    // A node answers with 503 until it has found its Redis.
    QTRY_VERIFY_WITH_TIMEOUT(post(first, u"ready"_s), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(post(second, u"ready"_s), 20'000);

    SsekitProcess load;
    load.start({u"load"_s, first.url(u"/stream/news"_s).toString(),
                second.url(u"/stream/news"_s).toString(), u"--failover"_s, u"--clients"_s,
                QString::number(clients), u"--seconds"_s, u"20"_s, u"--json"_s});
    QTRY_VERIFY2(!load.facts(u"opened"_s).isEmpty(), load.errors().constData());

    constexpr int before = 20;
    constexpr int after = 60; // takes longer than the longest first wait of a client
    QVERIFY(publish(first, before));
    Node &killed = killsThePublishersNode ? first : second;
    const Node &left = killsThePublishersNode ? second : first;
    killed.nginx.kill();
    QVERIFY(publish(left, after));

    QCOMPARE(load.waitForExit(), 0);
    const QJsonObject report = load.facts(u"report"_s).constFirst();
    qInfo().noquote() << load.lines().constLast();
    const QJsonObject ids = report[u"ids"_s].toObject();
    QCOMPARE(ids[u"different"_s].toInt(), before + after);
    QCOMPARE(report[u"events"_s].toInt(), clients * (before + after));
    QCOMPARE(ids[u"lost"_s].toInt(), 0);
    QCOMPARE(ids[u"duplicates"_s].toInt(), 0);
    QCOMPARE(ids[u"behindAtEnd"_s].toInt(), 0);
    QCOMPARE(report[u"openAtEnd"_s].toInt(), clients);
    QCOMPARE(report[u"lostStreams"_s].toInt(), clients / 2);
    // Each found the other node with its first attempt, after a wait of at most a second.
    QCOMPARE(report[u"attempts"_s].toInt(), clients + clients / 2);
    QVERIFY(report[u"outageMs"_s][u"max"_s].toInt() < 5'000);
}

bool tst_Nchan::startRedis()
{
    m_redis.kill();
    m_redisPort = freePort();
    const QString folder = newFolder(u"redis"_s);
    return fillIn(QFINDTESTDATA("redis.conf.in"), folder + u"/redis.conf"_s,
                  {{u"FOLDER"_s, folder}, {u"REDIS_PORT"_s, QString::number(m_redisPort)}})
        && m_redis.start(findServer(u"redis-server"_s), {folder + u"/redis.conf"_s}, m_redisPort);
}

bool tst_Nchan::startNode(Node &node, const QString &name, const QString &configuration)
{
    node.port = freePort();
    const QString folder = newFolder(name);
    return fillIn(QFINDTESTDATA(configuration), folder + u"/nginx.conf"_s,
                  {{u"FOLDER"_s, folder},
                   {u"PORT"_s, QString::number(node.port)},
                   {u"REDIS_PORT"_s, QString::number(m_redisPort)},
                   {u"NCHAN_MODULE"_s, Nginx::nchanModule()}})
        && node.nginx.start(findServer(u"nginx"_s),
                            {u"-p"_s, folder, u"-c"_s, folder + u"/nginx.conf"_s, u"-e"_s,
                             folder + u"/error.log"_s},
                            node.port);
}

QString tst_Nchan::newFolder(const QString &name) const
{
    const QString folder = m_folder.filePath(name);
    QDir(folder).removeRecursively();
    QDir().mkpath(folder);
    return folder;
}

// True when nginx says that it has accepted the message.
bool tst_Nchan::post(const Node &node, const QString &channel)
{
    QNetworkRequest request(node.url(u"/publish/"_s + channel));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    const std::unique_ptr<QNetworkReply> reply(
        m_network.post(request, QByteArray::number(QDateTime::currentMSecsSinceEpoch())));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    return finished.wait(10'000) && reply->error() == QNetworkReply::NoError;
}

// One after the other: what was accepted must arrive.
bool tst_Nchan::publish(const Node &node, int count)
{
    for (int message = 0; message < count; ++message) {
        if (!post(node, u"news"_s))
            return false;
        QTimer pace;
        QSignalSpy due(&pace, &QTimer::timeout);
        pace.start(messagePause);
        due.wait();
    }
    return true;
}

QTEST_GUILESS_MAIN(tst_Nchan)
#include "tst_nchan.moc"
