// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/countmodel.h"
#include "core/feed/feed.h"
#include "core/secrets/prompter.h"
#include "core/secrets/secretstore.h"
#include <sselib/testkit/sseserver.h>

#include <QJsonObject>

#include <functional>
#include <optional>

/*! Answers each question of a login with the same text, and keeps the questions. */
class ReadyPrompter : public Prompter
{
public:
    explicit ReadyPrompter(const QString &answer)
        : m_answer(answer)
    {}

    void ask(const PromptQuestion &question, QObject *context, const Answer &answer) override;

    QList<PromptQuestion> questions;

private:
    const QString m_answer;
};

/*! A preset with its blanks filled, the feed that runs it, and a server whose part the test plays. */
class PresetRun
{
public:
    /*!
        The variable "base" is the server's address. It stands for "BASE" in the values of the other
        \a variables, too. \a change comes before the feed is made.
    */
    explicit PresetRun(const QString &preset, const QJsonObject &variables = {},
                       const QHash<QString, QString> &secrets = {},
                       const std::function<void(Source &)> &change = {},
                       Prompter *prompter = nullptr);

    /*! Each request for \a path is answered with what \a answer is by then. */
    void answer(const QByteArray &path, const QJsonObject *answer);
    void answer(const QByteArray &path, const QJsonObject &answer);

    /*! The last request for \a path. */
    [[nodiscard]] Harness::Exchange *last(const QByteArray &path) const;

    /*! What was asked, in order: "GET /count?since=3". Random identifiers are UUID. */
    [[nodiscard]] QStringList requests() const;

    /*!
        The count that is asked for when the stream opens is in. Before, events wait for it, and
        several of them become one change.
    */
    [[nodiscard]] bool hasCountOfItsStream() const;

    [[nodiscard]] QByteArray base() const { return server.url("").toEncoded(); }

    Harness::SseServer server;
    KnownSecrets secrets;
    CountModel model{QStringLiteral("work"), QStringLiteral("Work")};
    QStringList counts; //!< All that were shown; "3?" is stale.
    QDateTime openedAt; //!< When the stream opened last.
    QStringList states; //!< The words of all statuses; "opened" and "closed" are the stream's.
    std::optional<Feed> feed; // the first to go
};
