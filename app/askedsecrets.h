// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/secrets/secretstore.h"

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QSet>

class Keyring;
class QuestionWindow;

/*!
    The secrets that are asked for: of the keyring first, then of the person, where there is one.

    What the person wrote goes into the keyring where it is to be remembered, else it is kept for
    this run of the program. A secret that the server refused is not given again: not the typed one,
    and not the keyring's as long as it is the same there.
*/
class AskedSecrets : public QObject, public SecretStore
{
    Q_OBJECT

public:
    /*! Neither is owned, both must live longer. \a window is nullptr where nobody can be asked. */
    AskedSecrets(Keyring *keyring, QuestionWindow *window, QObject *parent = nullptr);
    ~AskedSecrets() override;

    void read(const SecretRequest &request, QObject *context, const Answer &answer) override;
    void refuse(const SecretRequest &request) override;

private:
    using Name = std::pair<QString, QString>; // source, variable

    void askKeyring(const SecretRequest &request, QObject *context, const Answer &answer);
    void askPerson(const SecretRequest &request, const QString &remark, QObject *context,
                   const Answer &answer);
    void remember(const SecretRequest &request, const QString &secret);
    void give(const Name &name, const QString &secret, const Answer &answer);
    [[nodiscard]] bool isRefused(const Name &name, const QString &secret) const;
    [[nodiscard]] QByteArray fingerprint(const QString &secret) const;

    Keyring *const m_keyring;
    QuestionWindow *const m_window;
    QHash<Name, QString> m_typed;
    // Fingerprints are enough to know a secret again.
    const QByteArray m_salt;
    QHash<Name, QByteArray> m_given;
    QHash<Name, QSet<QByteArray>> m_refused;
};
