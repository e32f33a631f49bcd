// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptrun.h"

#include "script/gzip.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

using Harness::Exchange;
using Kind = ScriptStatement::Kind;

namespace {

constexpr int statementsAtOnce = 2000; // then others have their turn
constexpr qint64 mostUnsent = 1024 * 1024; // then the client has to read first

bool isSameName(QByteArrayView lhs, QByteArrayView rhs)
{
    return lhs.compare(rhs, Qt::CaseInsensitive) == 0;
}

} // namespace

ScriptRun::ScriptRun(const ScriptBlock &block, const ScriptSurroundings &surroundings,
                     Exchange *exchange)
    : QObject(exchange)
    , m_block(block)
    , m_surroundings(surroundings)
    , m_exchange(exchange)
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

ScriptRun::~ScriptRun() = default;

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
        if (!m_slices.isEmpty()) {
            if (sendSlices() == Next::Waits)
                return;
            continue;
        }
        if (m_at == m_block.size()) {
            endBody();
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
        m_status = int(statement.number);
        m_reason =
            statement.name == Harness::reasonPhrase(m_status) ? QByteArray() : statement.name;
        break;
    case Kind::Header:
        m_headers.append({statement.name, expand(statement.text)});
        break;
    case Kind::NoHeader:
        m_withoutHeaders.append(statement.name);
        break;
    case Kind::FramingChunked:
        break;
    case Kind::FramingClose:
        setHeader("Connection", "close");
        break;
    case Kind::FramingLength:
        setHeader("Content-Length", QByteArray::number(statement.number));
        break;
    case Kind::Http10:
        m_isHttp10 = true;
        break;
    case Kind::Head:
        sendHead();
        break;
    case Kind::Send:
        send(expand(statement.text));
        break;
    case Kind::Raw:
        m_exchange->writeRaw(expand(statement.text));
        break;
    case Kind::Slice:
        m_sliceSize = qsizetype(statement.number);
        m_slicePause = statement.duration;
        break;
    case Kind::Gzip:
    case Kind::GzipWithoutFlush:
        m_gzip = std::make_unique<Gzip>();
        m_flushes = statement.kind == Kind::Gzip;
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
        check(statement);
        break;
    }
    return Next::GoesOn;
}

ScriptRun::Next ScriptRun::finishAnswer(const ScriptStatement &statement)
{
    switch (statement.kind) {
    case Kind::End:
        endBody();
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
        endBody();
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

void ScriptRun::check(const ScriptStatement &statement)
{
    const Harness::HttpRequest &request = m_exchange->request();
    const QString name = QString::fromUtf8(statement.name);
    const QByteArray wanted = expand(statement.text);
    const auto compare = [&](const QString &what, const QByteArray &found) {
        if (found != wanted)
            fail(statement,
                 u"expected %1 %2, but it was %3"_s.arg(
                     what, QString::fromUtf8(wanted),
                     found.isEmpty() ? u"empty"_s : QString::fromUtf8(found.left(200))));
    };
    switch (statement.kind) {
    case Kind::ExpectHeader:
        if (!request.hasHeader(statement.name))
            fail(statement, u"expected the header %1, but it did not come"_s.arg(name));
        else if (statement.hasText)
            compare(u"header %1:"_s.arg(name), request.header(statement.name));
        break;
    case Kind::ExpectNoHeader:
        if (request.hasHeader(statement.name))
            fail(statement, u"expected no header %1, but it came"_s.arg(name));
        break;
    case Kind::ExpectMethod:
        compare(u"method"_s, request.method);
        break;
    case Kind::ExpectQuery:
        compare(u"query"_s, request.query);
        break;
    case Kind::ExpectBody:
        compare(u"body"_s, request.body);
        break;
    default:
        Q_UNREACHABLE();
    }
}

void ScriptRun::fail(const ScriptStatement &statement, const QString &sentence)
{
    Q_EMIT failed(statement.place, sentence);
    finish();
}

void ScriptRun::setHeader(const QByteArray &name, const QByteArray &value)
{
    m_headers.removeIf([&name](const auto &header) { return isSameName(header.first, name); });
    m_headers.append({name, value});
}

void ScriptRun::sendHead()
{
    if (std::exchange(m_headIsSent, true))
        return;
    const auto add = [this](const QByteArray &name, const QByteArray &value) {
        const bool isUnwanted =
            std::any_of(m_withoutHeaders.cbegin(), m_withoutHeaders.cend(),
                        [&name](const QByteArray &other) { return isSameName(name, other); });
        if (!isUnwanted && !Harness::hasHeader(m_headers, name))
            m_headers.append({name, value});
    };
    if (m_status == 200 && !Harness::hasHeader(m_headers, "Content-Type")) {
        add("Content-Type", "text/event-stream");
        add("Cache-Control", "no-store");
    }
    add("Access-Control-Allow-Origin",
        "*"); // a page that somebody tries it with comes from elsewhere
    if (!m_isHttp10 && m_reason.isEmpty()) {
        m_exchange->sendHead(m_status, m_headers);
        return;
    }
    QByteArray head = (m_isHttp10 ? "HTTP/1.0 " : "HTTP/1.1 ") + QByteArray::number(m_status) + ' '
        + (m_reason.isEmpty() ? Harness::reasonPhrase(m_status) : m_reason) + "\r\n";
    if (!m_isHttp10)
        setHeader("Connection", "close");
    for (const auto &[name, value] : std::as_const(m_headers))
        head += name + ": " + value + "\r\n";
    m_exchange->writeRaw(head + "\r\n");
}

void ScriptRun::send(const QByteArray &bytes)
{
    sendHead();
    const QByteArray body =
        m_gzip ? m_gzip->add(bytes, m_flushes ? Gzip::Flush::Yes : Gzip::Flush::No) : bytes;
    if (m_sliceSize > 0)
        m_slices = body;
    else
        sendBody(body);
}

void ScriptRun::sendBody(const QByteArray &bytes)
{
    // Past a head of our own there is no framing to keep to.
    if (m_isHttp10 || !m_reason.isEmpty())
        m_exchange->writeRaw(bytes);
    else
        m_exchange->write(bytes);
}

ScriptRun::Next ScriptRun::sendSlices()
{
    sendBody(m_slices.first(std::min(m_sliceSize, m_slices.size())));
    m_slices.remove(0, m_sliceSize);
    return wait(hurried(m_slicePause));
}

void ScriptRun::endBody()
{
    if (!m_exchange->isOpen())
        return;
    if (!m_headIsSent && m_status != 200 && m_status != 204 && m_status != 304
        && !Harness::hasHeader(m_headers, "Connection"))
        setHeader("Content-Length", "0");
    sendHead();
    if (m_gzip)
        sendBody(m_gzip->add({}, Gzip::Flush::End));
    m_exchange->end();
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
    m_slices.clear();
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
