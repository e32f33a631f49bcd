// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptrun.h"

#include "script/scriptexpectation.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::Exchange;
using Kind = ScriptStatement::Kind;

namespace {

constexpr int statementsAtOnce = 2000; // then others have their turn
constexpr qint64 mostUnsent = 1024 * 1024; // then the client has to read first

} // namespace

ScriptRun::ScriptRun(const ScriptBlock &block, const ScriptSurroundings &surroundings,
                     Exchange *exchange)
    : QObject(exchange)
    , m_block(block)
    , m_surroundings(surroundings)
    , m_exchange(exchange)
    , m_answer(exchange)
{
    m_pause.setSingleShot(true);
    m_pause.setTimerType(Qt::PreciseTimer);
    connect(&m_pause, &QTimer::timeout, this, &ScriptRun::run);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        if (m_waitingFor)
            fail(*m_waitingFor, u"this did not come in time"_s);
    });
    connect(exchange, &Exchange::peerClosed, this, &ScriptRun::peerWent);
    connect(exchange, &Exchange::bytesWritten, this, [this] {
        if (m_isHeldBack && m_exchange->bytesToWrite() <= mostUnsent / 2)
            run();
    });
}

void ScriptRun::run()
{
    m_isHeldBack = false;
    for (int count = 0; !m_isFinished && !m_waitingFor && !m_isFrozen; ++count) {
        if (m_exchange->bytesToWrite() > mostUnsent) {
            m_isHeldBack = true;
            return;
        }
        if (count == statementsAtOnce) {
            m_pause.start(0);
            return;
        }
        if (m_answer.hasSlices()) {
            if (wait(hurried(m_answer.sendSlice())) == Next::Waits)
                return;
            continue;
        }
        if (m_at == m_block.size()) {
            m_answer.end();
            finish();
            return;
        }
        if (execute(m_block.at(m_at++)) == Next::Waits)
            return;
    }
}

void ScriptRun::noteRequest(const QByteArray &path)
{
    ++m_requests[path];
    ++m_requests[{}];
    if (m_waitingFor && waitFor(*std::exchange(m_waitingFor, {})) == Next::GoesOn)
        run();
}

ScriptRun::Next ScriptRun::execute(const ScriptStatement &statement)
{
    switch (statement.kind) {
    case Kind::Status:
        m_answer.setStatus(int(statement.number), statement.name);
        break;
    case Kind::Header:
        m_answer.addHeader(statement.name, expand(statement.text));
        break;
    case Kind::NoHeader:
        m_answer.omitHeader(statement.name);
        break;
    case Kind::FramingChunked:
        break;
    case Kind::FramingClose:
        m_answer.setHeader("Connection", "close");
        break;
    case Kind::FramingLength:
        m_answer.setHeader("Content-Length", QByteArray::number(statement.number));
        break;
    case Kind::Http10:
        m_answer.useHttp10();
        break;
    case Kind::Head:
        m_answer.sendHead();
        break;
    case Kind::Send:
        m_answer.send(expand(statement.text));
        break;
    case Kind::Raw:
        m_exchange->writeRaw(expand(statement.text));
        break;
    case Kind::Slice:
        m_answer.setSlices(qsizetype(statement.number), statement.duration);
        break;
    case Kind::Gzip:
    case Kind::GzipWithoutFlush:
        m_answer.compress(statement.kind == Kind::Gzip);
        break;
    case Kind::Sleep:
        return wait(hurried(statement.duration));
    case Kind::Repeat:
        m_loops.append(
            {m_at - 1, 1, QDeadlineTimer(hurried(statement.duration), Qt::PreciseTimer)});
        break;
    case Kind::Done:
        return endRound(statement);
    case Kind::WaitForClose:
    case Kind::WaitForRequest:
        return waitFor(statement);
    case Kind::End:
    case Kind::Cut:
    case Kind::Reset:
    case Kind::Freeze:
    case Kind::Vanish:
    case Kind::Refuse:
    case Kind::Quit:
        return finishAnswer(statement);
    case Kind::ExpectHeader:
    case Kind::ExpectNoHeader:
    case Kind::ExpectMethod:
    case Kind::ExpectQuery:
    case Kind::ExpectBody:
        if (const QString sentence =
                unmetExpectation(statement, expand(statement.text), m_exchange->request());
            !sentence.isEmpty())
            fail(statement, sentence);
        break;
    }
    return Next::GoesOn;
}

