// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "faultyportal.h"

#include "core/source/sourcereader.h"
#include "core/tray/badgefor.h"

#include <QFile>
#include <QJsonDocument>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Status = CountModel::Status;
using Freshness = CountModel::Freshness;

namespace {

// A source as of a server of the house, with all its times a hundred times shorter.
constexpr std::chrono::milliseconds idleTimeout = 400ms;
constexpr std::chrono::milliseconds keepAlive = idleTimeout / 4;
constexpr std::chrono::milliseconds stepTimeout = 600ms;
constexpr std::chrono::seconds pollInterval = 1s;
// On the way from the server to the icon, through other threads of a busy computer.
constexpr std::chrono::milliseconds leeway = 1s;

Source portalSource(quint16 port)
{
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    if (!preset.open(QIODevice::ReadOnly))
        qFatal("no preset");
    Source source = *readSource(preset.readAll(), u"work.json"_s).source;
    source.variables[u"base"_s] = u"http://127.0.0.1:%1"_s.arg(port);
    source.timeout = stepTimeout;
    source.stream.idleTimeout = idleTimeout;
    source.stream.openTimeout = stepTimeout;
    source.stream.initialRetry = 50ms;
    source.stream.maximumRetry = 400ms;
    source.streamPause = 1s;
    source.pollInterval = pollInterval;
    source.closesOnSuspend = true;
    return source;
}

QByteArray countEvent(int count)
{
    return "event: count\ndata: {\"count\":" + QByteArray::number(count) + "}";
}

} // namespace

FaultyPortal::FaultyPortal(Pulse *pulse, const std::function<void(Source &)> &change,
                           Prompter *prompter)
    : m_pulse(pulse)
    , m_cable(m_server.port())
    , m_secrets({{u"work"_s, {{u"password"_s, u"right"_s}}}})
    , m_model(m_feeds.add(u"work"_s, u"Work"_s))
{
    serve();
    Source source = portalSource(m_cable.port());
    if (change)
        change(source);
    m_feed.emplace(source, m_model, &m_secrets, prompter);
    connect(&m_feeds, &FeedList::summaryChanged, this, &FaultyPortal::compute);
    connect(&m_tray, &TrayView::faceChanged, this, &FaultyPortal::show);
    connect(&m_keepAlive, &QTimer::timeout, this, [this] { writeToAll(":\n"); });
    m_keepAlive.start(keepAlive);
}

FaultyPortal::~FaultyPortal() = default;

void FaultyPortal::serve()
{
    m_server.handle("/login", [this](Exchange *login) {
        if (m_trouble == Trouble::LoginIsRefused)
            login->answerJson(401, {{u"error"_s, u"no"_s}});
        else
            grant(login);
    });
    m_server.handle("/permissions", [this](Exchange *permissions) {
        permissions->answer(isKnown(permissions) ? 200 : 401,
                            R"({"permissions":["counter.read"]})");
    });
    m_server.handle("/count", [this](Exchange *count) {
        if (!isKnown(count))
            count->answer(401);
        else if (m_trouble == Trouble::SnapshotIsBadGateway)
            count->answer(502);
        else
            count->answerJson(200, {{u"count"_s, m_number}});
    });
    m_server.handle("/stream", [this](Exchange *stream) {
        if (!isKnown(stream))
            stream->answer(401);
        else if (m_trouble == Trouble::StreamIsBadGateway)
            stream->answer(502);
        else if (m_trouble == Trouble::StreamIsNoStream)
            stream->answerJson(200, {{u"count"_s, m_number}});
        else
            stream->startStream();
    });
    m_server.handle("/close", [](Exchange *close) { close->answer(204); });
}

void FaultyPortal::grant(Exchange *login)
{
    const QByteArray token = 'T' + QByteArray::number(++m_logins);
    m_tokens.insert(token);
    login->answerJson(200, {{u"token"_s, QString::fromLatin1(token)}, {u"expires_in"_s, 3600}});
}

bool FaultyPortal::isKnown(const Exchange *exchange) const
{
    const QByteArray login = exchange->header("Authorization");
    return login.startsWith("Bearer ") && m_tokens.contains(login.sliced(7));
}

void FaultyPortal::writeToAll(const QByteArray &text)
{
    const QList<Exchange *> exchanges = m_server.exchanges("/stream");
    for (Exchange *stream : exchanges) {
        if (stream->isOpen() && stream->status() == 200)
            stream->write(text);
    }
}

void FaultyPortal::setNumber(int number)
{
    judge();
    m_ceased.insert(m_number, m_pulse->now());
    m_ceased.remove(number);
    m_number = number;
    writeToAll(countEvent(number) + "\n\n");
}

void FaultyPortal::beginEvent()
{
    m_cable.watchFor("1000000");
    writeToAll(countEvent(1'000'000) + '\n');
}

void FaultyPortal::endStreams()
{
    const QList<Exchange *> exchanges = m_server.exchanges("/stream");
    for (Exchange *stream : exchanges) {
        if (stream->isOpen() && stream->status() == 200)
            stream->end();
    }
}

bool FaultyPortal::showsALiveNumber() const
{
    return badgeFor(m_feeds.summary(), {}, false, false).state == Badge::State::Live;
}

bool FaultyPortal::isRight() const
{
    return showsALiveNumber() && m_feeds.summary().status == Status::Live
        && m_feeds.summary().count == m_number && m_shown == m_number;
}

void FaultyPortal::compute()
{
    m_hasShownTrouble = m_hasShownTrouble || !showsALiveNumber();
    // What heals by itself is no reason to call for somebody.
    const Status status = m_feeds.summary().status;
    if (status == Status::Failed || status == Status::NotPermitted
        || (status == Status::LoginNeeded && !m_mayAsk))
        accuse(u"asks its user to act"_s);
    Q_EMIT computed();
}

void FaultyPortal::show()
{
    judge(); // what was shown until now
    const TrayFace &face = m_tray.face();
    m_shown = face.badge.state == Badge::State::Live ? std::optional(face.number) : std::nullopt;
    m_isPolled = m_feeds.summary().status == Status::Polling;
    judge();
    Q_EMIT shown();
}

void FaultyPortal::judge()
{
    ++m_judgements;
    if (!m_shown || m_shown == m_number)
        return;
    if (!m_ceased.contains(*m_shown)) {
        accuse(u"shows a number that never was"_s);
        return;
    }
    const Span since = m_ceased.value(*m_shown);
    const Span lag = m_pulse->now() - since;
    const Span late = m_pulse->lateness(since);
    const Span allowed = leeway + (m_isPolled ? pollInterval * 12 / 10 + stepTimeout : idleTimeout);
    m_longestLag = std::max(m_longestLag, lag);
    if (lag > allowed + 2 * late)
        accuse(u"shows a number that has not been true for %1 ms (late by %2 ms)"_s.arg(lag.count())
                   .arg(late.count()));
}

void FaultyPortal::accuse(const QString &what)
{
    const QString lie = what + u": "_s + describe();
    if (!m_lies.contains(lie))
        m_lies.append(lie);
}

QString FaultyPortal::describe() const
{
    const FeedList::Summary &summary = m_feeds.summary();
    const QString count = summary.count ? QString::number(*summary.count) : u"no number"_s;
    return u"%1, %2, %3 (%4); the server has %5"_s.arg(
        count, summary.freshness == Freshness::Fresh ? u"fresh"_s : u"not fresh"_s,
        statusWord(summary.status), summary.detail, QString::number(m_number));
}
