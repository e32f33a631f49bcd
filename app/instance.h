// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandline.h"

#include "desktop/instance/instancelock.h"
#include "desktop/instance/instanceplace.h"

#include <QJsonObject>

#include <optional>

class QDeadlineTimer;

/*!
    The one instance of a configuration, or of the demo, seen from a process that was just started:
    becomes it, or talks to it. What it says to people goes to standard error.
*/
class Instance
{
public:
    /*! For an instance to end, or to come to where it can be talked to. */
    static constexpr std::chrono::seconds patience{10};

    /*! \a line is not owned. */
    explicit Instance(const CommandLine &line);

    /*!
        From now on, and to the end of the process, this one is it. False where another one is. Where
        there is no place to agree on it warns and says true.
    */
    [[nodiscard]] bool claim();

    /*! Where the instance listens; empty where it cannot. */
    [[nodiscard]] QString socket() const { return m_place ? m_place->socket : QString(); }

    /*!
        After claim() has failed: asks the other one to show itself or, if the command line says so,
        to go. Returns what this process ends with; none where the other one is gone and this one
        has taken its place. A QCoreApplication must exist.
    */
    [[nodiscard]] std::optional<ExitCode> handOver();

    /*! Asks the other one to quit, and waits for its end. A QCoreApplication must exist. */
    [[nodiscard]] ExitCode quit();

    /*! Another process is it. */
    [[nodiscard]] bool isRunning();
    /*! The process id of the one that runs; 0 where it is not known. */
    [[nodiscard]] qint64 processId() const { return m_lock ? m_lock->owner() : 0; }

    /*! What the other one answers to \a command; none if it does not within a few seconds. */
    [[nodiscard]] std::optional<QJsonObject> ask(const QString &command) const;

private:
    [[nodiscard]] bool waitForItsEnd(qint64 process, const QDeadlineTimer &deadline);

    const CommandLine &m_line;
    std::optional<InstancePlace> m_place;
    std::optional<InstanceLock> m_lock;
};
