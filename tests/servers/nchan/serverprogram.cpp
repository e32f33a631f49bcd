// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serverprogram.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms

} // namespace

ServerProgram::ServerProgram()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { ::setpgid(0, 0); }); // its workers are in the group too
}

bool ServerProgram::start(const QString &program, const QStringList &arguments, quint16 port)
{
    m_process.start(program, arguments);
    if (!m_process.waitForStarted())
        return false;
    m_group = m_process.processId();
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience && m_process.state() == QProcess::Running) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        if (socket.waitForConnected())
            return true;
        m_process.waitForFinished(50); // a wait that an early end cuts short
    }
    return false;
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

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

bool fillIn(const QString &source, const QString &target, const QHash<QString, QString> &values)
{
    QFile in(source);
    QFile out(target);
    if (!in.open(QIODevice::ReadOnly) || !out.open(QIODevice::WriteOnly))
        return false;
    QString text = QString::fromUtf8(in.readAll());
    for (auto value = values.cbegin(); value != values.cend(); ++value)
        text.replace(u'@' + value.key() + u'@', value.value());
    const QByteArray bytes = text.toUtf8();
    return !bytes.contains('@') && out.write(bytes) == bytes.size();
}
