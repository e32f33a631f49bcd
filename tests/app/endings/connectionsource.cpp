// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "connectionsource.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;

QByteArray connectionSource(const QUrl &base)
{
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    if (!preset.open(QIODevice::ReadOnly))
        qFatal("no preset");
    QJsonObject source = QJsonDocument::fromJson(preset.readAll()).object();
    const auto change = [&source](const QString &key, const auto &changes) {
        QJsonObject object = source[key].toObject();
        for (const auto &[name, value] : changes)
            object.insert(name, value);
        source.insert(key, object);
    };
    using Changes = QList<std::pair<QString, QJsonValue>>;
    change(u"vars"_s,
           Changes{{u"base"_s, base.toString(QUrl::StripTrailingSlash)},
                   {u"connection"_s, QString()}});
    change(u"token"_s, Changes{{u"skewS"_s, 1}});
    change(u"stream"_s, Changes{{u"retry"_s, QJsonObject{{u"initialMs"_s, 50}}}});
    source.insert(
        u"refresh"_s,
        QJsonArray{QJsonObject{
            {u"name"_s, u"refresh"_s},
            {u"method"_s, u"POST"_s},
            {u"url"_s, u"${base}/refresh"_s},
            {u"extract"_s,
             QJsonObject{{u"token"_s, QJsonObject{{u"pointer"_s, u"/token"_s}}},
                         {u"expiresIn"_s, QJsonObject{{u"pointer"_s, u"/expires_in"_s}}}}},
        }});
    const QJsonObject hello{
        {u"event"_s, u"hello"_s},
        {u"do"_s, u"capture"_s},
        {u"extract"_s,
         QJsonObject{{u"connection"_s, QJsonObject{{u"pointer"_s, u"/connection"_s}}}}}};
    QJsonArray rules = source[u"rules"].toArray();
    rules.prepend(hello);
    source.insert(u"rules"_s, rules);
    const QJsonObject body{{u"reason"_s, u"${occasion}"_s}, {u"connection"_s, u"${connection}"_s}};
    const QJsonObject closeStep{{u"name"_s, u"close"_s},
                                {u"method"_s, u"POST"_s},
                                {u"url"_s, u"${base}/close"_s},
                                {u"body"_s, QJsonObject{{u"json"_s, body}}}};
    change(u"close"_s, Changes{{u"steps"_s, QJsonArray{closeStep}}});
    return QJsonDocument(source).toJson();
}
