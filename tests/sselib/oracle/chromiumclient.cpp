// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "chromiumclient.h"

#include <QJsonDocument>

using namespace Qt::Literals;

namespace Oracle {

ChromiumClient::ChromiumClient(const ScriptServer *server, const QByteArrayList &types)
    : m_server(server)
{
    for (const QByteArray &type : types)
        m_types.append(QString::fromLatin1(type.toHex()));
}

bool ChromiumClient::openPage(Harness::Browser *browser)
{
    m_browser = browser;
    return m_browser->open(m_server->pageUrl());
}

QList<QList<Fact>> ChromiumClient::listen(const QList<int> &numbers)
{
    QJsonArray streams;
    for (const int number : numbers)
        streams.append(QJsonObject{{u"url"_s, m_server->url("chromium", number).toString()},
                                   {u"reconnects"_s, m_server->script(number).reconnects}});
    const QJsonValue told =
        m_browser->evaluate(u"return listenToAll(...arguments);"_s, {streams, m_types});
    const QJsonArray reports = QJsonDocument::fromJson(told.toString().toLatin1()).array();
    QList<QList<Fact>> all;
    for (const QJsonValue &report : reports) {
        const QJsonArray facts = report.toArray();
        QList<Fact> list;
        for (const QJsonValue &fact : facts)
            list.append(Fact::fromJson(fact.toObject()));
        all.append(list);
    }
    return all;
}

} // namespace Oracle
