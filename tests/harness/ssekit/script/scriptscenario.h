// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script/script.h"
#include "serve/scenario.h"

#include <QQueue>

class ScriptRun;

/*! Answers as a script says. */
class ScriptScenario : public Scenario
{
    Q_OBJECT

public:
    /*! Pauses are divided by \a speed; 0: there are none. */
    ScriptScenario(const Script &script, double speed, FactLog *log);

    void serve(Harness::Exchange *exchange) override;
    [[nodiscard]] bool ownsExchanges() const override { return true; }

private:
    void answer(Harness::Exchange *exchange);
    void start(Harness::Exchange *exchange, const ScriptBlock &block, qint64 request);
    void answerNext();

    const Script m_script;
    const double m_speed;
    QHash<QByteArray, qint64> m_requests; // so many came, by path
    QList<ScriptRun *> m_runs;
    QQueue<Harness::Exchange *> m_waiting; // for the limit
};

/*! The scripts that are built in, in the order of their names. */
[[nodiscard]] QList<ScenarioEntry> builtInScripts();
/*! The text of a script that is built in; empty when there is none of that name. */
[[nodiscard]] QByteArray builtInScript(const QString &name);
/*! Whether a word on the command line names a file rather than a scenario. */
[[nodiscard]] bool isScriptFile(const QString &word);
/*! The entry of a script in a file, which is not read yet. */
[[nodiscard]] ScenarioEntry scriptFromFile(const QString &path);
