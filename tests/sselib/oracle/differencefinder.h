// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "chromiumclient.h"
#include "report.h"
#include "scriptserver.h"
#include "ssekitclient.h"

namespace Oracle {

/*! What both clients made of one script. */
struct Outcome
{
    Report chromium;
    Report ssekit;

    [[nodiscard]] bool isSame() const { return chromium == ssekit; }
};

/*! Runs scripts through both clients, from one server, and looks for what they see otherwise. */
class DifferenceFinder
{
public:
    /*! \a types are the events that the scripts may send. */
    explicit DifferenceFinder(const QByteArrayList &types);

    /*! \a browser runs already, is not owned, and shows our page from now on. */
    [[nodiscard]] bool begin(Harness::Browser *browser);

    /*! Runs the event loop until both have seen all. Empty when the browser failed. */
    [[nodiscard]] QList<Outcome> run(const QList<Script> &scripts);

    /*!
        Of a single stream with a difference: what is left of it when everything is taken away that
        the difference does not need. Its events keep their types, as Chromium hears no others.
    */
    [[nodiscard]] Script smallest(const Script &script);

private:
    [[nodiscard]] QByteArrayList withoutNeedless(const QByteArrayList &parts,
                                                 bool (*mayGo)(const QByteArray &part));

    ScriptServer m_server;
    ChromiumClient m_chromium;
    SsekitClient m_ssekit{&m_server};
};

} // namespace Oracle
