// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "harness/browser.h"
#include "report.h"
#include "scriptserver.h"

namespace Oracle {

/*! Shows scripts to Chromium's EventSource. A page hears only types that it asks for by name. */
class ChromiumClient
{
public:
    /*! \a server is not owned, and \a types are as on the wire. */
    ChromiumClient(const ScriptServer *server, const QByteArrayList &types);

    /*! Opens the page in \a browser, which runs already and is not owned. */
    [[nodiscard]] bool openPage(Harness::Browser *browser);

    /*! What it tells of each script, in their order; runs the event loop. Empty on failure. */
    [[nodiscard]] QList<QList<Fact>> listen(const QList<int> &numbers);

private:
    const ScriptServer *const m_server;
    QJsonArray m_types;
    Harness::Browser *m_browser = nullptr;
};

} // namespace Oracle
