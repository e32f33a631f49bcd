// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "scriptserver.h"

#include <QFile>
#include <QTimer>

#include <chrono>

using namespace Qt::Literals;
using namespace std::chrono_literals;
using Harness::Exchange;

namespace Oracle {

namespace {

// Between two slices, or the clients would mostly read several at once.
constexpr auto pace = 1ms;

QByteArray folder(const QByteArray &client, int number)
{
    return '/' + client + '/' + QByteArray::number(number) + '/';
}

} // namespace

ScriptServer::ScriptServer(QObject *parent)
    : QObject(parent)
{
    connect(&m_http, &Harness::HttpServer::requestReceived, this, &ScriptServer::answer);
    if (!m_http.listen(QHostAddress::LocalHost, 0))
        qFatal("Oracle: %s", qPrintable(m_http.errorString()));
}

int ScriptServer::add(const Script &script)
{
    m_scripts.append(script);
    return int(m_scripts.size()) - 1;
}

QUrl ScriptServer::url(const QByteArray &client, int number) const
{
    return m_http.url(folder(client, number) + "stream");
}

QList<Request> ScriptServer::requests(const QByteArray &client, int number) const
{
    return m_requests.value(folder(client, number));
}

void ScriptServer::answer(Exchange *exchange)
{
    connect(exchange, &Exchange::finished, exchange, &QObject::deleteLater);
    const QByteArray path = exchange->path();
    const QByteArrayList parts = path.split('/'); // "", client, number, place
    if (path == "/") {
        QFile page(u":/oracle.html"_s);
        if (!page.open(QIODevice::ReadOnly))
            qFatal("Oracle: the page is missing");
        exchange->answer(200, page.readAll(), {{"Content-Type", "text/html; charset=utf-8"}});
        return;
    }
    if (parts.size() != 4) {
        exchange->answer(404); // /favicon.ico
        return;
    }
    const Script &script = m_scripts.at(parts.at(2).toInt());
    QList<Request> &earlier = m_requests[path.first(path.lastIndexOf('/') + 1)];
    const qsizetype turn = earlier.size();
    // Qt 6.4 sends a request again by itself, and throws the answer away, when a connection closes
    // soon after the end of a stream: now and then on a busy machine.
    if (turn > 0 && !script.reconnects)
        return;
    Request request{parts.at(3), exchange->header("Accept"), std::nullopt};
    if (exchange->request().hasHeader("Last-Event-ID"))
        request.lastEventId = exchange->header("Last-Event-ID");
    earlier.append(request);
    if (turn < script.answers.size())
        play(exchange, script.answers.at(turn));
    else
        exchange->answer(204);
}

void ScriptServer::play(Exchange *exchange, const Answer &answer)
{
    exchange->sendHead(answer.status, answer.headers);
    auto *const timer = new QTimer(exchange);
    timer->setTimerType(Qt::PreciseTimer);
    const auto playNext = [exchange, timer, slices = answer.slices,
                           isCut = answer.isCut]() mutable {
        if (!slices.isEmpty()) {
            exchange->write(slices.takeFirst());
            return;
        }
        timer->stop();
        if (isCut)
            exchange->cut();
        else
            exchange->end();
    };
    connect(timer, &QTimer::timeout, exchange, playNext);
    timer->start(pace);
}

} // namespace Oracle
