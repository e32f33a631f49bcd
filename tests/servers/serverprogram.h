// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QProcess>
#include <QString>

/*!
    A server of Debian's in a folder of its own, as an ordinary process on 127.0.0.1. It ends with
    this object, its workers too.
*/
class ServerProgram
{
public:
    ServerProgram();
    ~ServerProgram() { stop(); }

    /*! \a program takes \a arguments and listens on \a port: waits until it does. */
    [[nodiscard]] bool start(const QString &program, const QStringList &arguments, quint16 port);
    /*! The same for a program that listens on no port. */
    [[nodiscard]] bool start(const QString &program, const QStringList &arguments);

    /*! In place of the test's. Before start(). */
    void setEnvironment(const QProcessEnvironment &environment)
    {
        m_process.setProcessEnvironment(environment);
    }

    /*! Sends the signal \a number to it, and not to its workers. */
    void send(int number);

    /*! SIGTERM, and time to end its workers; SIGKILL to those that are left. */
    void stop();

    /*! SIGKILL to it and to its workers: they have no time to say good-bye. */
    void kill();

    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }

    /*! What it printed since the last call. */
    [[nodiscard]] QByteArray output() { return m_process.readAllStandardOutput(); }

private:
    QProcess m_process;
    qint64 m_group = 0;
};

/*! Where \a program is, also in the folders of the system's administrator; empty without. */
[[nodiscard]] QString findServer(const QString &program);

/*!
    The last statement of a test's initTestCase(): skips the test where \a missing says which server
    is not there, but fails it where CI=true. Does nothing where it is empty.
*/
void skipWithout(const QString &missing);

/*! A port of 127.0.0.1 where nobody listens. */
[[nodiscard]] quint16 freePort();

/*!
    Writes \a target: the file \a source with each @NAME@ replaced by its value in \a values. False
    where that cannot be, or a name has no value.
*/
[[nodiscard]] bool fillIn(const QString &source, const QString &target,
                          const QHash<QString, QString> &values);

/*! The same, as bytes; empty where that cannot be. */
[[nodiscard]] QByteArray filledIn(const QString &source, const QHash<QString, QString> &values);
