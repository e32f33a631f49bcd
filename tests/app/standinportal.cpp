// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "standinportal.h"

#include <sselib/testkit/sseserver.h>

using namespace Qt::Literals;

void serveAsPortal(Harness::SseServer *server, const QByteArray &token, const QByteArray &base)
{
    server->handle(base + "/login", [token](Harness::Exchange *login) {
        login->answerJson(200, {{u"token"_s, QString::fromLatin1(token)}, {u"expires_in"_s, 600}});
    });
    server->handle(base + "/permissions", [](Harness::Exchange *permissions) {
        permissions->answer(200, R"({"permissions":["counter.read"]})");
    });
    server->handle(base + "/count", [](Harness::Exchange *count) {
        count->answerJson(200, {{u"count"_s, 1}});
    });
    server->handle(base + "/stream", [](Harness::Exchange *stream) { stream->startStream(); });
}
