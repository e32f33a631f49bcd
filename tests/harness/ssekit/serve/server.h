// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/serveoptions.h"

#include <sselib/testkit/httpserver.h>

#include <QTemporaryFile>
#include <QTimer>

class FactLog;

/*! Runs one scenario for `ssekit serve`, and ends the event loop with the exit status. */
class Server : public QObject
{
    Q_OBJECT

public:
    /*! \a scenario and \a log outlive the server. */
    Server(Scenario *scenario, FactLog *log, const ServeWish &wish);

    /*! Listens, and says so. False: the sentence says why not. */
    [[nodiscard]] bool start(QString *error);

private:
    [[nodiscard]] bool useTls(QString *error);
    [[nodiscard]] bool listen(QString *error);
    void serve(Harness::Exchange *exchange);
    void refuse(std::chrono::milliseconds duration);
    void end(int status);

    Scenario *const m_scenario;
    FactLog *const m_log;
    const ServeWish m_wish;
    Harness::HttpServer m_http;
    Harness::HttpServer m_plain; // beside the one with TLS
    QTemporaryFile m_authority;
    QTimer m_back; // from refusing
};
