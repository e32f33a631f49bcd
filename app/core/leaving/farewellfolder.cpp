// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "farewellfolder.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

using namespace Qt::Literals;

namespace {

constexpr qint64 maximumSize = 64 * 1024; // bytes
constexpr auto suffix = ".json"_L1;
constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

// Two sources may have one name, in two folders.
QString prefixFor(const Source &source)
{
    if (source.path.isEmpty())
        return {};
    constexpr qsizetype mostOfName = 40; // a file's name has an end, too
    const QByteArray digest =
        QCryptographicHash::hash(source.path.toUtf8(), QCryptographicHash::Sha256);
    return source.name.left(mostOfName) + u'-' + QString::fromLatin1(digest.toHex().left(8)) + u'-';
}

QJsonObject toJson(const Variables &variables)
{
    QJsonObject object;
    for (auto variable = variables.begin(); variable != variables.end(); ++variable)
        object.insert(variable.key(), *variable);
    return object;
}

} // namespace

FarewellFolder::FarewellFolder(const Source &source)
    : m_name(source.name)
    , m_prefix(prefixFor(source))
{}

QStringList FarewellFolder::files() const
{
    QStringList found;
    if (!isThere())
        return found;
    const QFileInfoList files = QDir(m_path).entryInfoList(QDir::Files | QDir::Hidden, QDir::Time);
    for (const QFileInfo &file : files) {
        if (file.fileName().startsWith(m_prefix) && file.fileName().endsWith(suffix))
            found.append(file.filePath());
    }
    return found;
}

QString FarewellFolder::file(const QUuid &key) const
{
    return QDir(m_path).filePath(m_prefix + key.toString(QUuid::WithoutBraces) + suffix);
}

QString FarewellFolder::write(const FarewellRecord &record) const
{
    const bool isThere = QFileInfo::exists(m_path);
    if (!QDir().mkpath(m_path))
        return QCoreApplication::translate("FarewellFolder", "%1 cannot be made.").arg(m_path);
    if (!isThere)
        QFile::setPermissions(m_path, ownerOnly | QFile::ExeOwner);
    const QJsonObject content{{u"schema"_s, 1},
                              {u"source"_s, m_name},
                              {u"time"_s, record.time.toString(Qt::ISODate)},
                              {u"key"_s, record.key.toString(QUuid::WithoutBraces)},
                              {u"occasion"_s, record.occasion},
                              {u"server"_s, record.server},
                              {u"variables"_s, toJson(record.variables)}};
    QSaveFile file(this->file(record.key));
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly)
        && file.write(QJsonDocument(content).toJson()) > 0 && file.commit();
    if (isWritten)
        return {};
    QFile::remove(file.fileName()); // else it would tell of something that is no more
    return QCoreApplication::translate("FarewellFolder", "%1 cannot be written: %2.")
        .arg(file.fileName(), file.errorString());
}

std::optional<FarewellRecord> FarewellFolder::read(const QString &path) const
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonObject content = QJsonDocument::fromJson(file.read(maximumSize)).object();
    FarewellRecord record;
    record.key = QUuid(content["key"_L1].toString());
    record.time = QDateTime::fromString(content["time"_L1].toString(), Qt::ISODate);
    record.occasion = content["occasion"_L1].toString();
    record.server = content["server"_L1].toString();
    const QJsonObject variables = content["variables"_L1].toObject();
    for (auto variable = variables.begin(); variable != variables.end(); ++variable)
        record.variables.insert(variable.key(), variable->toString());
    const bool isOne = content["schema"_L1].toInt() == 1
        && content["source"_L1].toString() == m_name && !record.key.isNull()
        && record.time.isValid() && !record.variables.isEmpty();
    return isOne ? std::optional(record) : std::nullopt;
}
