// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcereader.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals;

namespace {

constexpr qint64 maximumFileSize = 1024 * 1024; // bytes; a source is a page or two

QString tr(const char *text)
{
    return QCoreApplication::translate("SourceReader", text);
}

Auth readAuth(JsonObjectReader &reader, Auth fallback)
{
    static constexpr Auth values[] = {Auth::Anonymous, Auth::Basic, Auth::Bearer};
    const int index = reader.choice(u"auth"_s, {u"none"_s, u"basic"_s, u"bearer"_s}, -1);
    return index < 0 ? fallback : values[index];
}

Requirement readRequirement(JsonObjectReader &reader)
{
    Requirement requirement;
    requirement.pointer = reader.jsonPointer(u"pointer"_s).value_or(QString());
    if (reader.has(u"exists"_s))
        requirement.exists = reader.boolean(u"exists"_s, true);
    if (reader.has(u"equals"_s))
        requirement.equals = reader.value(u"equals"_s);
    if (reader.has(u"contains"_s))
        requirement.containsAny = {reader.value(u"contains"_s)};
    if (reader.has(u"containsAny"_s)) {
        const QJsonValue any = reader.value(u"containsAny"_s);
        if (!any.isArray() || any.toArray().isEmpty())
            reader.fail(u"containsAny"_s, tr("an array with at least one value is needed"));
        const QJsonArray values = any.toArray();
        requirement.containsAny = {values.begin(), values.end()};
    }
    if (!requirement.exists && !requirement.equals && requirement.containsAny.isEmpty())
        throw JsonMistake{reader.pointer(),
                          tr("one of contains, containsAny, equals, exists is "
                             "needed")};
    return requirement;
}

CountLocation readCountLocation(JsonObjectReader &reader)
{
    CountLocation location;
    location.pointer = reader.jsonPointer(u"pointer"_s).value_or(QString());
    location.reduce = CountLocation::Reduce(
        reader.choice(u"reduce"_s, {u"number"_s, u"length"_s, u"lines"_s}, 0));
    return location;
}

void readBody(JsonObjectReader &reader, Step &step)
{
    const QStringList given = reader.keys();
    if (given.size() != 1)
        throw JsonMistake{reader.pointer(), tr("exactly one of form, json, text is needed")};
    if (reader.has(u"json"_s)) {
        step.bodyKind = Step::Body::Json;
        step.body = reader.value(u"json"_s);
    } else if (reader.has(u"form"_s)) {
        step.bodyKind = Step::Body::Form;
        reader.texts(u"form"_s); // checks it
        step.body = reader.value(u"form"_s);
    } else {
        step.bodyKind = Step::Body::Text;
        step.body = reader.text(u"text"_s).text();
    }
}

void readExpectation(JsonObjectReader &reader, Step &step)
{
    const QJsonValue status = reader.value(u"status"_s);
    const QJsonArray list = status.isArray() ? status.toArray() : QJsonArray{status};
    for (const QJsonValue &entry : list) {
        if (entry.toInt() < 100 || entry.toInt() > 599)
            reader.fail(u"status"_s, tr("an HTTP status or an array of them is needed"));
        step.expectedStatus.append(entry.toInt());
    }
}

void readExtractions(JsonObjectReader &reader, Step &step)
{
    const QStringList names = reader.keys();
    for (const QString &name : names) {
        reader.object(name, [&](JsonObjectReader &extraction) {
            Step::Extraction &target = step.extractions[name];
            target.pointer = extraction.jsonPointer(u"pointer"_s).value_or(QString());
            if (extraction.has(u"default"_s))
                target.fallback = extraction.string(u"default"_s);
        });
    }
}

Step readStep(JsonObjectReader &reader)
{
    Step step;
    step.name = reader.requiredString(u"name"_s);
    step.method = reader.string(u"method"_s, u"GET"_s).toUpper().toLatin1();
    reader.requiredString(u"url"_s);
    step.url = reader.text(u"url"_s);
    step.headers = reader.texts(u"headers"_s);
    step.auth = readAuth(reader, Auth::Inherit);
    reader.object(u"body"_s, [&step](JsonObjectReader &body) { readBody(body, step); });
    step.accept = reader.string(u"accept"_s, u"application/json"_s);
    step.timeout = reader.milliseconds(u"timeoutMs"_s, {});
    reader.object(u"expect"_s,
                  [&step](JsonObjectReader &expect) { readExpectation(expect, step); });
    reader.object(u"extract"_s,
                  [&step](JsonObjectReader &extract) { readExtractions(extract, step); });
    return step;
}

QList<Step> readSteps(JsonObjectReader &reader, const QString &key)
{
    QList<Step> steps;
    reader.array(key, [&](JsonObjectReader &element) {
        Step step = readStep(element);
        if (key == "permissions"_L1)
            element.array(u"require"_s, [&step](JsonObjectReader &requirement) {
                step.requirements.append(readRequirement(requirement));
            });
        if (key == "snapshot"_L1)
            element.object(u"count"_s, [&step](JsonObjectReader &count) {
                step.count = readCountLocation(count);
            });
        steps.append(step);
    });
    if (key == "snapshot"_L1 && !steps.isEmpty() && !steps.constLast().count)
        reader.fail(key, tr("the last step needs “count”"));
    return steps;
}

Rule readRule(JsonObjectReader &reader)
{
    Rule rule;
    rule.events = reader.stringOrList(u"event"_s);
    if (rule.events.contains("*"_L1))
        rule.events.clear();
    static constexpr Rule::Action actions[] = {Rule::Action::Set,    Rule::Action::Add,
                                               Rule::Action::Sub,    Rule::Action::Refetch,
                                               Rule::Action::Ignore, Rule::Action::Ignore};
    reader.requiredString(u"do"_s);
    rule.action = actions[reader.choice(
        u"do"_s, {u"set"_s, u"add"_s, u"sub"_s, u"refetch"_s, u"alive"_s, u"ignore"_s}, 0)];
    rule.pointer = reader.jsonPointer(u"pointer"_s);
    rule.value = reader.integer(u"value"_s, 1);
    if (rule.action == Rule::Action::Set && !rule.pointer && !reader.has(u"value"_s))
        throw JsonMistake{reader.pointer(), tr("“set” needs “pointer” or “value”")};
    return rule;
}

void readVariables(JsonObjectReader &reader, Source &source)
{
    const QStringList names = reader.keys();
    for (const QString &name : names) {
        const QJsonValue value = reader.value(name);
        if (value.isString() || value.isDouble() || value.isBool()) {
            source.variables.insert(name, value.toVariant().toString());
            continue;
        }
        reader.object(name, [&](JsonObjectReader &declaration) {
            const int type = declaration.choice(
                u"type"_s, {u"text"_s, u"url"_s, u"int"_s, u"bool"_s, u"secret"_s}, 0);
            const QString label = declaration.string(u"label"_s, name);
            const bool required = declaration.boolean(u"required"_s, true);
            if (type == 4) {
                if (declaration.has(u"default"_s))
                    declaration.fail(u"default"_s, tr("a secret never stands in a file"));
                source.secrets.insert(name, {label, required});
            } else if (declaration.has(u"default"_s)) {
                source.variables.insert(name,
                                        declaration.value(u"default"_s).toVariant().toString());
            } else if (required) {
                declaration.fail(u"required"_s, tr("“%1” needs a value").arg(label));
            }
        });
    }
}

void readStream(JsonObjectReader &reader, Source &source)
{
    reader.choice(u"method"_s, {u"GET"_s}, 0);
    reader.requiredString(u"url"_s);
    source.streamUrl = reader.text(u"url"_s);
    source.streamHeaders = reader.texts(u"headers"_s);
    source.openTimeout = reader.milliseconds(u"openTimeoutMs"_s, source.openTimeout);
    source.idleTimeout = reader.milliseconds(u"idleTimeoutMs"_s, source.idleTimeout);
    reader.object(u"resume"_s, [&source](JsonObjectReader &resume) {
        source.resumes = resume.choice(u"mode"_s, {u"header"_s, u"none"_s}, 0) == 0;
    });
}

void readClose(JsonObjectReader &reader, Source &source)
{
    const QStringList occasions = reader.stringOrList(u"on"_s);
    for (const QString &occasion : occasions) {
        if (occasion != "quit"_L1 && occasion != "logout"_L1)
            reader.fail(u"on"_s, tr("“%1” is not one of quit, logout").arg(occasion));
    }
    source.closesOnQuit = !reader.has(u"on"_s) || occasions.contains("quit"_L1);
    source.closeBudget = reader.milliseconds(u"budgetMs"_s, source.closeBudget);
    source.close = readSteps(reader, u"steps"_s);
}

Source readWhole(JsonObjectReader &reader)
{
    Source source;
    if (reader.integer(u"schema"_s, 0) != 1)
        reader.fail(u"schema"_s, tr("this version reads schema 1"));
    source.title = reader.string(u"title"_s);
    source.homepage = reader.text(u"homepage"_s);
    reader.object(u"vars"_s, [&](JsonObjectReader &vars) { readVariables(vars, source); });
    reader.object(u"http"_s, [&source](JsonObjectReader &http) {
        source.headers = http.texts(u"headers"_s);
        source.auth = readAuth(http, Auth::Anonymous);
        source.timeout = http.milliseconds(u"timeoutMs"_s, source.timeout);
    });
    source.login = readSteps(reader, u"login"_s);
    reader.object(u"token"_s, [&source](JsonObjectReader &token) {
        source.tokenVariable = token.requiredString(u"var"_s);
        source.tokenExpiresInVariable = token.string(u"expiresInVar"_s);
        source.tokenSkew =
            std::chrono::seconds(token.integer(u"skewS"_s, int(source.tokenSkew.count())));
    });
    source.permissions = readSteps(reader, u"permissions"_s);
    source.snapshot = readSteps(reader, u"snapshot"_s);
    reader.object(u"stream"_s, [&source](JsonObjectReader &stream) { readStream(stream, source); });
    reader.array(u"rules"_s,
                 [&source](JsonObjectReader &rule) { source.rules.append(readRule(rule)); });
    reader.object(u"close"_s, [&source](JsonObjectReader &close) { readClose(close, source); });
    reader.finish(); // first: a slip in a key is the likely reason for a missing one
    if (!reader.has(u"stream"_s))
        throw JsonMistake{reader.pointer(), tr("“stream” is needed")};
    if (source.auth == Auth::Bearer && source.tokenVariable.isEmpty())
        throw JsonMistake{u"/http/auth"_s, tr("“bearer” needs “token” with “var”")};
    return source;
}

} // namespace

SourceResult readSource(const QByteArray &json, const QString &file)
{
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (syntax.error != QJsonParseError::NoError) {
        const auto line = 1 + json.left(syntax.offset).count('\n');
        return {
            {},
            tr("%1, line %2: this is not JSON: %3.").arg(file).arg(line).arg(syntax.errorString())};
    }
    try {
        JsonObjectReader reader(
            document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()), {});
        Source source = readWhole(reader);
        source.name = QFileInfo(file).completeBaseName();
        if (source.title.isEmpty())
            source.title = source.name;
        return {source, {}};
    } catch (const JsonMistake &mistake) {
        const QString place = mistake.pointer.isEmpty() ? tr("the whole file") : mistake.pointer;
        return {{},
                tr("%1, line %2, %3: %4.")
                    .arg(file)
                    .arg(lineOfPointer(json, mistake.pointer))
                    .arg(place, mistake.sentence)};
    }
}

SourceResult readSourceFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, tr("%1 cannot be read: %2.").arg(path, file.errorString())};
    if (file.size() > maximumFileSize)
        return {{}, tr("%1 is too large for a source file.").arg(path)};
    return readSource(file.readAll(), path);
}
