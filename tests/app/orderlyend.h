// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tallybellprocess.h"

#include <QElapsedTimer>

#include <chrono>
#include <optional>

/*!
    A yardstick for how soon the program can end on a computer that may be busy, and with a sanitizer
    that looks for leaks then: another one, which has no server to tell anything.
*/
class OrderlyEnd
{
public:
    /*! Runs, as \a arguments say. On false it does not. */
    [[nodiscard]] bool start(const QStringList &arguments = {QStringLiteral("--headless")});
    /*! Time starts now. */
    void end();
    /*! How long its end took; waits for it. */
    [[nodiscard]] std::chrono::milliseconds took();

private:
    TallybellProcess m_app;
    QElapsedTimer m_time;
    std::optional<std::chrono::milliseconds> m_took;
};
