// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcereader.h"

#include "jsonfile.h"
#include "jsonobjectreader.h"
#include "jsonpointer.h"
#include "preset.h"
#include "rulereader.h"
#include "stepreader.h"
#include "stepvariables.h"
#include "streamreader.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds longestCloseBudget =
    4s; // nothing waits longer for the app's end
constexpr std::chrono::seconds longestKeep = 24h; // of a close request that did not get through

QString tr(const char *text)
{
    return QCoreApplication::translate("SourceReader", text);
}

bool isScalar(const QJsonValue &value)
{
    return value.isString() || value.isDouble() || value.isBool();
}

void checkValue(JsonObjectReader &reader, const QString &type, const QJsonValue &value)
{
    if (!isScalar(value))
        reader.fail(u"default"_s, tr("a string, a number, true or false is needed"));
    const QString text = value.toVariant().toString();
    if (type == "int"_L1) {
        bool isWhole = false;
        text.toLongLong(&isWhole);
        if (!isWhole)
            reader.fail(u"default"_s, tr("a whole number is needed"));
    } else if (type == "bool"_L1 && text != "true"_L1 && text != "false"_L1) {
        reader.fail(u"default"_s, tr("true or false is needed"));
    } else if (type == "choice"_L1) {
        const QStringList choices = reader.stringOrList(u"choices"_s);
        if (!choices.contains(text))
            reader.fail(u"default"_s, tr("“%1” is not one of %2").arg(text, choices.join(u", ")));
    }
}

void readDeclaration(JsonObjectReader &reader, const QString &name, Source &source)
{
    const QStringList types{u"text"_s, u"url"_s, u"int"_s, u"bool"_s, u"secret"_s, u"choice"_s};
    const QString type = types.at(reader.choice(u"type"_s, types, 0));
    const QString label = reader.string(u"label"_s, name);
    const bool required = reader.boolean(u"required"_s, true);
    if ((type == "choice"_L1) == reader.stringOrList(u"choices"_s).isEmpty())
        throw JsonMistake{reader.pointer(), tr("“choices” belongs to type “choice”")};
    const QJsonValue value = reader.value(u"default"_s);
    if (type == "secret"_L1) {
        if (!value.isUndefined())
            reader.fail(u"default"_s,
                        tr("a secret never stands in a source file; it is kept in the keyring or "
                           "in the secrets file"));
        source.secrets.insert(name, {label, required});
    } else if (value.isUndefined() && required) {
        throw JsonMistake{reader.pointer(),
                          tr("“%1” has no value; write it in place of this declaration, or as its "
                             "“default”")
                              .arg(label)};
    } else if (value.isUndefined()) {
        source.variables.insert(name, QString());
    } else {
        checkValue(reader, type, value);
        source.variables.insert(name, value.toVariant().toString());
    }
}

void readVariables(JsonObjectReader &reader, Source &source)
{
    const QStringList names = reader.keys();
    for (const QString &name : names) {
        checkVariableName(reader, name);
        const QJsonValue value = reader.value(name);
        if (isScalar(value))
            source.variables.insert(name, value.toVariant().toString());
        else if (value.isObject())
            reader.object(name, [&](JsonObjectReader &declaration) {
                readDeclaration(declaration, name, source);
            });
        else
            reader.fail(name,
                        tr("a string, a number, true, false or a declaration with “type” "
                           "is needed"));
    }
}

void readClose(JsonObjectReader &reader, Source &source)
{
    const QStringList known{u"quit"_s, u"logout"_s, u"suspend"_s, u"beforeReopen"_s};
    if (reader.has(u"on"_s)) {
        const QStringList occasions = reader.stringOrList(u"on"_s);
        for (const QString &occasion : occasions) {
            if (!known.contains(occasion))
                reader.fail(u"on"_s, tr("“%1” is not one of %2").arg(occasion, known.join(u", ")));
        }
        source.closesOnQuit = occasions.contains("quit"_L1);
        source.closesOnLogout = occasions.contains("logout"_L1);
        source.closesOnSuspend = occasions.contains("suspend"_L1);
        source.closesBeforeReopening = occasions.contains("beforeReopen"_L1);
    }
    source.closeBudget = reader.milliseconds(u"budgetMs"_s, source.closeBudget);
    if (source.closeBudget > longestCloseBudget)
        reader.fail(u"budgetMs"_s, tr("at most %1 are possible").arg(longestCloseBudget.count()));
    source.close = readSteps(reader, u"steps"_s, source);
    const bool canBeKept = !stepsOfConnection(source.close, source).isEmpty();
    source.closeKeep = reader.seconds(u"keepS"_s, canBeKept ? longestKeep : 0s);
    if (source.closeKeep > longestKeep)
        reader.fail(u"keepS"_s,
                    tr("at most %1 seconds, a day, are possible").arg(longestKeep.count()));
    if (source.closeKeep > 0s && !canBeKept)
        reader.fail(u"keepS"_s,
                    tr("sent later, these steps would close the session of that time: none uses "
                       "“uuid” or a variable that “rules” capture"));
}

