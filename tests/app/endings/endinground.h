// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "roundplan.h"
#include "watchedportal.h"

#include "app/tallybellprocess.h"

#include <QNetworkAccessManager>
#include <QTimer>

#include <functional>
#include <optional>

/*! One run of the app from its start to its end, and the judgement on what the portals saw of it. */
class EndingRound : public QObject
{
    Q_OBJECT

public:
    /*! \a portals are all kinds there are; those that the plan names run. They and \a clock outlive this. */
    EndingRound(const RoundPlan &plan, const QList<WatchedPortal *> &portals,
                const QElapsedTimer *clock, QObject *parent = nullptr);
    ~EndingRound() override;

    void start();

    /*! What is wrong, with all that led to it; empty where nothing is. After finished(). */
    [[nodiscard]] QString complaint() const { return m_complaint; }
    /*! How long after the app's end the last close request that had to come took. After finished(). */
    [[nodiscard]] std::chrono::milliseconds lateness() const { return m_lateness; }
    [[nodiscard]] qsizetype sessionCount() const;
    /*! Counts this round and its sessions in \a tally, by their kinds. */
    void addTo(QMap<QString, int> *tally) const;

Q_SIGNALS:
    void finished();

private:
    enum class Stage {
        Running, //!< Until what the plan names has happened.
        Ending, //!< The app was told to go.
        Awaiting, //!< It went; close requests are on their way.
        Quiet, //!< All came. Does one come twice?
        Judged,
    };

    void startTimer(std::chrono::milliseconds duration, const std::function<void()> &due);
    void see(WatchedPortal *portal, const QJsonObject &fact);
    [[nodiscard]] bool isTrigger(const QJsonObject &fact) const;
    void endAfterDelay();
    void end();
    void killIfLate();
    void quitByCommand();
    void kill();
    void appEnded();
    void check();
    void judge();
    [[nodiscard]] QStringList findFaults() const;
    void cut(const WatchedPortal *portal, const QString &session);
    [[nodiscard]] std::chrono::milliseconds now() const;

    const RoundPlan m_plan;
    const QList<WatchedPortal *> m_portals; // all kinds
    QList<WatchedPortal *> m_used;
    const QElapsedTimer *const m_clock;
    std::unique_ptr<TallybellProcess> m_app;
    QProcess m_command; // tallybell quit
    QNetworkAccessManager m_network;
    QTimer m_timer; // of the stage
    Stage m_stage = Stage::Running;
    int m_seen = 0; // of what the plan waits for
    QString m_cutSession;
    std::chrono::milliseconds m_ending{0}; // when the app was told to go
    std::chrono::milliseconds m_end{0}; // when it was gone
    std::chrono::milliseconds m_lateness{0};
    std::optional<int> m_exitCode;
    bool m_isLate = false;
    QString m_complaint;
};
