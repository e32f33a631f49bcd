// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "secretstore.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("SecretStore", text);
}

bool isPrivate(QFile::Permissions permissions)
{
    return (permissions
            & (QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
               | QFile::WriteOther | QFile::ExeOther))
        == 0;
}

} // namespace

KnownSecrets::KnownSecrets(const Table &secrets)
    : m_secrets(secrets)
{}

void KnownSecrets::read(const SecretRequest &request, QObject *, const Answer &answer)
{
    const QHash<QString, QString> secrets = m_secrets.value(request.source);
    const auto found = secrets.constFind(request.variable);
    if (found != secrets.constEnd())
        answer({SecretAnswer::Kind::Found, *found, {}});
    else
        answer({SecretAnswer::Kind::Missing,
                {},
                tr("“%1” is not known. Put it into the secrets file under “%2”, “%3”.")
                    .arg(request.label, request.source, request.variable)});
}

std::optional<KnownSecrets::Table> KnownSecrets::readFile(const QString &path, QString *error)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        *error = tr("The secrets file %1 cannot be read: %2.").arg(path, file.errorString());
        return {};
    }
    // Asked of the open file, so that nobody can swap it in between.
    if (!isPrivate(file.permissions())) {
        *error = tr("The secrets file %1 can be read or written by others than you, so it is "
                    "refused. Run: chmod 600 %1")
                     .arg(path);
        return {};
    }
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    const QString form = tr("The secrets file %1 must be JSON of this form: "
                            "{\"source\": {\"variable\": \"secret\"}}")
                             .arg(path);
    if (!document.isObject()) {
        *error = form;
        return {};
    }
    Table table;
    const QJsonObject sources = document.object();
    for (auto source = sources.begin(); source != sources.end(); ++source) {
        if (!source->isObject()) {
            *error = form;
            return {};
        }
        const QJsonObject secrets = source->toObject();
        for (auto secret = secrets.begin(); secret != secrets.end(); ++secret) {
            if (!secret->isString()) {
                *error = form;
                return {};
            }
            table[source.key()].insert(secret.key(), secret->toString());
        }
    }
    return table;
}
