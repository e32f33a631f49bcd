// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "askedsecrets.h"

#include "desktop/keyring.h"
#include "ui/questionwindow.h"

#include <QCryptographicHash>
#include <QLoggingCategory>
#include <QUuid>

using Kind = SecretAnswer::Kind;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.secrets", QtInfoMsg)

} // namespace

AskedSecrets::AskedSecrets(Keyring *keyring, QuestionWindow *window, QObject *parent)
    : QObject(parent)
    , m_keyring(keyring)
    , m_window(window)
    , m_salt(QUuid::createUuid().toRfc4122())
{}

AskedSecrets::~AskedSecrets() = default;

void AskedSecrets::read(const SecretRequest &request, QObject *context, const Answer &answer)
{
    const Name name{request.source, request.variable};
    const auto typed = m_typed.constFind(name);
    if (typed != m_typed.constEnd())
        give(name, *typed, answer);
    else
        askKeyring(request, context, answer);
}

void AskedSecrets::refuse(const SecretRequest &request)
{
    const Name name{request.source, request.variable};
    m_typed.remove(name);
    if (m_given.contains(name))
        m_refused[name].insert(m_given.take(name));
}

void AskedSecrets::askKeyring(const SecretRequest &request, QObject *context, const Answer &answer)
{
    m_keyring->read(request, context, [this, request, context, answer](const SecretAnswer &found) {
        const Name name{request.source, request.variable};
        const bool wasRefused = m_refused.contains(name) && !m_given.contains(name);
        if (found.kind == Kind::Locked)
            answer(found);
        else if (found.kind == Kind::Found && !isRefused(name, found.secret))
            give(name, found.secret, answer);
        else if (m_window)
            askPerson(request,
                      wasRefused ? tr("The server refused the last one.")
                                 : tr("Tallybell needs it to log you in."),
                      context, answer);
        else if (wasRefused)
            answer(
                {Kind::Missing,
                 {},
                 tr("The server refused “%1”. Put the right one into the keyring, as “%2/%3”, or "
                    "into a secrets file (--secrets-file), then start again.")
                     .arg(request.label, request.source, request.variable)});
        else
            answer(
                {Kind::Missing,
                 {},
                 found.sentence + QLatin1Char(' ')
                     + tr("Start Tallybell once with its window, which puts it into the keyring, "
                          "or name a secrets file with “%1”, “%2” in it: --secrets-file FILE.")
                           .arg(request.source, request.variable)});
    });
}

void AskedSecrets::askPerson(const SecretRequest &request, const QString &remark, QObject *context,
                             const Answer &answer)
{
    const SecretQuestion question{request.title, request.label, remark, m_keyring->isPresent()};
    m_window->askSecret(
        question, context, [this, request, answer](const std::optional<GivenSecret> &given) {
            if (!given) {
                answer(
                    {Kind::Missing,
                     {},
                     tr("“%1” is needed to log in. Open the connection to be asked for it again.")
                         .arg(request.label)});
                return;
            }
            const Name name{request.source, request.variable};
            m_typed.insert(name, given->secret);
            m_refused[name].remove(fingerprint(given->secret)); // somebody insists
            if (given->remember)
                remember(request, given->secret);
            give(name, given->secret, answer);
        });
}

// Kept here as long as it is not there.
void AskedSecrets::remember(const SecretRequest &request, const QString &secret)
{
    m_keyring->write(request, secret, this, [this, request, secret](const QString &error) {
        const Name name{request.source, request.variable};
        if (!error.isEmpty())
            qCWarning(log).noquote() << error << tr("It is kept until Tallybell ends.");
        else if (m_typed.value(name) == secret)
            m_typed.remove(name);
    });
}

void AskedSecrets::give(const Name &name, const QString &secret, const Answer &answer)
{
    m_given.insert(name, fingerprint(secret));
    answer({Kind::Found, secret, {}});
}

bool AskedSecrets::isRefused(const Name &name, const QString &secret) const
{
    return m_refused.value(name).contains(fingerprint(secret));
}

QByteArray AskedSecrets::fingerprint(const QString &secret) const
{
    return QCryptographicHash::hash(m_salt + secret.toUtf8(), QCryptographicHash::Sha256);
}
