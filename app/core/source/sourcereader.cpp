// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcereader.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"
#include "stepreader.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;

namespace {

constexpr qint64 maximumFileSize = 1024 * 1024; // bytes; a source is a page or two
constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

QString tr(const char *text)
{
    return QCoreApplication::translate("SourceReader", text);
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
    if (rule.pointer && reader.has(u"value"_s))
        reader.fail(u"value"_s, tr("“pointer” and “value” exclude each other"));
    return rule;
}

bool isScalar(const QJsonValue &value)
{
    return value.isString() || value.isDouble() || value.isBool();
}

void readDeclaration(JsonObjectReader &reader, const QString &name, Source &source)
{
    const QStringList types{u"text"_s, u"url"_s, u"int"_s, u"bool"_s, u"secret"_s};
    const QString type = types.at(reader.choice(u"type"_s, types, 0));
    const QString label = reader.string(u"label"_s, name);
    const bool required = reader.boolean(u"required"_s, true);
    const QJsonValue value = reader.value(u"default"_s);
    if (type == "secret"_L1) {
        if (!value.isUndefined())
            reader.fail(u"default"_s,
                        tr("a secret never stands in a source file; put it into the "
                           "secrets file"));
        source.secrets.insert(name, {label, required});
    } else if (value.isUndefined() && required) {
        throw JsonMistake{reader.pointer(),
                          tr("“%1” has no value; write it in place of this declaration, or as its "
                             "“default”")
                              .arg(label)};
    } else if (!value.isUndefined() && !isScalar(value)) {
        reader.fail(u"default"_s, tr("a string, a number, true or false is needed"));
    } else {
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

void readStream(JsonObjectReader &reader, Source &source)
{
    reader.choice(u"method"_s, {u"GET"_s}, 0);
    source.streamUrl = Template(reader.requiredString(u"url"_s));
    source.streamHeaders = readHeaders(reader);
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
    source.close = readSteps(reader, u"steps"_s, source);
}

QSet<QString> namesWithValue(const Source &source)
{
    QSet<QString> names;
    for (auto variable = source.variables.keyBegin(); variable != source.variables.keyEnd();
         ++variable)
        names.insert(*variable);
    for (auto secret = source.secrets.keyBegin(); secret != source.secrets.keyEnd(); ++secret)
        names.insert(*secret);
    for (const QList<Step> &steps :
         {source.login, source.permissions, source.snapshot, source.close}) {
        for (const Step &step : steps) {
            const QStringList extracted = step.extractions.keys();
            names.unite({extracted.begin(), extracted.end()});
        }
    }
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
    const QStringList keys = reader.keys();
    for (const QString &key : keys) {
        if (key != "vars"_L1 && key != "title"_L1)
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
    source.title = reader.string(u"title"_s);
    source.homepage = reader.text(u"homepage"_s);
    reader.object(u"vars"_s, [&](JsonObjectReader &vars) { readVariables(vars, source); });
    reader.object(u"token"_s, [&source](JsonObjectReader &token) {
        source.tokenVariable = token.requiredString(u"var"_s);
        source.tokenExpiresInVariable = token.string(u"expiresInVar"_s);
        source.tokenSkew =
            std::chrono::seconds(token.integer(u"skewS"_s, int(source.tokenSkew.count())));
    });
    reader.object(u"http"_s, [&source](JsonObjectReader &http) {
        source.headers = readHeaders(http);
        source.auth = readAuth(http, Auth::Anonymous, source);
        source.timeout = http.milliseconds(u"timeoutMs"_s, source.timeout, 1);
    });
    source.login = readSteps(reader, u"login"_s, source);
    source.permissions = readSteps(reader, u"permissions"_s, source);
    source.snapshot = readSteps(reader, u"snapshot"_s, source);
    reader.object(u"stream"_s, [&source](JsonObjectReader &stream) { readStream(stream, source); });
    reader.array(u"rules"_s,
                 [&source](JsonObjectReader &rule) { source.rules.append(readRule(rule)); });
    reader.object(u"close"_s, [&source](JsonObjectReader &close) { readClose(close, source); });
    reader.finish(); // first: a slip in a key is the likely reason for a missing one
    if (!reader.has(u"stream"_s))
        throw JsonMistake{reader.pointer(), tr("“stream” is needed")};
    checkVariables(reader, source);
    return source;
}

// QJsonParseError tells what its parser wanted; this is what its user did.
QString explain(const QJsonParseError &error, QByteArrayView json)
{
    const char culprit =
        error.offset > 0 && error.offset <= json.size() ? json.at(error.offset - 1) : '\0';
    if (culprit == '/' || culprit == '#')
        return tr("JSON has no comments");
    switch (error.error) {
    case QJsonParseError::UnterminatedObject:
        return tr("a comma or “}” is missing, or a name is not in double quotes");
    case QJsonParseError::UnterminatedArray:
    case QJsonParseError::MissingValueSeparator:
        return tr("a comma or “]” is missing");
    case QJsonParseError::MissingNameSeparator:
        return tr("“:” is missing after a name");
    case QJsonParseError::MissingObject:
        return tr("nothing follows the comma");
    case QJsonParseError::IllegalValue:
    case QJsonParseError::IllegalNumber:
    case QJsonParseError::TerminationByNumber:
        return tr("a value is missing, or is not one; text stands in double quotes");
    case QJsonParseError::UnterminatedString:
        return tr("a closing double quote is missing");
    case QJsonParseError::IllegalUTF8String:
        return tr("this is not UTF-8; save the file with that encoding");
    case QJsonParseError::GarbageAtEnd:
        return tr("something follows the end of the object");
    default:
        return error.errorString();
    }
}

} // namespace

SourceResult readSource(const QByteArray &bytes, const QString &file)
{
    const QByteArray json = bytes.startsWith(byteOrderMark) // as some editors write it
        ? bytes.sliced(byteOrderMark.size())
        : bytes;
    if (json.trimmed().isEmpty())
        return {{}, tr("%1 is empty.").arg(file)};
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (syntax.error != QJsonParseError::NoError) {
        const auto line = 1 + json.left(syntax.offset).count('\n');
        return {{},
                tr("%1, line %2: this is not JSON: %3.")
                    .arg(file, QString::number(line), explain(syntax, json))};
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
        const int line = lineOfPointer(json, mistake.pointer);
        return {
            {},
            tr("%1, line %2, %3: %4.").arg(file, QString::number(line), place, mistake.sentence)};
    }
}

SourceResult readSourceFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, tr("%1 cannot be read: %2.").arg(path, file.errorString())};
    const QByteArray json = file.read(maximumFileSize + 1); // not its size(): a device has none
    if (json.size() > maximumFileSize)
        return {{}, tr("%1 is too large for a source file, which has 1 MiB at most.").arg(path)};
    return readSource(json, path);
}
