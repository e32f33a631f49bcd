// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "demoportal.h"

#include "core/source/sourcereader.h"

#include <QCoreApplication>
#include <QFile>
#include <QStandardPaths>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif
#ifdef Q_OS_UNIX
#include <csignal>
#include <unistd.h>
#endif

using namespace Qt::Literals;

namespace {

QString findServer()
{
    const QString beside =
        QStandardPaths::findExecutable(u"ssekit"_s, {QCoreApplication::applicationDirPath()});
    return beside.isEmpty() ? QStandardPaths::findExecutable(u"ssekit"_s) : beside;
}

} // namespace

DemoPortal::DemoPortal(QObject *parent)
    : QObject(parent)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
#ifdef Q_OS_UNIX
    m_process.setChildProcessModifier([] {
        // Ctrl+C in the terminal is for us: the server has to live until our close request.
        setpgid(0, 0);
#ifdef Q_OS_LINUX
        prctl(PR_SET_PDEATHSIG, SIGTERM); // and not longer than we do, however we end
#endif
    });
#endif
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &DemoPortal::readAddress);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed(
                tr("The demo server cannot be started: %1.").arg(m_process.errorString()));
    });
    connect(&m_process, &QProcess::finished, this, [this](int exitCode) {
        Q_EMIT failed(
            tr("The demo server ended with exit code %1. Start the demo again.").arg(exitCode));
    });
}

DemoPortal::~DemoPortal()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(500))
        m_process.kill();
    m_process.waitForFinished(500);
}

void DemoPortal::start()
{
    const QString server = findServer();
    if (server.isEmpty()) {
        Q_EMIT failed(tr("The demo needs the program ssekit, which is not installed. Install the "
                         "package ssekit."));
        return;
    }
    m_process.start(server, {u"serve"_s, u"portal"_s, u"--port"_s, u"0"_s, u"--tick"_s, u"2"_s});
}

void DemoPortal::readAddress()
{
    while (m_process.canReadLine()) {
        const QString line = QString::fromUtf8(m_process.readLine()).trimmed();
        constexpr auto announcement = "listening on "_L1;
        if (!line.startsWith(announcement))
            continue;
        QFile preset(u":/presets/portal.json"_s);
        if (!preset.open(QIODevice::ReadOnly)) {
            Q_EMIT failed(tr("The demo's source file is missing from this program."));
            return;
        }
        SourceResult result = readSource(preset.readAll(), u"demo.json"_s);
        if (!result.source) {
            Q_EMIT failed(result.error);
            return;
        }
        result.source->variables.insert(u"base"_s, line.sliced(announcement.size()));
        Q_EMIT ready(*result.source);
    }
}
