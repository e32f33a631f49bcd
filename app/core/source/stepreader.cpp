// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "stepreader.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"
#include "rulereader.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StepReader", text);
}

Step::When readWhen(JsonObjectReader &reader)
{
    Step::When when;
    when.variable = reader.requiredString(u"var"_s);
    when.in = reader.stringOrList(u"in"_s);
    return when;
}

Step::Prompt readPrompt(JsonObjectReader &reader)
{
    Step::Prompt prompt;
    prompt.variable = reader.requiredString(u"var"_s);
    prompt.label = reader.requiredString(u"label"_s);
    prompt.kind =
        PromptQuestion::Kind(reader.choice(u"kind"_s, {u"text"_s, u"captcha"_s, u"otp"_s}, 0));
    prompt.image = reader.text(u"image"_s);
    if (prompt.image.isEmpty() == (prompt.kind == PromptQuestion::Kind::Captcha))
        throw JsonMistake{reader.pointer(),
                          tr("“image” belongs to kind “captcha”, and to no other")};
    return prompt;
}

// The close request is made before there is a reason to send it, and its answers come too late.
void refuseWhatNeedsAnAnswer(const JsonObjectReader &reader, const QStringList &keys)
{
    const QStringList given = reader.keys();
    for (const QString &key : keys) {
        if (given.contains(key))
            reader.fail(key,
                        tr("the requests of “close” are made beforehand, and nobody is there to "
                           "read the answers: “%1” has no meaning here")
                            .arg(key));
    }
}

void readExpectation(JsonObjectReader &reader, Step &step, bool isOfClose)
{
    step.expectedStatus = readStatuses(reader);
    if (isOfClose)
        refuseWhatNeedsAnAnswer(reader, {u"json"_s});
    else
        step.expectations = readConditions(reader, u"json"_s);
}

Step readStep(JsonObjectReader &reader, const Source &source, bool isOfClose)
{
    reader.fillIn({u"expect"_s, u"require"_s, u"count"_s, u"extract"_s}, source.variables);
    Step step;
    step.name = reader.requiredString(u"name"_s);
    reader.object(u"when"_s, [&step](JsonObjectReader &when) { step.when = readWhen(when); });
    if (isOfClose)
        refuseWhatNeedsAnAnswer(reader, {u"prompt"_s, u"extract"_s, u"require"_s, u"count"_s});
    else
        reader.object(u"prompt"_s,
                      [&step](JsonObjectReader &prompt) { step.prompt = readPrompt(prompt); });
    if (step.prompt)
        return step;
    step.method =
        readMethod(reader, {u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s});
    step.url = Template(reader.requiredString(u"url"_s));
    step.query = reader.texts(u"query"_s);
    step.headers = readHeaders(reader);
    step.auth = readAuth(reader, Auth::Inherit, source);
    readBody(reader, step.bodyKind, step.body);
    step.transform = Step::Transform(1 + reader.choice(u"transform"_s, {u"ruoyi-encrypt"_s}, -1));
    step.accept = reader.string(u"accept"_s, u"application/json"_s);
    step.timeout = reader.milliseconds(u"timeoutMs"_s, {});
    reader.object(u"expect"_s, [&step, isOfClose](JsonObjectReader &expect) {
        readExpectation(expect, step, isOfClose);
    });
    if (!isOfClose)
        step.extractions = readExtractions(reader);
    return step;
}

} // namespace

QByteArray readMethod(JsonObjectReader &reader, const QStringList &methods)
{
    return methods.at(reader.choice(u"method"_s, methods, 0)).toLatin1();
}

void readBody(JsonObjectReader &reader, Step::Body &kind, QJsonValue &body)
{
    reader.object(u"body"_s, [&](JsonObjectReader &members) {
        const QStringList given = members.keys();
        if (given == QStringList{u"json"_s}) {
            kind = Step::Body::Json;
            body = members.value(u"json"_s);
        } else if (given == QStringList{u"form"_s}) {
            kind = Step::Body::Form;
            members.texts(u"form"_s); // checks it
            body = members.value(u"form"_s);
        } else if (given == QStringList{u"text"_s}) {
            kind = Step::Body::Text;
            body = members.text(u"text"_s).text();
        } else {
            throw JsonMistake{members.pointer(), tr("exactly one of form, json, text is needed")};
        }
    });
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
    const bool isOfClose = reader.pointer() == "/close"_L1;
    reader.array(key, [&](JsonObjectReader &element) {
        Step step = readStep(element, source, isOfClose);
        if (key == "permissions"_L1)
            step.requirements = readConditions(element, u"require"_s);
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
