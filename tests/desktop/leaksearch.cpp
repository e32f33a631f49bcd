// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "leaksearch.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>

using namespace Qt::Literals;

namespace Harness {

namespace {

// What stays the same of a secret's base64 when it stands behind so many bytes of a longer text.
QByteArray base64Behind(int before, const QByteArray &secret)
{
    const QByteArray whole = (QByteArray(before, 'x') + secret).toBase64();
    const qsizetype first = before == 0 ? 0 : before + 1; // these digits hold bits of the x's
    const qsizetype whole24 = (before + secret.size()) / 3 * 4; // the rest depends on what follows
    return whole.sliced(first, whole24 - first);
}

QByteArray utf16(const QByteArray &secret)
{
    const QString text = QString::fromUtf8(secret);
    return QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

qint64 parentOf(const QString &process)
{
    const QByteArray stat = contentOf(u"/proc/%1/stat"_s.arg(process));
    // Behind the name, which may have spaces and parentheses: the state, then the parent.
    const QByteArrayList fields = stat.sliced(stat.lastIndexOf(')') + 1).simplified().split(' ');
    return fields.size() > 1 ? fields.at(1).toLongLong() : 0;
}

} // namespace

LeakSearch::LeakSearch(const QList<QByteArray> &secrets)
{
    for (const QByteArray &secret : secrets) {
        const QString name = QString::fromUtf8(secret);
        m_forms.append({name, secret.toLower()});
        m_forms.append({name + u" as UTF-16"_s, utf16(secret).toLower()});
        m_forms.append({name + u" in hexadecimal"_s, secret.toHex()});
        for (const int before : {0, 1, 2})
            m_forms.append({name + u" in base64"_s, base64Behind(before, secret).toLower()});
    }
}

QStringList LeakSearch::in(const QByteArray &bytes, const QString &place) const
{
    const QByteArray lower = bytes.toLower();
    QByteArray unescaped = lower;
    unescaped.replace("\\/", "/");
    const QByteArray decoded = QByteArray::fromPercentEncoding(unescaped);
    QStringList found;
    for (const Form &form : m_forms) {
        if (lower.contains(form.bytes) || unescaped.contains(form.bytes)
            || decoded.contains(form.bytes))
            found.append(u"%1: %2"_s.arg(place, form.name));
    }
    return found;
}

QStringList LeakSearch::inFolder(const QString &folder, const QStringList &except) const
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        if (files.fileInfo().isFile() && !except.contains(path))
            found += in(contentOf(path), path);
    }
    return found;
}

QStringList LeakSearch::inProcesses(qint64 process) const
{
    QHash<qint64, qint64> parents;
    const QStringList names = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString &name : names) {
        if (const qint64 number = name.toLongLong(); number > 0)
            parents.insert(number, parentOf(name));
    }
    QStringList found;
    for (auto entry = parents.constBegin(); entry != parents.constEnd(); ++entry) {
        qint64 ancestor = entry.key();
        while (ancestor > 0 && ancestor != process)
            ancestor = parents.value(ancestor);
        if (ancestor != process)
            continue;
        for (const QString &kind : {u"cmdline"_s, u"environ"_s}) {
            const QString path = u"/proc/%1/%2"_s.arg(QString::number(entry.key()), kind);
            found += in(contentOf(path), path);
        }
    }
    return found;
}

} // namespace Harness
