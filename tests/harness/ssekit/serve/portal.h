// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/counter.h"
#include "serve/portalmanners.h"
#include "serve/scenario.h"
#include "serve/session.h"

#include <QTimer>

/*!
    A small company portal with one number per company: log in, ask for permissions and the number,
    follow it as a stream, say goodbye. `GET /` is its web page. The README lists the requests.
*/
class Portal : public Scenario
{
    Q_OBJECT

public:
    Portal(FactLog *log, const PortalManners &manners);

    [[nodiscard]] static ScenarioEntry entry();

    void serve(Harness::Exchange *exchange) override;
    /*! Whose token the request carries. */
    [[nodiscard]] QJsonObject requestFacts(const Harness::Exchange *exchange) const override;

private:
    struct Route;

    void page(Harness::Exchange *exchange, Session *session);
    void demo(Harness::Exchange *exchange, Session *session);
    void add(Harness::Exchange *exchange, Session *session);
    void read(Harness::Exchange *exchange, Session *session);
    void cut(Harness::Exchange *exchange, Session *session);
    void login(Harness::Exchange *exchange, Session *session);
    void refresh(Harness::Exchange *exchange, Session *session);
    void permissions(Harness::Exchange *exchange, Session *session);
    void count(Harness::Exchange *exchange, Session *session);
    void stream(Harness::Exchange *exchange, Session *session);
    void close(Harness::Exchange *exchange, Session *session);

    void logCloseRequest(const Harness::Exchange *exchange, const Credential &credential);
    void giveToken(Harness::Exchange *exchange, const QByteArray &token);
    void moveBy(Harness::Exchange *exchange, int direction);
    [[nodiscard]] QByteArray countEvent() const;

    static const QList<Route> &routes();

    const PortalManners m_manners;
    Counter m_counter;
    SessionList m_sessions;
    QTimer m_tick;
    int m_connections = 0;
    int m_closeRequests = 0;
};
