// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/check/checkresult.h"

#include <QEventLoop>
#include <QList>
#include <QString>
#include <QTimer>

#include <chrono>

/*! What the doctor finds about one thing, in plain words without secrets. */
struct Finding
{
    CheckVerdict verdict = CheckVerdict::Good;
    QString sentence;
    QString remedy; //!< What to do about it; empty where there is nothing to do.

    [[nodiscard]] static Finding good(const QString &sentence);
    [[nodiscard]] static Finding warning(const QString &sentence, const QString &remedy);
    [[nodiscard]] static Finding bad(const QString &sentence, const QString &remedy);
};

/*! Of a source, or of the folder where \a name is empty. */
struct SourceFinding
{
    QString name;
    Finding finding;
};

// What there is to find whether the app runs or not. To look starts nothing; it takes a second at most,
// or three where somebody does not answer.
[[nodiscard]] Finding examineDisplay();
[[nodiscard]] Finding examineTray();
[[nodiscard]] Finding examineNotifications();
[[nodiscard]] Finding examineKeyring();
[[nodiscard]] QList<SourceFinding> examineSources(const QString &configDirectory);

/*! Runs the event loop until \a isDone, which \a signal tells to ask again, or \a time is over. */
template <typename Sender, typename Signal, typename Condition>
void waitUntil(Sender *sender, Signal signal, std::chrono::milliseconds time,
               const Condition &isDone)
{
    if (isDone())
        return;
    QEventLoop loop;
    QObject::connect(sender, signal, &loop, [&loop, &isDone] {
        if (isDone())
            loop.quit();
    });
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}
