// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/clock.h"

#include "console.h"
#include "serve/eventstream.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::Exchange;

namespace {

// Each wake-up asks the kernel about every socket: of ten thousand readers some share one.
constexpr auto grain = 20ms;

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

Clock::Clock(FactLog *log)
    : Scenario(log)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // a clock that is 5 % off is none
    connect(&m_timer, &QTimer::timeout, this, &Clock::tick);
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

    // They all wait equally long: what comes last is due last.
    m_due.push_back({std::chrono::steady_clock::now() + 1s, stream});
    if (!m_timer.isActive())
        m_timer.start(1s);
}

// One timer for all: ten thousand of their own would have to be sorted each time one fires.
void Clock::tick()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_due.empty() && m_due.front().time <= now) {
        const Due due = m_due.front();
        m_due.pop_front();
        if (!due.stream)
            continue;
        due.stream->write(dataNow());
        // Where we are late we do not hurry: each reader would get two times at once.
        m_due.push_back({std::max(due.time + 1s, now + 500ms), due.stream});
    }
    if (!m_due.empty())
        m_timer.start(std::max(grain,
                               std::chrono::ceil<std::chrono::milliseconds>(
                                   m_due.front().time - std::chrono::steady_clock::now())));
}
