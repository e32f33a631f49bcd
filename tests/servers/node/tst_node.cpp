// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/request.h"
#include "servers/serverprogram.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QUuid>

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms
constexpr QLatin1String nodeFolder(NODE_FOLDER);

// The 20 of "v20.20.2"; 0 without node.
int nodeVersion()
{
    QProcess node;
    node.start(findServer(u"node"_s), {u"--version"_s});
    if (!node.waitForFinished())
        return 0;
    return node.readAllStandardOutput().mid(1).split('.').constFirst().toInt();
}

// origins/origin.mjs
class Origin
{
public:
    [[nodiscard]] bool start(const QString &package, int count)
    {
        return m_program.start(findServer(u"node"_s),
                               {nodeFolder + u"/origin.mjs"_s, package, QString::number(m_port),
                                QString::number(count)},
                               m_port);
    }

    [[nodiscard]] bool push(int count)
    {
        return post(url(u"/count"_s), QByteArray::number(count)) == 200;
    }

    // The Last-Event-ID of each stream since its start.
    [[nodiscard]] QStringList ids() const
    {
        OpenRequest request(url(u"/ids"_s));
        if (!QTest::qWaitFor([&request] { return request.isFinished(); }, patience))
            return {};
        QStringList ids;
        const QJsonArray array = QJsonDocument::fromJson(request.received()).array();
        for (const auto id : array)
            ids.append(id.toString());
        return ids;
    }

    void kill() { m_program.kill(); }
    [[nodiscard]] QUrl url(const QString &path = {}) const
    {
        return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_port).arg(path));
    }
    [[nodiscard]] QByteArray complaints() { return m_program.output(); }

private:
    ServerProgram m_program;
    const quint16 m_port = freePort();
};

} // namespace

/*! Tallybell at what people build in-house with Node. */
class tst_Node : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void countsWhatIsPushed_data() { addPackages(); }
    void countsWhatIsPushed();
    void comesBackWhenItsServerWasKilled_data() { addPackages(); }
    void comesBackWhenItsServerWasKilled();
    void sendsBackTheIdsOfBetterSse();
    void isNotConfusedByIdsThatBeginAnew();
    void saysThatAStreamIsCompressed();

private:
    static void addPackages();
    static void watch(HeadlessApp &app, const Origin &origin, const QString &resume = u"header"_s);
};

void tst_Node::initTestCase()
{
    // Nobody is made to install it: as for the other tests with node, also where CI=true.
    if (nodeVersion() < 20 || findServer(u"npm"_s).isEmpty())
        QSKIP("no node 20 with npm here");
    QString missing;
    for (const QString &package : {u"better-sse"_s, u"express-sse"_s}) {
        if (!QFileInfo::exists(nodeFolder + u"/node_modules/"_s + package))
            missing = u"no %1 here (./dev test lets npm install it)"_s.arg(package);
    }
    skipWithout(missing);
}

void tst_Node::addPackages()
{
    QTest::addColumn<QString>("package");
    QTest::newRow("better-sse") << u"better-sse"_s;
    QTest::newRow("express-sse") << u"express-sse"_s;
}

void tst_Node::countsWhatIsPushed()
{
    QFETCH(QString, package);
    Origin origin;
    QVERIFY2(origin.start(package, 3), origin.complaints().constData());
    HeadlessApp app;
    watch(app, origin);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    for (int count : {4, 12, 0}) {
        QVERIFY(origin.push(count));
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), count, patience);
    }
    QCOMPARE(app.counts(), (QList<int>{3, 4, 12, 0}));
    QCOMPARE(app.openings(), 1);
}

void tst_Node::comesBackWhenItsServerWasKilled()
{
    QFETCH(QString, package);
    Origin origin;
    QVERIFY2(origin.start(package, 3), origin.complaints().constData());
    HeadlessApp app;
    watch(app, origin);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(origin.push(4));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    origin.kill();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QVERIFY(!app.isFresh());
    QVERIFY2(origin.start(package, 9), origin.complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 9, patience);
    QVERIFY(origin.push(10));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 10, patience);
    QVERIFY(app.isFresh());
}

void tst_Node::sendsBackTheIdsOfBetterSse()
{
    Origin origin;
    QVERIFY2(origin.start(u"better-sse"_s, 3), origin.complaints().constData());
    HeadlessApp app;
    watch(app, origin);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(origin.push(4));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QCOMPARE(origin.ids(), QStringList{QString()});
    origin.kill();
    QVERIFY2(origin.start(u"better-sse"_s, 3), origin.complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.openings(), 2, patience);
    const QStringList ids = origin.ids();
    QCOMPARE(ids.size(), 1);
    QVERIFY2(!QUuid(ids.constFirst()).isNull(), qPrintable(ids.constFirst()));
}

// express-sse counts the ids of each connection from 0, and repeats its first event.
void tst_Node::isNotConfusedByIdsThatBeginAnew()
{
    Origin origin;
    QVERIFY2(origin.start(u"express-sse"_s, 3), origin.complaints().constData());
    HeadlessApp app;
    watch(app, origin, u"none"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(origin.push(4)); // id 1
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QVERIFY(origin.push(5)); // id 2
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 5, patience);
    origin.kill();
    QVERIFY2(origin.start(u"express-sse"_s, 7), origin.complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 7, patience);
    QVERIFY(origin.push(8)); // id 1 again
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 8, patience);
    QCOMPARE(origin.ids(), QStringList{QString()});
}

// It says so, and asks for the count instead.
void tst_Node::saysThatAStreamIsCompressed()
{
    Origin origin;
    QVERIFY2(origin.start(u"express-sse-compressed"_s, 3), origin.complaints().constData());
    HeadlessApp app;
    watch(app, origin);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"polling"_s, patience);
    QVERIFY2(app.detail().contains(u"deflate"_s), qPrintable(app.detail()));
    QCOMPARE(app.lastCount(), 3);
    QTRY_VERIFY(app.isFresh());
}

void tst_Node::watch(HeadlessApp &app, const Origin &origin, const QString &resume)
{
    app.watch(QFINDTESTDATA("portal.json.in"),
              {{u"BASE"_s, origin.url().toString()}, {u"RESUME"_s, resume}});
}

QTEST_GUILESS_MAIN(tst_Node)
#include "tst_node.moc"
