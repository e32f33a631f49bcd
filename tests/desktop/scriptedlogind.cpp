// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "scriptedlogind.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace Harness {

ScriptedLogind::ScriptedLogind()
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SystemBus, u"logind"_s))
{}

ScriptedLogind::~ScriptedLogind()
{
    if (m_reader != -1)
        ::close(m_reader);
    m_bus = QDBusConnection(QString());
    QDBusConnection::disconnectFromBus(u"logind"_s);
}

bool ScriptedLogind::start()
{
    return m_bus.registerObject(u"/org/freedesktop/login1"_s, this,
                                QDBusConnection::ExportScriptableContents)
        && m_bus.registerService(u"org.freedesktop.login1"_s);
}

bool ScriptedLogind::isDelayed() const
{
    if (m_reader == -1)
        return false;
    pollfd end = {m_reader, POLLIN, 0};
    return ::poll(&end, 1, 0) == 0; // else nobody has the other end any more
}

QDBusUnixFileDescriptor ScriptedLogind::Inhibit(const QString &what_, const QString &,
                                                const QString &, const QString &mode_)
{
    ++inhibitions;
    what = what_;
    mode = mode_;
    if (m_reader != -1)
        ::close(m_reader);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    m_reader = ends[0];
    QDBusUnixFileDescriptor inhibitor;
    inhibitor.giveFileDescriptor(ends[1]);
    return inhibitor;
}

} // namespace Harness
