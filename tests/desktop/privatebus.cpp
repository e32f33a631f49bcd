// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "privatebus.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QFile>
#include <QSignalSpy>

using namespace Qt::Literals;

namespace Harness {

PrivateBus::~PrivateBus()
{
    m_daemon.kill();
    m_daemon.waitForFinished();
}

bool PrivateBus::offer(const QString &name, const QString &command)
{
    QFile file(m_folder.filePath(name + u".service"_s));
    return file.open(QIODevice::WriteOnly)
        && file.write("[D-BUS Service]\nName=" + name.toUtf8() + "\nExec=" + command.toUtf8()
                      + '\n')
        > 0;
}

bool PrivateBus::start()
{
    QFile configuration(m_folder.filePath(u"bus.conf"_s));
    if (!configuration.open(QIODevice::WriteOnly))
        return false;
    configuration.write(
        R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=)"
        + QFile::encodeName(m_folder.path()) + R"(</listen>
  <servicedir>)"
        + QFile::encodeName(m_folder.path()) + R"(</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)");
    configuration.close();
    m_daemon.start(
        u"dbus-daemon"_s,
        {u"--config-file"_s, configuration.fileName(), u"--nofork"_s, u"--print-address"_s});
    while (!m_daemon.canReadLine()) {
        if (!m_daemon.waitForReadyRead())
            return false;
    }
    return qputenv(m_kind == Kind::Session ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS",
                   m_daemon.readLine().trimmed());
}

bool askTheBus(const QDBusConnection &connection)
{
    QDBusPendingCallWatcher call(connection.asyncCall(QDBusMessage::createMethodCall(
        u"org.freedesktop.DBus"_s, u"/"_s, u"org.freedesktop.DBus"_s, u"GetId"_s)));
    QSignalSpy finished(&call, &QDBusPendingCallWatcher::finished);
    return finished.wait();
}

} // namespace Harness