void readHttp(JsonObjectReader &reader, Source &source)
{
    source.headers = readHeaders(reader);
    source.auth = readAuth(reader, Auth::Anonymous, source);
    source.cookies = Source::Cookies(reader.choice(u"cookies"_s, {u"none"_s, u"session"_s}, 0));
    reader.object(u"tls"_s, [&source](JsonObjectReader &tls) {
        source.caFile = tls.requiredString(u"caFile"_s);
    });
    source.proxy = reader.string(u"proxy"_s, u"system"_s);
    const QUrl proxy(source.proxy);
    const bool isProxy = source.proxy == "system"_L1 || source.proxy == "none"_L1
        || ((proxy.scheme() == "http"_L1 || proxy.scheme() == "socks5"_L1)
            && !proxy.host().isEmpty() && proxy.userInfo().isEmpty());
    if (!isProxy)
        reader.fail(u"proxy"_s,
                    tr("“system”, “none”, or an address like http://proxy:3128 or "
                       "socks5://proxy:1080 without user is needed"));
    source.timeout = reader.milliseconds(u"timeoutMs"_s, source.timeout, 1);
}

void readToken(JsonObjectReader &reader, Source &source)
{
    source.tokenVariable = reader.string(u"var"_s);
    source.tokenExpiresInVariable = reader.string(u"expiresInVar"_s);
    source.tokenExpiresAtVariable = reader.string(u"expiresAtVar"_s);
    source.tokenSkew = reader.seconds(u"skewS"_s, source.tokenSkew);
    source.tokenIdle = reader.seconds(u"idleS"_s, source.tokenIdle);
    if (source.tokenVariable.isEmpty() && source.tokenIdle.count() == 0)
        throw JsonMistake{reader.pointer(), tr("“var” or “idleS” is needed")};
}

void readCount(JsonObjectReader &reader, Source &source)
{
    source.onOpen =
        Source::OnOpen(reader.choice(u"onOpen"_s, {u"refetch"_s, u"keep"_s, u"zero"_s}, 0));
    source.reconcile = reader.seconds(u"reconcileS"_s, source.reconcile);
    source.debounce = reader.milliseconds(u"debounceMs"_s, source.debounce);
}

void readPoll(JsonObjectReader &reader, Source &source)
{
    source.pollInterval = reader.seconds(u"everyS"_s, source.pollInterval, 1);
    source.streamPause = reader.seconds(u"streamAfterS"_s, source.streamPause, 1);
    source.pollWhen = Source::PollWhen(
        reader.choice(u"when"_s, {u"streamRefused"_s, u"always"_s, u"never"_s}, 0));
}

QSet<QString> namesWithValue(const Source &source)
{
    QSet<QString> names;
    for (auto variable = source.variables.keyBegin(); variable != source.variables.keyEnd();
         ++variable)
        names.insert(*variable);
    for (auto secret = source.secrets.keyBegin(); secret != source.secrets.keyEnd(); ++secret)
        names.insert(*secret);
    names.unite(namesFromSteps(source));
    names.unite(namesFromEvents(source));
    names.insert(u"uuid"_s); // see Session
    return names;
}

void checkHasValue(const QString &name, const QSet<QString> &names, const QString &pointer)
{
    if (!names.contains(name))
        throw JsonMistake{pointer,
                          tr("nothing gives the variable “%1” a value, neither “vars” nor an "
                             "“extract”")
                              .arg(name)};
}

// Each string in \a value: its syntax, and that its variables have a chance of a value.
void checkTemplates(const QJsonValue &value, const QString &pointer, const QSet<QString> &names)
{
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (qsizetype index = 0; index < array.size(); ++index)
            checkTemplates(array.at(index), appendToPointer(pointer, QString::number(index)),
                           names);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto member = object.begin(); member != object.end(); ++member)
            checkTemplates(*member, appendToPointer(pointer, member.key()), names);
    } else if (value.isString()) {
        const Template text(value.toString());
        if (const QString error = text.syntaxError(); !error.isEmpty())
            throw JsonMistake{pointer, error};
        const QStringList used = text.names();
        for (const QString &name : used)
            checkHasValue(name, names, pointer);
    }
}

