// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/counter.h"
#include "serve/scenario.h"
#include "serve/session.h"

#include <QTimer>

#include <chrono>

/*!
    A small company portal with one number per company: log in, ask for permissions and the number,
    follow it as a stream, say goodbye. `GET /` is its web page. The README lists the requests.
*/
class Portal : public Scenario
{
    Q_OBJECT

public:
    /*! \a tick is the time between two moves of the number by itself; 0 for none. */
    Portal(FactLog *log, std::chrono::milliseconds tick);

    [[nodiscard]] static ScenarioEntry entry();

    void serve(Harness::Exchange *exchange) override;

private:
    struct Route;

    void page(Harness::Exchange *exchange, Session *session);
    void demo(Harness::Exchange *exchange, Session *session);
    void add(Harness::Exchange *exchange, Session *session);
    void read(Harness::Exchange *exchange, Session *session);
    void login(Harness::Exchange *exchange, Session *session);
    void permissions(Harness::Exchange *exchange, Session *session);
    void count(Harness::Exchange *exchange, Session *session);
    void stream(Harness::Exchange *exchange, Session *session);
    void close(Harness::Exchange *exchange, Session *session);

    void moveBy(Harness::Exchange *exchange, int direction);
    [[nodiscard]] QByteArray countEvent() const;

    static const QList<Route> &routes();

    Counter m_counter;
    SessionList m_sessions;
    QTimer m_tick;
};
