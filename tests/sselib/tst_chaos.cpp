// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>
#include <sselib/testkit/sseserver.h>
#include <sselib/testkit/virtualclock.h>

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Sse::EventSource;
using State = EventSource::State;

namespace {

constexpr int disconnects = 10'000;

/*
    A server that knows what it has sent to nobody: it replays from the event after Last-Event-ID
    on, and breaks each answer in a way, and at a byte, of chance's choice.
*/
class ReplayingServer
{
public:
    explicit ReplayingServer(quint32 seed)
        : m_chance(seed)
    {
        m_server.handle("/", [this](Harness::Exchange *exchange) { answer(exchange); });
        m_server.handle("/detour", [this](Harness::Exchange *exchange) { stream(exchange); });
    }

    [[nodiscard]] QUrl url() const { return m_server.url(); }
    [[nodiscard]] int disconnectCount() const { return m_disconnects; }

    // Multi-byte text in data and id, several lines, all line ends: something to cut everywhere.
    static QByteArray event(int number)
    {
        static constexpr const char *lineEnds[] = {"\n", "\r\n", "\r"};
        const QByteArray end = lineEnds[number % 3];
        QByteArray text = "id: é" + QByteArray::number(number) + end;
        if (number % 4 == 0)
            text += ": keep-alive 🔔" + end;
        text += "event: número" + end + "data: " + QByteArray::number(number) + " 漢字" + end;
        if (number % 5 == 0)
            text += "data: second line 🔔" + end;
        return text + end;
    }

private:
    void answer(Harness::Exchange *exchange)
    {
        switch (m_chance.bounded(10)) {
        case 0:
            exchange->answer(503, "data: of an error page\n\n");
            break;
        case 1:
            exchange->redirect(m_chance.bounded(2) ? 307 : 302, "/detour");
            break;
        case 2:
            exchange->cut(); // before any answer
            break;
        default:
            stream(exchange);
        }
    }

    void stream(Harness::Exchange *exchange)
    {
        const QByteArray lastId = exchange->header("Last-Event-ID");
        int next = lastId.isEmpty() ? 1 : lastId.mid(int(QByteArray("é").size())).toInt() + 1;
        QByteArray bytes = m_chance.bounded(4) ? QByteArray() : QByteArray("\xEF\xBB\xBF");
        for (const int last = next + int(m_chance.bounded(6)); next <= last; ++next)
            bytes += event(next);
        const int cut = int(m_chance.bounded(bytes.size() + 1));
        const int middle = int(m_chance.bounded(cut + 1));

        ++m_disconnects;
        const bool hasChunks = m_chance.bounded(3) > 0;
        exchange->startStream(hasChunks ? Harness::Headers()
                                        : Harness::Headers{{"Connection", "close"}});
        exchange->write(QByteArrayView(bytes).first(middle));
        switch (m_chance.bounded(4)) {
        case 0: // a chunk that promises more than comes
            if (hasChunks)
                exchange->writeRaw("fff\r\n");
            exchange->writeRaw(QByteArrayView(bytes).sliced(middle, cut - middle));
            exchange->cut();
            break;
        case 1:
            exchange->write(QByteArrayView(bytes).sliced(middle, cut - middle));
            exchange->reset();
            break;
        case 2:
            exchange->write(QByteArrayView(bytes).sliced(middle, cut - middle));
            exchange->cut();
            break;
        default:
            exchange->write(QByteArrayView(bytes).sliced(middle, cut - middle));
            exchange->end();
        }
    }

    Harness::SseServer m_server;
    QRandomGenerator m_chance;
    int m_disconnects = 0;
};

} // namespace

class tst_Chaos : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesNothingAndDoublesNothing();
};

void tst_Chaos::losesNothingAndDoublesNothing()
{
    const QByteArray given = qgetenv("TALLYBELL_SEED");
    const quint32 seed = given.isEmpty() ? QRandomGenerator::global()->generate() : given.toUInt();
    qInfo("seed %u", seed);

    ReplayingServer server(seed);
    Harness::VirtualClock clock;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    source.setClock(&clock);
    int expected = 1;
    QString fault;
    connect(&source, &EventSource::eventReceived, this, [&](const Sse::Event &event) {
        QString data = QString::number(expected) + u" 漢字"_s;
        if (expected % 5 == 0)
            data += u"\nsecond line 🔔"_s;
        const QByteArray id = "é" + QByteArray::number(expected);
        if (fault.isEmpty()
            && (event.text() != data || event.lastEventId != id
                || event.type != QByteArray("número")))
            fault = u"Event %1 was expected, “%2” with id “%3” came."_s.arg(
                QString::number(expected), event.text(), QString::fromUtf8(event.lastEventId));
        ++expected;
    });
    // Each wait is over at once. Through the event loop: a clock that went on inside of the signal
    // would grow the stack with each disconnect.
    QEventLoop untilDone;
    connect(
        &source, &EventSource::retryScheduled, this,
        [&](std::chrono::milliseconds delay) {
            if (server.disconnectCount() < disconnects && fault.isEmpty())
                clock.advance(delay);
            else
                untilDone.quit();
        },
        Qt::QueuedConnection);
    QTimer patience;
    patience.setSingleShot(true);
    connect(&patience, &QTimer::timeout, &untilDone, [&] {
        fault = u"Stuck after %1 disconnects: %2"_s.arg(server.disconnectCount())
                    .arg(source.errorString());
        untilDone.quit();
    });
    patience.start(8min);
    source.open(QNetworkRequest(server.url()));
    untilDone.exec();
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    QCOMPARE(source.state(), State::Waiting);
    QVERIFY2(expected > disconnects / 2, qPrintable(QString::number(expected)));
    QCOMPARE(source.lastEventId(), "é" + QByteArray::number(expected - 1));
    qInfo("%d events over %d disconnects", expected - 1, server.disconnectCount());
}

QTEST_GUILESS_MAIN(tst_Chaos)
#include "tst_chaos.moc"