void checkVariables(JsonObjectReader &reader, const Source &source)
{
    const QSet<QString> names = namesWithValue(source);
    if (!source.tokenVariable.isEmpty())
        checkHasValue(source.tokenVariable, names, u"/token/var"_s);
    if (!source.tokenExpiresInVariable.isEmpty())
        checkHasValue(source.tokenExpiresInVariable, names, u"/token/expiresInVar"_s);
    if (!source.tokenExpiresAtVariable.isEmpty())
        checkHasValue(source.tokenExpiresAtVariable, names, u"/token/expiresAtVar"_s);
    const QStringList keys = reader.keys();
    for (const QString &key : keys) {
        static const QStringList plain{u"vars"_s, u"title"_s, u"description"_s, u"rules"_s,
                                       u"errors"_s};
        if (key == "close"_L1)
            checkTemplates(reader.value(key), reader.pointerTo(key),
                           QSet<QString>(names) << u"occasion"_s);
        else if (!plain.contains(key))
            checkTemplates(reader.value(key), reader.pointerTo(key), names);
    }
}

// Variables and the token come first: all that says who asks is checked against them.
Source readWhole(JsonObjectReader &reader)
{
    Source source;
    if (!reader.has(u"schema"_s))
        throw JsonMistake{reader.pointer(), tr("“schema” is needed: write \"schema\": 1")};
    if (reader.integer(u"schema"_s, 1) != 1)
        reader.fail(u"schema"_s, tr("this version reads schema 1 only"));
    reader.string(u"$schema"_s); // tells editors where source.schema.json is
    reader.string(u"preset"_s); // withPreset() has taken it; a slip in its name gets it offered
    source.title = reader.string(u"title"_s);
    source.homepage = reader.text(u"homepage"_s);
    reader.object(u"vars"_s, [&](JsonObjectReader &vars) { readVariables(vars, source); });
    source.description = reader.string(u"description"_s);
    reader.fillIn({u"errors"_s, u"rules"_s}, source.variables);
    reader.object(u"token"_s, [&](JsonObjectReader &token) { readToken(token, source); });
    reader.object(u"http"_s, [&](JsonObjectReader &http) { readHttp(http, source); });
    reader.array(u"errors"_s, [&source](JsonObjectReader &error) {
        source.errors.append(readErrorClass(error));
    });
    source.login = readSteps(reader, u"login"_s, source);
    source.refresh = readSteps(reader, u"refresh"_s, source);
    source.permissions = readSteps(reader, u"permissions"_s, source);
    source.snapshot = readSteps(reader, u"snapshot"_s, source);
    source.afterOpen = readSteps(reader, u"afterOpen"_s, source);
    reader.object(u"stream"_s, [&source](JsonObjectReader &stream) { readStream(stream, source); });
    reader.array(u"rules"_s,
                 [&source](JsonObjectReader &rule) { source.rules.append(readRule(rule)); });
    reader.object(u"count"_s, [&source](JsonObjectReader &count) { readCount(count, source); });
    reader.object(u"poll"_s, [&source](JsonObjectReader &poll) { readPoll(poll, source); });
    reader.object(u"close"_s, [&source](JsonObjectReader &close) { readClose(close, source); });
    reader.finish(); // first: a slip in a key is the likely reason for a missing one
    if (!reader.has(u"stream"_s)
        && (source.pollWhen != Source::PollWhen::Always || source.snapshot.isEmpty()))
        throw JsonMistake{reader.pointer(),
                          tr("“stream” is needed; or “snapshot”, and “poll” with \"when\": "
                             "\"always\"")};
    checkVariables(reader, source);
    return source;
}

} // namespace

SourceResult readSource(const QByteArray &bytes, const QString &file)
{
    SourceResult result;
    result.error = readJsonText(bytes, file, [&result, &file](const QJsonValue &value) {
        JsonObjectReader reader(value.isObject() ? withPreset(value.toObject()) : value, {});
        Source source = readWhole(reader);
        source.name = QFileInfo(file).completeBaseName();
        if (source.title.isEmpty())
            source.title = source.name;
        result.source = source;
    });
    return result;
}

SourceResult readSourceFile(const QString &path)
{
    SourceResult result;
    QByteArray json;
    result.error = readTextFile(path, &json);
    if (result.error.isEmpty())
        result = readSource(json, path);
    if (result.source)
        result.source->path = QFileInfo(path).absoluteFilePath();
    return result;
}
