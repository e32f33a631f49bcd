// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>

/*! Which secret is wanted, and the words to ask a person for it. */
struct SecretRequest
{
    QString source; //!< The source's name, and
    QString variable; //!< the variable's: together they name the secret.
    QString title; //!< The source's, for people.
    QString label; //!< The variable's, for people.
};

/*! What a store says to a SecretRequest. */
struct SecretAnswer
{
    enum class Kind {
        Found,
        Missing, //!< There is no such secret, or nobody gave it. \a sentence says what to do.
        Locked, //!< The keyring waits to be unlocked: another answer follows when it is.
    };

    Kind kind = Kind::Missing;
    QString secret;
    QString sentence; //!< For people; no secret is in it.
};

/*!
    Where the secrets of sources come from. Reading is asynchronous, since a keyring may have to ask
    its user first.
*/
class SecretStore
{
public:
    using Answer = std::function<void(const SecretAnswer &answer)>;

    virtual ~SecretStore() = default;

    /*!
        Calls \a answer: any number of times with Locked, then once with Found or Missing. The calls
        may come before read() returns, and never after \a context is gone.
    */
    virtual void read(const SecretRequest &request, QObject *context, const Answer &answer) = 0;

    /*!
        The server refused the secret that read() gave: the next read() does not give it again but
        asks whoever can be asked. A store whose secrets only its user can change does nothing.
    */
    virtual void refuse(const SecretRequest &request) = 0;
};

/*! Secrets that were known when the app started: from a file of the user, or of the demo. */
class KnownSecrets : public SecretStore
{
public:
    /*! By the name of the source, then of the variable. */
    using Table = QHash<QString, QHash<QString, QString>>;

    KnownSecrets() = default;
    explicit KnownSecrets(const Table &secrets);

    void read(const SecretRequest &request, QObject *context, const Answer &answer) override;
    void refuse(const SecretRequest &) override {}

    /*!
        Reads {"source": {"variable": "secret"}} from \a path. The file must be readable by its
        owner alone. On failure \a error says in a sentence why, without a secret in it.
    */
    [[nodiscard]] static std::optional<Table> readFile(const QString &path, QString *error);

private:
    const Table m_secrets{};
};
