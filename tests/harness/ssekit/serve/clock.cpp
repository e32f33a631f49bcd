// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/clock.h"

#include "console.h"
#include "serve/eventstream.h"

#include <QDateTime>
#include <QTimer>

#include <chrono>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::Exchange;

namespace {

QByteArray dataNow()
{
    return "data: " + QByteArray::number(QDateTime::currentMSecsSinceEpoch()) + "\n\n";
}

} // namespace

ScenarioEntry Clock::entry()
{
    return {u"clock"_s,
            u"The time, each second; \"/\" shows it in a browser."_s,
            {},
            [](const QCommandLineParser &, FactLog *log, QString *) {
                return std::make_unique<Clock>(log);
            }};
}

void Clock::serve(Exchange *exchange)
{
    const bool isPage = exchange->path() == "/";
    if (!isPage && exchange->path() != "/stream")
        answerNotFound(exchange);
    else if (exchange->method() != "GET")
        answerWrongMethod(exchange, "GET");
    else if (isPage)
        answerPage(exchange, u"clock.html"_s);
    else
        startStream(exchange);
}

void Clock::startStream(Exchange *exchange)
{
    auto *const stream =
        new EventStream(exchange, log(), {}, {{"Access-Control-Allow-Origin", "*"}});
    connect(stream, &EventStream::peerClosed, this, [] { printLine("close"); });
    stream->write("retry: 10000\nevent: connecttime\n" + dataNow());

    auto *const second = new QTimer(stream);
    second->setTimerType(Qt::PreciseTimer); // a clock that is 5 % off is none
    connect(second, &QTimer::timeout, stream, [stream] { stream->write(dataNow()); });
    second->start(1s);
}
