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
constexpr double longestTick = 24 * 60 * 60; // seconds
constexpr qsizetype longestReason = 200;

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
        {"POST", "/login", &Portal::login, false},
        {"GET", "/permissions", &Portal::permissions, true},
        {"GET", "/count", &Portal::count, true},
        {"GET", "/stream", &Portal::stream, true},
        {"POST", "/close", &Portal::close, true},
    };
    return all;
}

ScenarioEntry Portal::entry()
{
    const QCommandLineOption tick(
        u"tick"_s, u"portal: move the number by itself, up and down. Default: only by hand."_s,
        u"SECONDS"_s);
    const auto create = [](const QCommandLineParser &options, FactLog *log,
                           QString *error) -> std::unique_ptr<Scenario> {
        const QString text = options.isSet(u"tick"_s) ? options.value(u"tick"_s) : u"0"_s;
        bool isNumber = false;
        const double seconds = text.toDouble(&isNumber);
        if (!isNumber || !(seconds >= 0 && seconds <= longestTick)) {
            *error = u"--tick takes seconds, up to a day; \"%1\" is not that."_s.arg(text);
            return nullptr;
        }
        return std::make_unique<Portal>(log, std::chrono::milliseconds(qRound(seconds * 1000)));
    };
    return {u"portal"_s,
            u"A company portal: log in (mia, tallybell), follow a number, say goodbye."_s,
            {tick},
            create};
}

Portal::Portal(FactLog *log, std::chrono::milliseconds tick)
    : Scenario(log)
{
    connect(&m_counter, &Counter::changed, this, [this](int count) {
        this->log()->write("count", {{u"count"_s, count}});
    });
    connect(&m_tick, &QTimer::timeout, &m_counter, &Counter::tick);
    if (tick > 0ms)
        m_tick.start(tick);
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
    Session *const session =
        route->needsToken ? m_sessions.find(exchange->header("Authorization")) : nullptr;
    // A close request may come twice: its sender cannot know that the first one arrived.
    const bool isWelcome = session && (!session->isClosed() || route->serve == &Portal::close);
    if (route->needsToken && !isWelcome)
        answer(exchange, 401, {{u"error"_s, u"Log in first."_s}});
    else
        (this->*route->serve)(exchange, session);
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
    const Session *const session = m_sessions.find("Bearer " + token);
    log()->write("login", {{u"ok"_s, true}, {u"user"_s, u"mia"_s}, {u"session"_s, session->id()}});
    answer(exchange, 200,
           {{u"token"_s, QString::fromLatin1(token)},
            {u"expires_in"_s, qint64(Session::lifetime.count())}});
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
    auto *const stream =
        new EventStream(exchange, log(), {{u"session"_s, session->id()}}, {}, keepAlive);
    const QByteArray lastSeen = exchange->header("Last-Event-ID");
    if (!lastSeen.isEmpty() && lastSeen != QByteArray::number(m_counter.changes()))
        stream->write(countEvent());
    connect(&m_counter, &Counter::changed, stream, [this, stream] { stream->write(countEvent()); });
    connect(session, &Session::closed, stream, &EventStream::end);
}

void Portal::close(Exchange *exchange, Session *session)
{
    const QJsonDocument body = QJsonDocument::fromJson(exchange->body());
    QJsonObject facts = {{u"session"_s, session->id()},
                         {u"reason"_s, body[u"reason"].toString().left(longestReason)}};
    if (exchange->request().hasHeader("Idempotency-Key"))
        facts.insert(u"idempotencyKey"_s, QString::fromUtf8(exchange->header("Idempotency-Key")));
    if (session->isClosed())
        facts.insert(u"repeated"_s, true);
    log()->write("close request", facts);
    exchange->answer(204);
    session->close();
}

QByteArray Portal::countEvent() const
{
    return "event: count\ndata: {\"count\":" + QByteArray::number(m_counter.count())
        + "}\nid: " + QByteArray::number(m_counter.changes()) + "\n\n";
}
