// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "presetrun.h"

#include "core/source/sourcereader.h"

#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::Literals;
using Harness::Exchange;

void ReadyPrompter::ask(const PromptQuestion &question, QObject *context, const Answer &answer)
{
    questions.append(question);
    QMetaObject::invokeMethod(
        context, [answer, text = m_answer] { answer(text); }, Qt::QueuedConnection);
}

PresetRun::PresetRun(const QString &preset, const QJsonObject &variables,
                     const QHash<QString, QString> &known,
                     const std::function<void(Source &)> &change, Prompter *prompter)
    : secrets({{u"work"_s, known}})
{
    QJsonObject filled{{u"base"_s, u"BASE"_s}};
    for (auto variable = variables.begin(); variable != variables.end(); ++variable)
        filled.insert(variable.key(), *variable);
    const QByteArray file =
        QJsonDocument(QJsonObject{{u"schema"_s, 1}, {u"preset"_s, preset}, {u"vars"_s, filled}})
            .toJson()
            .replace("BASE", base());
    SourceResult result = readSource(file, u"work.json"_s);
    if (!result.source)
        qFatal("%s", qPrintable(result.error));
    if (change)
        change(*result.source);
    model.setHomepage(
        QUrl(result.source->homepage.render(result.source->variables).value_or(QString())));

    QObject::connect(&model, &CountModel::countChanged, &model, [this] {
        const bool isStale = model.freshness() == CountModel::Freshness::Stale;
        counts.append(QString::number(*model.count()) + (isStale ? u"?"_s : QString()));
    });
    QObject::connect(&model, &CountModel::statusChanged, &model, [this] {
        if (const QString word = statusWord(model.status());
            states.value(states.size() - 1) != word)
            states.append(word);
    });
    QObject::connect(&model, &CountModel::opened, &model, [this] {
        states += u"opened"_s;
        openedAt = QDateTime::currentDateTime();
    });
    QObject::connect(&model, &CountModel::closed, &model, [this] { states += u"closed"_s; });
    feed.emplace(*result.source, &model, &secrets, prompter);
}

void PresetRun::answer(const QByteArray &path, const QJsonObject *answer)
{
    server.handle(path, [answer](Exchange *exchange) { exchange->answerJson(200, *answer); });
}

void PresetRun::answer(const QByteArray &path, const QJsonObject &answer)
{
    server.handle(path, [answer](Exchange *exchange) { exchange->answerJson(200, answer); });
}

Exchange *PresetRun::last(const QByteArray &path) const
{
    const QList<Exchange *> all = server.exchanges(path);
    if (all.isEmpty())
        qFatal("nobody asked for %s", path.constData());
    return all.constLast();
}

QStringList PresetRun::requests() const
{
    static const QRegularExpression identifier(u"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"_s);
    QStringList requests;
    const QList<Exchange *> all = server.exchanges();
    for (const Exchange *exchange : all) {
        QString line = QString::fromLatin1(exchange->method() + ' ' + exchange->request().target);
        requests.append(line.replace(identifier, u"UUID"_s));
    }
    return requests;
}

bool PresetRun::hasCountOfItsStream() const
{
    return openedAt.isValid() && model.updatedAt() >= openedAt;
}
