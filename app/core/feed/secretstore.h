// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>

/*!
    Where the secrets of sources come from. Reading is asynchronous, since a keyring may have to ask
    its user first.
*/
class SecretStore
{
public:
    using Answer = std::function<void(const std::optional<QString> &secret)>;

    virtual ~SecretStore() = default;

    /*!
        Calls \a answer once with the secret of \a source named \a variable, or with none. The call
        may come before read() returns, and never after \a context is gone.
    */
    virtual void read(const QString &source, const QString &variable, QObject *context,
                      const Answer &answer) = 0;
};

/*! Secrets that were known when the app started: from a file of the user, or of the demo. */
class KnownSecrets : public SecretStore
{
public:
    /*! By the name of the source, then of the variable. */
    using Table = QHash<QString, QHash<QString, QString>>;

    KnownSecrets() = default;
    explicit KnownSecrets(const Table &secrets);

    void read(const QString &source, const QString &variable, QObject *context,
              const Answer &answer) override;

    /*!
        Reads {"source": {"variable": "secret"}} from \a path. The file must be readable by its
        owner alone. On failure \a error says in a sentence why, without a secret in it.
    */
    [[nodiscard]] static std::optional<Table> readFile(const QString &path, QString *error);

private:
    const Table m_secrets{};
};
