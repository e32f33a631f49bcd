// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "record/recorder.h"

#include "console.h"
#include "record/scriptwriter.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int cannotWrite = 1;
constexpr int noAnswer = 6;

} // namespace

Recorder::Recorder(const RecordTerms &terms, QObject *parent)
    : QObject(parent)
    , m_terms(terms)
    , m_file(terms.fileName)
{
    m_terms.wanted.applyProxy(m_manager);
    connect(&m_stream, &RawStream::headReceived, this, &Recorder::writeHead);
    connect(&m_stream, &RawStream::received, this, &Recorder::writePiece);
    connect(&m_stream, &RawStream::ended, this, &Recorder::writeEnd);
    m_duration.setSingleShot(true);
    m_duration.setTimerType(Qt::PreciseTimer);
    connect(&m_duration, &QTimer::timeout, this, &Recorder::stop);
}

void Recorder::start()
{
    if (m_terms.duration > 0ms)
        m_duration.start(m_terms.duration);
    // Queued: an exit before the event loop runs would be lost.
    QMetaObject::invokeMethod(
        this, [this] { m_stream.open(m_terms.wanted.withAuthorities()); }, Qt::QueuedConnection);
}

void Recorder::stop()
{
    if (m_finished)
        return;
    if (m_stream.status() == 0) {
        printError(u"No answer came from %1 so far; nothing was written."_s.arg(
            printableUrl(m_terms.wanted.request.url())));
        finish(noAnswer);
    } else if (write(pause() + "freeze\n")) {
        finish(0);
    }
}

void Recorder::writeHead()
{
    QIODevice::OpenMode mode = QIODevice::WriteOnly | QIODevice::Unbuffered;
    if (!m_terms.overwrites)
        mode |= QIODevice::NewOnly;
    if (!m_file.open(mode)) {
        printError(m_file.exists() && !m_terms.overwrites
                       ? u"\"%1\" exists; --force writes over it."_s.arg(m_terms.fileName)
                       : u"Cannot write \"%1\": %2."_s.arg(m_terms.fileName, m_file.errorString()));
        finish(cannotWrite);
        return;
    }
    write(Script::origin(m_stream.url(), QDateTime::currentDateTime())
          + Script::head(m_stream.status(), m_stream.reasonPhrase(), m_stream.headers()) + '\n'
          + pause() + "head\n");
}

void Recorder::writePiece(const QByteArray &piece)
{
    if (m_finished)
        return;
    const qint64 room = m_terms.maximumBytes - m_bytes;
    const QByteArray kept = piece.left(qsizetype(std::min<qint64>(room, piece.size())));
    if (!write(pause() + Script::send(kept)))
        return;
    m_bytes += kept.size();
    ++m_pieces;
    if (m_bytes < m_terms.maximumBytes)
        return;
    printError(u"Stopped at %L1 bytes; --max-bytes sets another bound."_s.arg(m_bytes));
    stop();
}

void Recorder::writeEnd(RawStream::End end)
{
    if (m_finished)
        return;
    if (end == RawStream::End::NoAnswer) {
        printError(u"%1: %2"_s.arg(printableUrl(m_stream.url()), m_stream.errorString()));
        finish(noAnswer);
    } else if (write(pause() + (end == RawStream::End::Cut ? "cut\n" : "end\n"))) {
        finish(0);
    }
}

// From the sum of what was written, so that rounding does not add up.
QByteArray Recorder::pause()
{
    const std::chrono::milliseconds now = m_stream.elapsed();
    const std::chrono::milliseconds sinceLast = now - std::exchange(m_written, now);
    return Script::sleep(sinceLast);
}

// At once, and to the file system: nothing waits in a buffer of ours.
bool Recorder::write(const QByteArray &statements)
{
    if (m_file.write(statements) == statements.size()) {
        m_goodSize += statements.size();
        return true;
    }
    const QString reason = m_file.errorString();
    m_file.resize(m_goodSize); // half a statement would spoil the script
    printError(u"Cannot write \"%1\": %2. It holds the first %L3 bytes of the stream."_s
                   .arg(m_terms.fileName, reason)
                   .arg(m_bytes));
    finish(cannotWrite);
    return false;
}

void Recorder::finish(int exitCode)
{
    m_finished = true;
    m_duration.stop();
    m_stream.abort();
    m_file.close();
    if (exitCode == 0)
        printLine(u"%1: %L2 bytes in %L3 pieces, %4 s"_s.arg(m_terms.fileName)
                      .arg(m_bytes)
                      .arg(m_pieces)
                      .arg(double(m_stream.elapsed().count()) / 1000, 0, 'f', 1)
                      .toUtf8());
    m_exitCode = exitCode;
    QCoreApplication::quit();
}
