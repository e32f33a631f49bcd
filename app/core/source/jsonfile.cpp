// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "jsonfile.h"

#include "jsonobjectreader.h"
#include "jsonpointer.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals;

namespace {

constexpr qint64 maximumFileSize = 1024 * 1024; // bytes; such a file is a page or two
constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

QString tr(const char *text)
{
    return QCoreApplication::translate("JsonFile", text);
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

QString readJsonText(const QByteArray &bytes, const QString &file,
                     const std::function<void(const QJsonValue &value)> &read)
{
    const QByteArray json = bytes.startsWith(byteOrderMark) // as some editors write it
        ? bytes.sliced(byteOrderMark.size())
        : bytes;
    if (json.trimmed().isEmpty())
        return tr("%1 is empty.").arg(file);
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (syntax.error != QJsonParseError::NoError) {
        const auto line = 1 + json.left(syntax.offset).count('\n');
        return tr("%1, line %2: this is not JSON: %3.")
            .arg(file, QString::number(line), explain(syntax, json));
    }
    try {
        read(document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()));
    } catch (const JsonMistake &mistake) {
        const QString place = mistake.pointer.isEmpty() ? tr("the whole file") : mistake.pointer;
        const int line = lineOfPointer(json, mistake.pointer);
        return tr("%1, line %2, %3: %4.").arg(file, QString::number(line), place, mistake.sentence);
    }
    return {};
}

QString readTextFile(const QString &path, QByteArray *text)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tr("%1 cannot be read: %2.").arg(path, file.errorString());
    *text = file.read(maximumFileSize + 1); // not its size(): a device has none
    if (text->size() > maximumFileSize)
        return tr("%1 is too large: such a file has 1 MiB at most.").arg(path);
    return {};
}
