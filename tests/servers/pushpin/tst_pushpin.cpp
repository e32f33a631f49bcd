// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/request.h"
#include "servers/serverprogram.h"

#include <sselib/testkit/sseserver.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;
using Harness::Exchange;

namespace {

constexpr int patience = 20'000; // ms
constexpr auto internalConfiguration = "/usr/lib/pushpin/internal.conf"; // Debian's

// Pushpin with zurl, which fetches for it, before the origin at a port.
class Pushpin
{
public:
    [[nodiscard]] static QString missing()
    {
        for (const QString &program : {u"pushpin"_s, u"zurl"_s, u"condure"_s}) {
            if (findServer(program).isEmpty())
                return u"no %1 here (Debian: %1)"_s.arg(program);
        }
        return QFile::exists(QLatin1String(internalConfiguration))
            ? QString()
            : u"no %1 here, as Debian's pushpin has it"_s.arg(QLatin1String(internalConfiguration));
    }

    [[nodiscard]] bool start(const QString &configuration, const QString &zurlConfiguration,
                             quint16 originPort)
    {
        const QHash<QString, QString> values{{u"FOLDER"_s, m_folder.path()},
                                             {u"PORT"_s, QString::number(m_port)},
                                             {u"PUBLISH_PORT"_s, QString::number(m_publishPort)}};
        return fillIn(configuration, m_folder.filePath(u"pushpin.conf"_s), values)
            && fillIn(zurlConfiguration, m_folder.filePath(u"zurl.conf"_s), values)
            && writeInternalConfiguration() && writeRoutes(originPort)
            && m_zurl.start(findServer(u"zurl"_s),
                            {u"--config="_s + m_folder.filePath(u"zurl.conf"_s)})
            && m_pushpin.start(findServer(u"pushpin"_s),
                               {u"--config="_s + m_folder.filePath(u"pushpin.conf"_s)}, m_port)
            && isHolding() && isPublishing();
    }

    // Sends \a format, Pushpin's "http-stream", to all who listen to \a channel.
    [[nodiscard]] bool publish(const QString &channel, const QJsonObject &format)
    {
        const QJsonObject item{{u"channel"_s, channel},
                               {u"formats"_s, QJsonObject{{u"http-stream"_s, format}}}};
        return post(QUrl(u"http://127.0.0.1:%1/publish/"_s.arg(m_publishPort)),
                    QJsonDocument(QJsonObject{{u"items"_s, QJsonArray{item}}}).toJson())
            == 200;
    }

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1"_s.arg(m_port)); }
    [[nodiscard]] QByteArray complaints() { return m_zurl.output() + m_pushpin.output(); }

private:
    // Whose specs for zurl are those of a system service.
    bool writeInternalConfiguration()
    {
        QFile theirs(QLatin1String{internalConfiguration});
        QFile ours(m_folder.filePath(u"internal.conf"_s));
        if (!theirs.open(QIODevice::ReadOnly) || !ours.open(QIODevice::WriteOnly))
            return false;
        QByteArray text = theirs.readAll();
        text.replace("ipc:///var/run/zurl/", "ipc://" + m_folder.path().toUtf8() + '/');
        return ours.write(text) == text.size();
    }

    bool writeRoutes(quint16 originPort)
    {
        QFile routes(m_folder.filePath(u"routes"_s));
        return routes.open(QIODevice::WriteOnly)
            && routes.write("* 127.0.0.1:" + QByteArray::number(originPort) + '\n') > 0;
    }

    // Its parts come up one after the other: its first answer may be a 500.
    [[nodiscard]] bool isHolding()
    {
        return QTest::qWaitFor(
            [this] {
                OpenRequest stream(QUrl(url().toString() + u"/ready"_s));
                const auto isAnswered = [&stream] {
                    return stream.isFinished() || !stream.received().isEmpty();
                };
                // Now and then the first one is not answered at all.
                return QTest::qWaitFor(isAnswered, 1'000) && !stream.isFinished();
            },
            patience);
    }

    [[nodiscard]] bool isPublishing()
    {
        return QTest::qWaitFor(
            [this] {
                return publish(u"ready"_s, {{u"content"_s, u"x"_s}});
            },
            patience);
    }

    QTemporaryDir m_folder;
    const quint16 m_port = freePort();
    const quint16 m_publishPort = freePort();
    ServerProgram m_zurl;
    ServerProgram m_pushpin; // ends first
};

QJsonObject message(const QByteArray &text)
{
    return {{u"content"_s, QString::fromUtf8(text)}};
}

QJsonObject endOfStreams()
{
    return {{u"action"_s, u"close"_s}};
}

// What an origin answers with: Pushpin holds the stream, and the origin is done with it.
void hold(Exchange *stream, const QByteArray &channel, const Harness::Headers &more = {})
{
    stream->answer(200, "event: hello\ndata:\n\n",
                   Harness::Headers{{"Content-Type", "text/event-stream"},
                                    {"Grip-Hold", "stream"},
                                    {"Grip-Channel", channel}}
                       + more);
}

Harness::Headers keepAlive()
{
    return {{"Grip-Keep-Alive", R"(:\n\n; format=cstring; timeout=1)"}};
}

} // namespace

/*! Tallybell at a Pushpin before a small origin. */
class tst_Pushpin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void countsWhatIsPublished();
    void tellsTheOriginWhereItStood();
    void comesBackWhenTheOriginDoes();
    void livesOnKeepAlives();

private:
    void watch(HeadlessApp &app);

