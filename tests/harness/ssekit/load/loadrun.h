// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "load/loadfigures.h"
#include "requestoptions.h"

#include <sselib/eventsource.h>

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

/*! What to open, how often and for how long. */
struct LoadTerms
{
    QList<QUrl> urls; //!< One at least; the clients take turns.
    WantedRequest request; //!< Its headers go with each attempt; its URL is not looked at.
    int clients = 1;
    std::chrono::milliseconds duration{10'000}; //!< From the start.
    std::chrono::milliseconds ramp{0}; //!< Within which the streams are opened, evenly; 0: at once.
    bool failsOver = false; //!< Each attempt but the first goes to the next URL.
    QByteArray timePointer; //!< Where in an event its time is; see eventTime().
    Ledger::Method method = Ledger::Method::Automatic;
};

/*! Opens many streams at once, keeps them open as the tray app would, and measures. */
class LoadRun : public QObject
{
    Q_OBJECT

public:
    explicit LoadRun(const LoadTerms &terms, QObject *parent = nullptr);
    ~LoadRun() override;

    /*! Once. */
    void start();

    /*! As it stands now. */
    [[nodiscard]] LoadFigures figures() const;

Q_SIGNALS:
    /*! All streams are open, \a milliseconds after the start. Once at most. */
    void allOpened(qint64 milliseconds);
    /*! The time is over, or no client goes on. Once; the streams stay as they are. */
    void finished();

private:
    struct Client;

    void openDue();
    void open(Client &client);
    void noteOpened(Client &client);
    void noteLost(Client &client);
    void noteError(Client &client);
    void noteEvent(Client &client, const Sse::Event &event);
    void noteReopening(qint64 now);
    void sample();
    void finish();
    [[nodiscard]] QNetworkAccessManager *manager();

    const LoadTerms m_terms;
    const bool m_sharesManager;
    std::vector<std::unique_ptr<QNetworkAccessManager>> m_managers; // outlive the clients
    std::vector<std::unique_ptr<Client>> m_clients;
    QElapsedTimer m_clock;
    QTimer m_rampTimer;
    QTimer m_sampleTimer;
    QTimer m_endTimer;
    LoadFigures m_figures;
    Ledger m_ledger;
    std::deque<qint64> m_recentReopenings; // those of the last 100 ms
    qint64 m_reopeningsSinceSample = 0;
    double m_processorAtStart = 0;
    int m_open = 0;
    bool m_allOpened = false;
    bool m_finished = false;
};
