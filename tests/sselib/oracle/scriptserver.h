// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "report.h"
#include "script.h"

#include <sselib/testkit/exchange.h>
#include <sselib/testkit/httpserver.h>

#include <QHash>
#include <QList>
#include <QObject>
#include <QUrl>

namespace Oracle {

/*!
    Plays scripts to both clients, each under a path of its own, and keeps what they asked. It also
    serves the page that Chromium runs.
*/
class ScriptServer : public QObject
{
    Q_OBJECT

public:
    explicit ScriptServer(QObject *parent = nullptr);

    /*! Makes ready to play \a script; its number. */
    [[nodiscard]] int add(const Script &script);
    [[nodiscard]] const Script &script(int number) const { return m_scripts.at(number); }

    /*! Where \a client, "chromium" or "ssekit", finds a script. */
    [[nodiscard]] QUrl url(const QByteArray &client, int number) const;
    [[nodiscard]] QUrl pageUrl() const { return m_http.url("/"); }

    /*! What \a client asked for while it saw a script; only once, where it must not reconnect. */
    [[nodiscard]] QList<Request> requests(const QByteArray &client, int number) const;

private:
    void answer(Harness::Exchange *exchange);
    void play(Harness::Exchange *exchange, const Answer &answer);

    Harness::HttpServer m_http;
    QList<Script> m_scripts;
    QHash<QByteArray, QList<Request>> m_requests; // by folder
};

} // namespace Oracle