    std::unique_ptr<Harness::SseServer> m_origin;
    std::unique_ptr<Pushpin> m_pushpin;
    int m_count = 3;
};

void tst_Pushpin::initTestCase()
{
    skipWithout(Pushpin::missing());
}

void tst_Pushpin::init()
{
    m_origin = std::make_unique<Harness::SseServer>();
    m_origin->handle("/count", [this](Exchange *snapshot) {
        snapshot->answerJson(200, {{u"count"_s, m_count}});
    });
    m_origin->handle("/events", [](Exchange *stream) { hold(stream, "mia", keepAlive()); });
    m_origin->handle("/ready", [](Exchange *stream) { hold(stream, "ready"); });
    m_count = 3;
    m_pushpin = std::make_unique<Pushpin>();
    QVERIFY2(m_pushpin->start(QFINDTESTDATA("pushpin.conf.in"), QFINDTESTDATA("zurl.conf.in"),
                              m_origin->port()),
             m_pushpin->complaints().constData());
}

void tst_Pushpin::countsWhatIsPublished()
{
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    QVERIFY(m_pushpin->publish(u"mia"_s, message("event: count\ndata: {\"count\":4}\n\n")));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QVERIFY(m_pushpin->publish(u"tom"_s, message("event: count\ndata: {\"count\":99}\n\n")));
    QVERIFY(m_pushpin->publish(u"mia"_s, message("event: count\r\ndata: {\"count\":5}\r\n\r\n")));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 5, patience);
    QCOMPARE(app.counts(), (QList<int>{3, 4, 5}));
    QCOMPARE(app.openings(), 1);
    QCOMPARE(m_origin->requestCount("/events"), 1); // whose connection ended long ago
}

void tst_Pushpin::tellsTheOriginWhereItStood()
{
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(m_pushpin->publish(u"mia"_s, message("id: 42\nevent: count\ndata: {\"count\":4}\n\n")));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    m_count = 7;
    QVERIFY(m_pushpin->publish(u"mia"_s, endOfStreams()));
    QTRY_COMPARE_WITH_TIMEOUT(m_origin->requestCount("/events"), 2, patience);
    QCOMPARE(m_origin->exchanges("/events").constFirst()->header("Last-Event-ID"), "");
    QCOMPARE(m_origin->exchanges("/events").constLast()->header("Last-Event-ID"), "42");
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 7, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
}

void tst_Pushpin::comesBackWhenTheOriginDoes()
{
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    m_origin->stop();
    QVERIFY(m_pushpin->publish(u"mia"_s, endOfStreams()));
    QTRY_VERIFY_WITH_TIMEOUT(app.detail().contains(u"502"_s), patience);
    QCOMPARE(app.status(), u"reconnecting"_s);
    m_count = 8;
    m_origin->start();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 8, patience);
}

// Of two streams without events the one without keep-alive is given up.
void tst_Pushpin::livesOnKeepAlives()
{
    HeadlessApp kept;
    watch(kept);
    QTRY_COMPARE_WITH_TIMEOUT(kept.status(), u"live"_s, patience);
    m_origin->handle("/events", [](Exchange *stream) { hold(stream, "mia"); });
    HeadlessApp silent;
    watch(silent);
    QTRY_VERIFY_WITH_TIMEOUT(silent.closings() >= 1, patience);
    QTRY_VERIFY(!silent.details().filter(u"was silent"_s).isEmpty());
    QCOMPARE(kept.openings(), 1);
    QCOMPARE(kept.closings(), 0);
    QCOMPARE(kept.status(), u"live"_s);
    QVERIFY(m_pushpin->publish(u"mia"_s, message("event: count\ndata: {\"count\":4}\n\n")));
    QTRY_COMPARE_WITH_TIMEOUT(kept.lastCount(), 4, patience);
}

void tst_Pushpin::watch(HeadlessApp &app)
{
    app.watch(QFINDTESTDATA("source.json.in"), {{u"BASE"_s, m_pushpin->url().toString()}});
}

QTEST_GUILESS_MAIN(tst_Pushpin)
#include "tst_pushpin.moc"
