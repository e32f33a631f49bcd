// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "preset.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>

using namespace Qt::Literals;

namespace {

const QString folder = u":/presets/"_s;

QString tr(const char *text)
{
    return QCoreApplication::translate("Preset", text);
}

QJsonObject readPreset(const QString &name)
{
    QFile file(folder + name + ".json"_L1);
    if (!presetNames().contains(name) || !file.open(QIODevice::ReadOnly))
        throw JsonMistake{
            u"/preset"_s,
            tr("there is no preset “%1”; there are %2").arg(name, presetNames().join(u", "))};
    return QJsonDocument::fromJson(file.readAll()).object();
}

// A value goes into its declaration, which knows what it may be.
QJsonObject filledVariables(QJsonObject variables, const QJsonObject &own)
{
    for (auto entry = own.begin(); entry != own.end(); ++entry) {
        QJsonValueRef declared = variables[entry.key()];
        if (!declared.isUndefined() && !declared.isNull() && declared.isObject()
            && !entry->isObject()) {
            QJsonObject declaration = declared.toObject();
            declaration.insert(u"default"_s, *entry);
            declared = declaration;
        } else if (!declared.isNull() || entry->isObject()) {
            declared = *entry;
        } else {
            variables.remove(entry.key());
            throw JsonMistake{
                appendToPointer(u"/vars"_s, entry.key()),
                tr("the preset has no such variable; it has %1").arg(variables.keys().join(u", "))};
        }
    }
    return variables;
}

} // namespace

QStringList presetNames()
{
    QStringList names;
    const QFileInfoList files = QDir(folder).entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name);
    for (const QFileInfo &file : files)
        names.append(file.completeBaseName());
    return names;
}

QJsonObject withPreset(const QJsonObject &own)
{
    if (!own.contains("preset"_L1))
        return own;
    const QJsonValue name = own.value("preset"_L1);
    if (!name.isString())
        throw JsonMistake{u"/preset"_s, tr("the name of a preset is needed")};
    QJsonObject result = readPreset(name.toString());
    for (auto member = own.begin(); member != own.end(); ++member) {
        if (member.key() == "vars"_L1 && member->isObject())
            result[u"vars"_s] =
                filledVariables(result.value("vars"_L1).toObject(), member->toObject());
        else if (member.key() != "preset"_L1)
            result[member.key()] = *member;
    }
    return result;
}