ScriptRun::Next ScriptRun::finishAnswer(const ScriptStatement &statement)
{
    switch (statement.kind) {
    case Kind::End:
        m_answer.end();
        break;
    case Kind::Cut:
        m_exchange->cut();
        break;
    case Kind::Reset:
        m_exchange->reset();
        break;
    case Kind::Freeze:
        m_isFrozen = true;
        return Next::Waits;
    case Kind::Vanish:
        if (!m_exchange->vanish())
            fail(statement, u"a vanishing peer needs Linux"_s);
        break;
    case Kind::Refuse:
        Q_EMIT refuseWanted(statement.duration);
        break;
    case Kind::Quit:
        m_answer.end();
        Q_EMIT quitWanted();
        finish();
        return Next::Waits;
    default:
        Q_UNREACHABLE();
    }
    return Next::GoesOn;
}

ScriptRun::Next ScriptRun::endRound(const ScriptStatement &statement)
{
    Loop &loop = m_loops.last();
    const ScriptStatement &repeat = m_block.at(statement.partner);
    if (loop.round == repeat.number) {
        m_loops.removeLast();
        return Next::GoesOn;
    }
    ++loop.round;
    m_at = loop.begin + 1;
    if (repeat.duration == 0ms)
        return Next::GoesOn;
    const auto pause = std::chrono::milliseconds(loop.nextRound.remainingTime());
    loop.nextRound = QDeadlineTimer(pause + hurried(repeat.duration), Qt::PreciseTimer);
    return wait(pause);
}

std::chrono::milliseconds ScriptRun::hurried(std::chrono::milliseconds duration) const
{
    if (m_surroundings.speed <= 0)
        return 0ms;
    return std::chrono::milliseconds(qRound64(double(duration.count()) / m_surroundings.speed));
}

ScriptRun::Next ScriptRun::wait(std::chrono::milliseconds duration)
{
    if (duration <= 0ms)
        return Next::GoesOn;
    m_pause.start(duration);
    return Next::Waits;
}

ScriptRun::Next ScriptRun::waitFor(const ScriptStatement &statement)
{
    if (statement.kind == Kind::WaitForRequest) {
        const auto came = m_requests.find(statement.name);
        if (came != m_requests.end() && *came > 0) {
            --*came;
            m_limit.stop();
            return Next::GoesOn;
        }
    } else if (!m_exchange->isOpen()) {
        return Next::GoesOn;
    }
    m_waitingFor = statement;
    if (statement.limit > 0ms && !m_limit.isActive())
        m_limit.start(statement.limit);
    return Next::Waits;
}

void ScriptRun::fail(const ScriptStatement &statement, const QString &sentence)
{
    Q_EMIT failed(statement.place, sentence);
    finish();
}

void ScriptRun::peerWent()
{
    const auto isWait = [](const ScriptStatement &statement) {
        return statement.kind == Kind::WaitForClose;
    };
    const bool isAwaited = m_waitingFor && isWait(*m_waitingFor);
    m_waitingFor.reset();
    m_limit.stop();
    m_pause.stop();
    m_answer.dropSlices();
    m_isFrozen = false;
    if (!isAwaited) {
        const auto next = std::find_if(m_block.cbegin() + m_at, m_block.cend(), isWait);
        m_at = next == m_block.cend() ? m_block.size() : next - m_block.cbegin() + 1;
        m_loops.clear();
    }
    // Not from within: we are in the middle of the exchange's own farewell.
    m_pause.start(0);
}

void ScriptRun::finish()
{
    if (std::exchange(m_isFinished, true))
        return;
    m_pause.stop();
    m_limit.stop();
    Q_EMIT finished();
}

QByteArray ScriptRun::expand(const ScriptText &text) const
{
    using Variable = ScriptText::Variable;
    QByteArray result;
    for (const ScriptText::Part &part : text.parts) {
        switch (part.variable) {
        case Variable::None:
            result += part.bytes;
            break;
        case Variable::Round:
            result += QByteArray::number(m_loops.isEmpty() ? 1 : m_loops.last().round);
            break;
        case Variable::Now:
            result += QByteArray::number(QDateTime::currentMSecsSinceEpoch());
            break;
        case Variable::Request:
            result += QByteArray::number(m_surroundings.request);
            break;
        case Variable::LastEventId:
            result += m_exchange->header("Last-Event-ID");
            break;
        case Variable::Header:
            result += m_exchange->header(part.bytes);
            break;
        case Variable::Host:
            result += m_surroundings.host;
            break;
        case Variable::Port:
            result += m_surroundings.port;
            break;
        case Variable::PlainPort:
            result += m_surroundings.plainPort;
            break;
        }
    }
    return result;
}
