// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script/script.h"
#include "script/scriptanswer.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <optional>

/*! What a run has to know of the server, and of the request that it answers. */
struct ScriptSurroundings
{
    QByteArray host;
    QByteArray port;
    QByteArray plainPort;
    qint64 request = 1; //!< Which one for its path.
    double speed = 1; //!< Pauses are divided by it; 0: there are none.
};

/*!
    One block that answers one exchange, to which it belongs. It may go on after the exchange's end:
    delete that when the run is finished.

    When the client goes, the block goes on behind its next `wait-for close`, or is over.
*/
class ScriptRun : public QObject
{
    Q_OBJECT

public:
    ScriptRun(const ScriptBlock &block, const ScriptSurroundings &surroundings,
              Harness::Exchange *exchange);

    /*! Begins, or goes on after a pause. */
    void run();
    /*! Another request came to the server. */
    void noteRequest(const QByteArray &path);

Q_SIGNALS:
    /*! An expectation failed. */
    void failed(const ScriptPlace &place, const QString &sentence);
    void refuseWanted(std::chrono::milliseconds duration);
    void quitWanted();
    /*! The answer has ended and nothing is left to do. */
    void finished();

private:
    enum class Next {
        GoesOn,
        Waits,
    };

    struct Loop
    {
        qsizetype begin; // the index of its repeat
        qint64 round;
        QDeadlineTimer nextRound; // while rounds have a length
    };

    Next execute(const ScriptStatement &statement);
    Next endRound(const ScriptStatement &statement);
    [[nodiscard]] std::chrono::milliseconds hurried(std::chrono::milliseconds duration) const;
    Next wait(std::chrono::milliseconds duration);
    Next waitFor(const ScriptStatement &statement);
    Next finishAnswer(const ScriptStatement &statement);
    void fail(const ScriptStatement &statement, const QString &sentence);
    void peerWent();
    void finish();
    [[nodiscard]] QByteArray expand(const ScriptText &text) const;

    const ScriptBlock m_block;
    const ScriptSurroundings m_surroundings;
    Harness::Exchange *const m_exchange;
    ScriptAnswer m_answer;
    QTimer m_pause;
    QTimer m_limit; // of a wait-for
    qsizetype m_at = 0;
    QList<Loop> m_loops;
    std::optional<ScriptStatement> m_waitingFor; // a request or the close
    QHash<QByteArray, int> m_requests; // that came meanwhile and were not waited for
    bool m_isFrozen = false;
    bool m_isHeldBack = false; // the client has to read first
    bool m_isFinished = false;
};
