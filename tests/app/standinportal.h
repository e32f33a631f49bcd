// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

namespace Harness {
class SseServer;
}

/*!
    Has \a server answer as the portal does that TallybellProcess::addPortal() is about, all but the
    close request: whether and how that is answered is up to the test. \a base comes before each path.
*/
void serveAsPortal(Harness::SseServer *server, const QByteArray &token = "t",
                   const QByteArray &base = {});
