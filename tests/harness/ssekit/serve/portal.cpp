// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/portal.h"

#include "serve/eventstream.h"
#include "serve/factlog.h"

#include <QCommandLineParser>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::Exchange;

namespace {

constexpr auto keepAlive = 15s;
constexpr qsizetype longestReason = 200;
constexpr qsizetype longestBody = 1000;

void answer(Exchange *exchange, int status, const QJsonObject &body)
{
    Harness::Headers headers = {{"Cache-Control", "no-store"}};
    if (status == 401)
        headers.emplaceBack("WWW-Authenticate", "Bearer");
    exchange->answerJson(status, body, headers);
}

} // namespace

struct Portal::Route
{
    const char *method;
    const char *path;
    void (Portal::*serve)(Exchange *, Session *);
    bool needsToken;
};

const QList<Portal::Route> &Portal::routes()
{
    static const QList<Route> all = {
        {"GET", "/", &Portal::page, false},
        {"GET", "/demo", &Portal::demo, false},
        {"POST", "/add", &Portal::add, false},
        {"POST", "/read", &Portal::read, false},
        {"POST", "/cut", &Portal::cut, false},
        {"POST", "/login", &Portal::login, false},
        {"POST", "/refresh", &Portal::refresh, true},
        {"GET", "/permissions", &Portal::permissions, true},
        {"GET", "/count", &Portal::count, true},
        {"GET", "/stream", &Portal::stream, true},
        {"POST", "/close", &Portal::close, true},
    };
    return all;
}

ScenarioEntry Portal::entry()
{
    const auto create = [](const QCommandLineParser &options, FactLog *log,
                           QString *error) -> std::unique_ptr<Scenario> {
        const auto manners = PortalManners::read(options, error);
        return manners ? std::make_unique<Portal>(log, *manners) : nullptr;
    };
    return {u"portal"_s,
            u"A company portal: log in (mia, tallybell), follow a number, say goodbye."_s,
            PortalManners::options(), create};
}

Portal::Portal(FactLog *log, const PortalManners &manners)
    : Scenario(log)
    , m_manners(manners)
    , m_sessions(manners.tokenLifetime)
{
    connect(&m_counter, &Counter::changed, this, [this](int count) {
        this->log()->write("count", {{u"count"_s, count}});
    });
    connect(&m_tick, &QTimer::timeout, &m_counter, &Counter::tick);
    if (manners.tick > 0ms)
        m_tick.start(manners.tick);
}

QJsonObject Portal::requestFacts(const Exchange *exchange) const
{
    const Credential credential = m_sessions.find(exchange->header("Authorization"));
    if (!credential.session)
        return {};
    return {{u"session"_s, credential.session->id()}, {u"token"_s, credential.word()}};
}

void Portal::serve(Exchange *exchange)
{
    const auto &all = routes();
    const auto route = std::find_if(all.cbegin(), all.cend(), [exchange](const Route &candidate) {
        return exchange->path() == candidate.path;
    });
    if (route == all.cend()) {
        answerNotFound(exchange);
        return;
    }
    if (exchange->method() != route->method) {
        answerWrongMethod(exchange, route->method);
        return;
    }
    const Credential credential = m_sessions.find(exchange->header("Authorization"));
    const bool isClosing = route->serve == &Portal::close;
    if (isClosing)
        logCloseRequest(exchange, credential);
    // A close request may come twice: its sender cannot know that the first one arrived.
    const bool isWelcome = credential.isGood() && (!credential.session->isClosed() || isClosing);
    if (route->needsToken && !isWelcome)
        answer(exchange, 401, {{u"error"_s, u"Log in first."_s}});
    else
        (this->*route->serve)(exchange, credential.session);
}

void Portal::page(Exchange *exchange, Session *)
{
    answerPage(exchange, u"portal.html"_s);
}

// What the page shows: the number, and all that is written to the log.
void Portal::demo(Exchange *exchange, Session *)
{
    auto *const stream = new EventStream(exchange, log(), {}, {}, keepAlive);
    stream->write(countEvent());
    connect(&m_counter, &Counter::changed, stream, [this, stream] { stream->write(countEvent()); });
    connect(log(), &FactLog::written, stream, [stream](const QByteArray &line) {
        stream->write("event: fact\ndata: " + line + "\n\n");
    });
}

void Portal::add(Exchange *exchange, Session *)
{
    moveBy(exchange, +1);
}

void Portal::read(Exchange *exchange, Session *)
{
    moveBy(exchange, -1);
}

void Portal::moveBy(Exchange *exchange, int direction)
{
    const QByteArray text = exchange->request().queryValue("n");
    bool isNumber = false;
    const int n = text.isNull() ? 1 : text.toInt(&isNumber);
    if (!text.isNull() && (!isNumber || n < 1 || n > Counter::maximum)) {
        answer(exchange, 400, {{u"error"_s, u"n is a number from 1 to 1000000."_s}});
        return;
    }
    m_counter.move(direction * n);
    answer(exchange, 200, {{u"count"_s, m_counter.count()}});
}

