// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/scenario.h"

#include "script/scriptscenario.h"
#include "serve/clock.h"
#include "serve/portal.h"

#include <QFile>

using namespace Qt::Literals;

using Harness::Exchange;

Scenario::Scenario(FactLog *log)
    : m_log(log)
{}

QJsonObject Scenario::requestFacts(const Exchange *) const
{
    return {};
}

void Scenario::answerPage(Exchange *exchange, const QString &fileName)
{
    QFile page(":/pages/"_L1 + fileName);
    const bool isThere = page.open(QIODevice::ReadOnly);
    Q_ASSERT(isThere);
    exchange->answer(isThere ? 200 : 500, page.readAll(),
                     {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-cache"}});
}

void Scenario::answerNotFound(Exchange *exchange)
{
    exchange->answer(404, "There is nothing here.\n", {{"Content-Type", "text/plain"}});
}

void Scenario::answerWrongMethod(Exchange *exchange, const QByteArray &allowed)
{
    exchange->answer(405, "This takes " + allowed + ".\n",
                     {{"Content-Type", "text/plain"}, {"Allow", allowed}});
}

QList<ScenarioEntry> allScenarios()
{
    return QList<ScenarioEntry>{Clock::entry(), Portal::entry()} + builtInScripts();
}
