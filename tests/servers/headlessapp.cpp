// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "headlessapp.h"

#include "servers/serverprogram.h"

#include <algorithm>
#include <csignal>

using namespace Qt::Literals;

void HeadlessApp::watch(const QString &sourceFile, const QHash<QString, QString> &values,
                        const QByteArray &password)
{
    const QByteArray json = filledIn(sourceFile, values);
    if (json.isEmpty())
        qFatal("%s cannot be filled in", qPrintable(sourceFile));
    addSourceFile(QLatin1String(source) + u".json"_s, json);
    if (!password.isEmpty())
        (void)addSecrets(QString::fromLatin1(source), password);
    startConfigured({u"--headless"_s});
}

void HeadlessApp::watchAgain()
{
    send(SIGTERM);
    if (waitForExit() != 0)
        qFatal("tallybell does not end");
    startConfigured({u"--headless"_s});
}

QString HeadlessApp::status() const
{
    return lastStatus()[u"status"_s].toString();
}

QString HeadlessApp::detail() const
{
    return lastStatus()[u"detail"_s].toString();
}

QStringList HeadlessApp::statuses() const
{
    QStringList words;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (fact[u"type"_s] == u"status"_s)
            words.append(fact[u"status"_s].toString());
    }
    return words;
}

QStringList HeadlessApp::details() const
{
    QStringList sentences;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (const QString detail = fact[u"detail"_s].toString(); !detail.isEmpty())
            sentences.append(detail);
    }
    return sentences;
}

QList<int> HeadlessApp::counts() const
{
    QList<int> numbers;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (fact[u"type"_s] == u"count"_s)
            numbers.append(fact[u"count"_s].toInt());
    }
    return numbers;
}

bool HeadlessApp::isFresh() const
{
    bool isFresh = false;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (fact[u"type"_s] == u"count"_s)
            isFresh = fact[u"fresh"_s].toBool();
    }
    return isFresh;
}

qsizetype HeadlessApp::count(const QString &type) const
{
    const auto all = facts();
    return std::count_if(all.begin(), all.end(),
                         [&type](const QJsonObject &fact) { return fact[u"type"_s] == type; });
}
