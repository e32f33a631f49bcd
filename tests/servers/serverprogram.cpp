// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serverprogram.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <unistd.h>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms

} // namespace

ServerProgram::ServerProgram()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] {
        ::setpgid(0, 0); // its workers are in the group too
#ifdef Q_OS_LINUX
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // also when the test crashes
#endif
    });
}

bool ServerProgram::start(const QString &program, const QStringList &arguments, quint16 port)
{
    if (!start(program, arguments))
        return false;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience && isRunning()) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        if (socket.waitForConnected())
            return true;
        m_process.waitForFinished(50); // a wait that an early end cuts short
    }
    return false;
}

bool ServerProgram::start(const QString &program, const QStringList &arguments)
{
    m_process.start(program, arguments);
    if (!m_process.waitForStarted())
        return false;
    m_group = m_process.processId();
    return true;
}

void ServerProgram::send(int number)
{
    if (isRunning())
        ::kill(pid_t(m_process.processId()), number);
}

void ServerProgram::stop()
{
    send(SIGTERM);
    m_process.waitForFinished(5'000);
    kill();
}

void ServerProgram::kill()
{
    if (m_group > 0)
        ::kill(pid_t(-m_group), SIGKILL);
    m_group = 0;
    m_process.waitForFinished();
}

QString findServer(const QString &program)
{
    const QString usual = QStandardPaths::findExecutable(program);
    return usual.isEmpty() ? QStandardPaths::findExecutable(
               program, {u"/usr/sbin"_s, u"/usr/local/sbin"_s, u"/sbin"_s})
                           : usual;
}

void skipWithout(const QString &missing)
{
    if (missing.isEmpty())
        return;
    if (qEnvironmentVariable("CI") == "true"_L1)
        QFAIL(qPrintable(missing));
    QSKIP(qPrintable(missing));
}

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

bool fillIn(const QString &source, const QString &target, const QHash<QString, QString> &values)
{
    const QByteArray bytes = filledIn(source, values);
    QFile out(target);
    return !bytes.isEmpty() && out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size();
}

QByteArray filledIn(const QString &source, const QHash<QString, QString> &values)
{
    QFile in(source);
    if (!in.open(QIODevice::ReadOnly))
        return {};
    QString text = QString::fromUtf8(in.readAll());
    for (auto value = values.cbegin(); value != values.cend(); ++value)
        text.replace(u'@' + value.key() + u'@', value.value());
    return text.contains(u'@') ? QByteArray() : text.toUtf8();
}
