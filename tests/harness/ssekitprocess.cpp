// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ssekitprocess.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QTimer>

using namespace Qt::Literals;

namespace Harness {

namespace {

constexpr int patience = 20'000; // ms; a sanitizer build on a busy machine is slow
constexpr QByteArrayView listening = "listening on ";

} // namespace

SsekitProcess::SsekitProcess(QObject *parent)
    : QObject(parent)
{
    m_process.setProgram(QCoreApplication::applicationDirPath() + "/ssekit"_L1);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &SsekitProcess::readLines);
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { m_errors += m_process.readAllStandardError(); });
}

SsekitProcess::~SsekitProcess()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

void SsekitProcess::start(const QStringList &arguments)
{
    m_lines.clear();
    m_errors.clear();
    m_process.setArguments(arguments);
    m_process.start();
}

bool SsekitProcess::serve(const QStringList &arguments)
{
    start(QStringList{u"serve"_s, u"--port"_s, u"0"_s} + arguments);
    QElapsedTimer timer;
    timer.start();
    while (m_lines.isEmpty() && timer.elapsed() < patience
           && m_process.waitForReadyRead(patience)) {}
    return !m_address.isEmpty();
}

int SsekitProcess::waitForExit()
{
    // In the event loop: a server that the child waits for may live in this process.
    QEventLoop loop;
    connect(&m_process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    if (m_process.state() != QProcess::NotRunning)
        loop.exec();
    if (m_process.state() != QProcess::NotRunning)
        return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

QUrl SsekitProcess::url(const QByteArray &pathAndQuery) const
{
    return QUrl::fromEncoded(m_address + pathAndQuery);
}

QList<QJsonObject> SsekitProcess::facts(const QString &type) const
{
    QList<QJsonObject> found;
    for (const QByteArray &line : m_lines) {
        const QJsonObject fact = QJsonDocument::fromJson(line).object();
        if (fact.value(u"type").toString() == type)
            found.append(fact);
    }
    return found;
}

void SsekitProcess::readLines()
{
    while (m_process.canReadLine()) {
        QByteArray line = m_process.readLine();
        line.chop(1);
        if (m_lines.isEmpty() && line.startsWith(listening))
            m_address = line.sliced(listening.size());
        m_lines.append(line);
        Q_EMIT lineReceived(line);
    }
}

} // namespace Harness