// What a bad network does to the streams.
void Portal::cut(Exchange *exchange, Session *)
{
    Session *const session =
        m_sessions.withId(QString::fromLatin1(exchange->request().queryValue("session")));
    if (!session) {
        answer(exchange, 404, {{u"error"_s, u"There is no such session."_s}});
        return;
    }
    Q_EMIT session->cutWanted();
    exchange->answer(204);
}

void Portal::login(Exchange *exchange, Session *)
{
    const QJsonDocument body = QJsonDocument::fromJson(exchange->body());
    if (!body.isObject()) {
        answer(exchange, 400, {{u"error"_s, u"Send {\"user\": …, \"password\": …}."_s}});
        return;
    }
    if (body[u"user"].toString() != "mia"_L1 || body[u"password"].toString() != "tallybell"_L1) {
        // People type passwords into the wrong field: the name is not logged either.
        log()->write("login", {{u"ok"_s, false}});
        answer(exchange, 401, {{u"error"_s, u"Wrong user or password."_s}});
        return;
    }
    const QByteArray token = m_sessions.open();
    const Session *const session = m_sessions.find("Bearer " + token).session;
    log()->write("login", {{u"ok"_s, true}, {u"user"_s, u"mia"_s}, {u"session"_s, session->id()}});
    giveToken(exchange, token);
}

void Portal::refresh(Exchange *exchange, Session *session)
{
    const QByteArray token = m_sessions.renew(session);
    log()->write("renewed", {{u"session"_s, session->id()}});
    giveToken(exchange, token);
}

void Portal::giveToken(Exchange *exchange, const QByteArray &token)
{
    const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(m_manners.tokenLifetime);
    answer(exchange, 200,
           {{u"token"_s, QString::fromLatin1(token)}, {u"expires_in"_s, qint64(lifetime.count())}});
}

void Portal::permissions(Exchange *exchange, Session *)
{
    answer(exchange, 200, {{u"permissions"_s, QJsonArray{u"counter.read"_s}}});
}

void Portal::count(Exchange *exchange, Session *)
{
    answer(exchange, 200, {{u"count"_s, m_counter.count()}});
}

void Portal::stream(Exchange *exchange, Session *session)
{
    const QString connection = QLatin1Char('c') + QString::number(++m_connections);
    auto *const stream = new EventStream(
        exchange, log(), {{u"session"_s, session->id()}, {u"connection"_s, connection}}, {},
        keepAlive);
    if (m_manners.greets)
        stream->write("event: hello\ndata: {\"connection\":\"" + connection.toLatin1() + "\"}\n\n");
    const QByteArray lastSeen = exchange->header("Last-Event-ID");
    if (!lastSeen.isEmpty() && lastSeen != QByteArray::number(m_counter.changes()))
        stream->write(countEvent());
    connect(&m_counter, &Counter::changed, stream, [this, stream] { stream->write(countEvent()); });
    connect(session, &Session::closed, stream, &EventStream::end);
    connect(session, &Session::cutWanted, stream, &EventStream::cut);
}

// Whoever sent it, and whatever becomes of it.
void Portal::logCloseRequest(const Exchange *exchange, const Credential &credential)
{
    const QJsonDocument body = QJsonDocument::fromJson(exchange->body());
    QJsonObject facts = {
        {u"arrival"_s, ++m_closeRequests},
        {u"token"_s, credential.word()},
        {u"reason"_s, body[u"reason"].toString().left(longestReason)},
        {u"body"_s, QString::fromUtf8(exchange->body()).left(longestBody)},
    };
    if (credential.session)
        facts.insert(u"session"_s, credential.session->id());
    if (exchange->request().hasHeader("Idempotency-Key"))
        facts.insert(u"idempotencyKey"_s, QString::fromUtf8(exchange->header("Idempotency-Key")));
    if (credential.session && credential.session->isClosed())
        facts.insert(u"repeated"_s, true);
    log()->write("close request", facts);
}

void Portal::close(Exchange *exchange, Session *session)
{
    using AtClose = PortalManners::AtClose;
    if (m_manners.atClose == AtClose::Error) {
        answer(exchange, 500, {{u"error"_s, u"The portal is out of order."_s}});
        return;
    }
    if (m_manners.atClose == AtClose::Answer)
        exchange->answer(204);
    else if (m_manners.atClose == AtClose::Drop)
        exchange->cut();
    session->close();
}

QByteArray Portal::countEvent() const
{
    return "event: count\ndata: {\"count\":" + QByteArray::number(m_counter.count())
        + "}\nid: " + QByteArray::number(m_counter.changes()) + "\n\n";
}
