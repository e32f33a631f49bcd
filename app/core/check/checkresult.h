// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <chrono>

/*! What is checked, in the order in which a connection lives. */
enum class CheckStage {
    Dns,
    Connect,
    Tls,
    Login,
    Permissions,
    Snapshot,
    StreamOpened,
    FirstByte,
    Close,
};

enum class CheckVerdict {
    Good,
    Warning, //!< It works, and something should be done all the same.
    Bad, //!< The walk ends here, but for the close request.
    Skipped, //!< Not looked at; the finding says why.
};

/*! What becomes of the whole; all but Good come of a stage that is bad. */
enum class CheckEnd {
    Good,
    Failed,
    BadConfiguration, //!< The source file is to blame.
    LoginNeeded, //!< A secret is missing or refused, or the session does not count.
    CannotConnect, //!< The server is not reached, is in trouble, or does not answer in time.
};

/*! What was found at one stage, in plain words without secrets. */
struct CheckResult
{
    CheckStage stage = CheckStage::Dns;
    CheckVerdict verdict = CheckVerdict::Good;
    std::chrono::milliseconds duration{0};
    QString finding; //!< What is so: a sentence or two.
    QString remedy; //!< What to do about it; empty where there is nothing to do.
    CheckEnd end = CheckEnd::Good; //!< What this result makes of the whole.

    [[nodiscard]] static CheckResult good(CheckStage stage, const QString &finding);
    [[nodiscard]] static CheckResult warning(CheckStage stage, const QString &finding,
                                             const QString &remedy);
    [[nodiscard]] static CheckResult bad(CheckStage stage, CheckEnd end, const QString &finding,
                                         const QString &remedy);
    [[nodiscard]] static CheckResult skipped(CheckStage stage, const QString &why);
};

/*! "dns", "streamOpened", …: for programs. */
[[nodiscard]] QString checkStageWord(CheckStage stage);

/*! "DNS", "stream opened", …: for people. */
[[nodiscard]] QString checkStageTitle(CheckStage stage);

/*! "good", "warning", "bad" or "skipped". */
[[nodiscard]] QString checkVerdictWord(CheckVerdict verdict);
