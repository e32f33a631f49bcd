// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "orderlyend.h"

#include <QTest>

#include <csignal>

using namespace Qt::Literals;

bool OrderlyEnd::start(const QStringList &arguments)
{
    m_app.addSourceFile(u"none.json"_s, "{}");
    m_app.startConfigured(arguments);
    return QTest::qWaitFor([this] { return m_app.errors().contains("none.json"); }, 30'000);
}

void OrderlyEnd::end()
{
    m_time.start();
    QObject::connect(&m_app, &TallybellProcess::ended, &m_app,
                     [this] { m_took = std::chrono::milliseconds(m_time.elapsed()); });
    m_app.send(SIGTERM);
}

std::chrono::milliseconds OrderlyEnd::took()
{
    if (m_app.waitForExit() != 0)
        qFatal("the bystander did not end");
    return *m_took;
}
