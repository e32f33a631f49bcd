// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "instance.h"

#include "desktop/instance/controlclient.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QThread>

#include <cstdio>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto answerPatience = 3s;
constexpr unsigned long pauseMs = 10; // one cannot wait for a lock for a limited time

QString tr(const char *text)
{
    return QCoreApplication::translate("Instance", text);
}

void say(const QString &sentence)
{
    std::fprintf(stderr, "tallybell: %s\n", qPrintable(sentence));
}

// Nothing where it is not known: 0 would be ourselves, and more.
QString killAdvice(qint64 process)
{
    return process > 0 ? u' ' + tr("End it with: kill -9 %1.").arg(process) : QString();
}

} // namespace

Instance::Instance(const CommandLine &line)
    : m_line(line)
{
    QString error;
    m_place = InstancePlace::find(
        line.demo ? u"demo"_s : InstancePlace::nameFor(line.configDirectory), &error);
    if (m_place)
        m_lock.emplace(m_place->lockFile);
    else
        say(tr("%1 Two instances will not notice each other.").arg(error));
}

bool Instance::claim()
{
    if (!m_lock)
        return true;
    switch (m_lock->tryLock()) {
    case InstanceLock::State::Ours:
        return true;
    case InstanceLock::State::HeldElsewhere:
        return false;
    case InstanceLock::State::Impossible:
        say(tr("%1 cannot be locked. Two instances will not notice each other.")
                .arg(m_place->lockFile));
        m_place.reset(); // whoever listens there stays undisturbed
        return true;
    }
    Q_UNREACHABLE();
}

bool Instance::isRunning()
{
    const auto state = m_lock ? m_lock->tryLock() : InstanceLock::State::Impossible;
    if (state == InstanceLock::State::Ours)
        m_lock->release();
    return state == InstanceLock::State::HeldElsewhere;
}

std::optional<QJsonObject> Instance::ask(const QString &command) const
{
    return askInstance(m_place->socket, {{u"command"_s, command}}, answerPatience);
}

std::optional<ExitCode> Instance::handOver()
{
    const QDeadlineTimer deadline(patience);
    QString command = u"show"_s;
    if (m_line.replace)
        command = u"quit"_s;
    else if (m_line.hidden || m_line.headless)
        command = u"hello"_s;
    // It may have just begun, and not listen yet, or be about to end.
    for (bool isAsked = false; !deadline.hasExpired(); QThread::msleep(pauseMs)) {
        if (claim())
            return {};
        if (isAsked)
            continue;
        const auto answer = ask(command);
        if (!answer)
            continue;
        isAsked = m_line.replace || answer->value(u"isLeaving"_s).toBool();
        if (isAsked)
            continue;
        if (answer->value(u"ok"_s).toBool() && !m_line.headless)
            return ExitCode::Done;
        const bool isHeadless = answer->value(u"isHeadless"_s).toBool();
        say((isHeadless ? tr("Tallybell runs already without a window, as process %1.")
                        : tr("Tallybell runs already, as process %1."))
                .arg(processId())
            + u' '
            + tr("End it with: tallybell quit%1. Or start with --replace.")
                  .arg(m_line.instanceOptions));
        return ExitCode::Failure;
    }
    say((m_line.replace ? tr("Tallybell runs already, as process %1, and does not end.")
                        : tr("Tallybell runs already, as process %1, and does not answer."))
            .arg(processId())
        + killAdvice(processId()));
    return ExitCode::Failure;
}

ExitCode Instance::quit()
{
    if (!isRunning()) {
        say(tr("It does not run."));
        return ExitCode::NoInstance;
    }
    const QDeadlineTimer deadline(patience);
    // It may have just begun, and not listen yet.
    while (!ask(u"quit"_s) && isRunning() && !deadline.hasExpired())
        QThread::msleep(pauseMs);
    const qint64 process = processId(); // by now it has written it
    if (waitForItsEnd(process, deadline))
        return ExitCode::Done;
    say(tr("Process %1 does not end.").arg(process) + killAdvice(process));
    return ExitCode::Failure;
}

bool Instance::waitForItsEnd(qint64 process, const QDeadlineTimer &deadline)
{
    while (isRunning() && processId() == process) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(pauseMs);
    }
    return true;
}
