// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QProcess>
#include <QString>

/*!
    A server of Debian's in a folder of its own, as an ordinary process on 127.0.0.1. It is killed
    with this object, its workers too.
*/
class ServerProgram
{
public:
    ServerProgram();
    ~ServerProgram() { kill(); }

    /*! \a program takes \a arguments and listens on \a port: waits until it does. */
    [[nodiscard]] bool start(const QString &program, const QStringList &arguments, quint16 port);

    /*! SIGKILL to it and to its workers: they have no time to say good-bye. */
    void kill();

    /*! What it printed. */
    [[nodiscard]] QByteArray output() { return m_process.readAllStandardOutput(); }

private:
    QProcess m_process;
    qint64 m_group = 0;
};

/*! Where \a program is, also in the folders of the system's administrator; empty without. */
[[nodiscard]] QString findServer(const QString &program);

/*! A port of 127.0.0.1 where nobody listens. */
[[nodiscard]] quint16 freePort();

/*!
    Writes \a target: the file \a source with each @NAME@ replaced by its value in \a values. False
    where that cannot be, or a name has no value.
*/
[[nodiscard]] bool fillIn(const QString &source, const QString &target,
                          const QHash<QString, QString> &values);
