// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "report.h"
#include "scriptserver.h"

#include <QObject>
#include <QQueue>

namespace Harness {
class SsekitProcess;
}

namespace Oracle {

/*! Shows scripts to `ssekit listen --json`: a process for each, several at a time. */
class SsekitClient : public QObject
{
    Q_OBJECT

public:
    /*! \a server is not owned. */
    explicit SsekitClient(const ScriptServer *server, QObject *parent = nullptr);

    /*! Begins with these scripts, as the event loop runs. Not while isListening(). */
    void listen(const QList<int> &numbers);
    [[nodiscard]] bool isListening() const { return m_running > 0 || !m_waiting.isEmpty(); }
    /*! What the processes told of each script, in their order. */
    [[nodiscard]] QList<QList<Fact>> facts() const { return m_facts; }

Q_SIGNALS:
    /*! The last process has ended. */
    void finished();

private:
    void startNext();
    void collect(Harness::SsekitProcess *process, qsizetype index);

    const ScriptServer *const m_server;
    QList<int> m_numbers;
    QQueue<qsizetype> m_waiting; // indices into m_numbers
    QList<QList<Fact>> m_facts;
    int m_running = 0;
};

} // namespace Oracle
