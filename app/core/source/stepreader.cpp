// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "stepreader.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StepReader", text);
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
        requirement.containsAny += QList<QJsonValue>(values.begin(), values.end());
    }
    if (!requirement.exists && !requirement.equals && requirement.containsAny.isEmpty())
        throw JsonMistake{reader.pointer(),
                          tr("one of contains, containsAny, equals, exists is needed")};
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
    if (given == QStringList{u"json"_s}) {
        step.bodyKind = Step::Body::Json;
        step.body = reader.value(u"json"_s);
    } else if (given == QStringList{u"form"_s}) {
        step.bodyKind = Step::Body::Form;
        reader.texts(u"form"_s); // checks it
        step.body = reader.value(u"form"_s);
    } else if (given == QStringList{u"text"_s}) {
        step.bodyKind = Step::Body::Text;
        step.body = reader.text(u"text"_s).text();
    } else {
        throw JsonMistake{reader.pointer(), tr("exactly one of form, json, text is needed")};
    }
}

void readExpectation(JsonObjectReader &reader, Step &step)
{
    if (!reader.has(u"status"_s))
        return;
    const QJsonValue status = reader.value(u"status"_s);
    const QJsonArray list = status.isArray() ? status.toArray() : QJsonArray{status};
    for (const auto entry : list)
        step.expectedStatus.append(entry.toInt());
    const auto [least, most] =
        std::minmax_element(step.expectedStatus.cbegin(), step.expectedStatus.cend());
    if (list.isEmpty() || *least < 100 || *most > 599)
        reader.fail(u"status"_s, tr("an HTTP status, or an array of at least one, is needed"));
}

void readExtractions(JsonObjectReader &reader, Step &step)
{
    const QStringList names = reader.keys();
    for (const QString &name : names) {
        checkVariableName(reader, name);
        reader.object(name, [&](JsonObjectReader &extraction) {
            Step::Extraction &target = step.extractions[name];
            if (!extraction.has(u"pointer"_s))
                throw JsonMistake{extraction.pointer(), tr("“pointer” is needed")};
            target.pointer = *extraction.jsonPointer(u"pointer"_s);
            if (extraction.has(u"default"_s))
                target.fallback = extraction.string(u"default"_s);
        });
    }
}

QByteArray readMethod(JsonObjectReader &reader)
{
    static const QStringList methods{u"GET"_s,   u"POST"_s,   u"PUT"_s,
                                     u"PATCH"_s, u"DELETE"_s, u"HEAD"_s};
    return methods.at(reader.choice(u"method"_s, methods, 0)).toLatin1();
}

Step readStep(JsonObjectReader &reader, const Source &source)
{
    Step step;
    step.name = reader.requiredString(u"name"_s);
    step.method = readMethod(reader);
    step.url = Template(reader.requiredString(u"url"_s));
    step.headers = readHeaders(reader);
    step.auth = readAuth(reader, Auth::Inherit, source);
    reader.object(u"body"_s, [&step](JsonObjectReader &body) { readBody(body, step); });
    step.accept = reader.string(u"accept"_s, u"application/json"_s);
    step.timeout = reader.milliseconds(u"timeoutMs"_s, {});
    reader.object(u"expect"_s,
                  [&step](JsonObjectReader &expect) { readExpectation(expect, step); });
    reader.object(u"extract"_s,
                  [&step](JsonObjectReader &extract) { readExtractions(extract, step); });
    return step;
}

} // namespace

void checkVariableName(const JsonObjectReader &reader, const QString &name)
{
    if (!Template::isName(name))
        reader.fail(name,
                    tr("the name of a variable is made of letters, digits and “_”, and does "
                       "not begin with a digit"));
}

Auth readAuth(JsonObjectReader &reader, Auth fallback, const Source &source)
{
    static constexpr Auth values[] = {Auth::Anonymous, Auth::Basic, Auth::Bearer};
    const int index = reader.choice(u"auth"_s, {u"none"_s, u"basic"_s, u"bearer"_s}, -1);
    const Auth auth = index < 0 ? fallback : values[index];
    const auto isVariable = [&source](const QString &name) {
        return source.variables.contains(name) || source.secrets.contains(name);
    };
    if (auth == Auth::Bearer && source.tokenVariable.isEmpty())
        reader.fail(u"auth"_s, tr("“bearer” needs “token” with “var”"));
    if (auth == Auth::Basic && (!isVariable(u"user"_s) || !isVariable(u"password"_s)))
        reader.fail(u"auth"_s, tr("“basic” needs “user” and “password” in “vars”"));
    return auth;
}

QMap<QString, Template> readHeaders(JsonObjectReader &reader)
{
    static const QRegularExpression token(uR"(\A[-!#$%&'*+.^_`|~0-9A-Za-z]+\z)"_s);
    const QMap<QString, Template> headers = reader.texts(u"headers"_s);
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        if (!token.match(header.key()).hasMatch())
            throw JsonMistake{appendToPointer(reader.pointerTo(u"headers"_s), header.key()),
                              tr("this is not the name of an HTTP header")};
    }
    return headers;
}

QList<Step> readSteps(JsonObjectReader &reader, const QString &key, const Source &source)
{
    QList<Step> steps;
    reader.array(key, [&](JsonObjectReader &element) {
        Step step = readStep(element, source);
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
        throw JsonMistake{appendToPointer(reader.pointerTo(key), QString::number(steps.size() - 1)),
                          tr("the last step of “snapshot” needs “count”")};
    return steps;
}
