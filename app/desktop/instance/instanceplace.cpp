// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "instanceplace.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

constexpr qsizetype nameLength = 12; // of a socket's path there may be 107 bytes in all

QString tr(const char *text)
{
    return QCoreApplication::translate("InstancePlace", text);
}

// Anybody can make a folder among the temporary files, and wait there for our requests.
bool makePrivateFolder(const QString &path, QString *error)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), S_IRWXU) != 0 && errno != EEXIST) {
        *error = tr("The folder %1 cannot be made: %2.").arg(path, qt_error_string(errno));
        return false;
    }
    struct stat status = {};
    if (::lstat(name.constData(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        *error = tr("%1 is not a folder.").arg(path);
        return false;
    }
    if (status.st_uid != ::geteuid()) {
        *error = tr("The folder %1 belongs to somebody else.").arg(path);
        return false;
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && ::chmod(name.constData(), S_IRWXU) != 0) {
        *error = tr("The folder %1 is open to others.").arg(path);
        return false;
    }
    return true;
}

QString folderPath()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(runtime) && QFileInfo(runtime).isDir()
        && QFileInfo(runtime).isWritable())
        return runtime + "/tallybell"_L1;
    return QDir::tempPath() + "/tallybell-"_L1 + QString::number(::geteuid());
}

} // namespace

std::optional<InstancePlace> InstancePlace::find(const QString &name, QString *error)
{
    const QString folder = folderPath();
    if (!makePrivateFolder(folder, error))
        return {};
    const QString path = folder + u'/' + name;
    return InstancePlace{path + ".lock"_L1, path + ".socket"_L1};
}

QString InstancePlace::nameFor(const QString &configDirectory)
{
    const QFileInfo folder(configDirectory);
    QString path = folder.canonicalFilePath(); // empty where there is no such folder yet
    if (path.isEmpty())
        path = QDir::cleanPath(folder.absoluteFilePath());
    const QByteArray hash =
        QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).toHex();
    return QString::fromLatin1(hash.first(nameLength));
}
