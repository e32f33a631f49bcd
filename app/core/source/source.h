// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rule.h"
#include "step.h"

#include <QSet>
#include <QUrl>

#include <chrono>

/*! What a status, or a sentence inside an answer, means: some servers say 401 inside a 200. */
struct ErrorClass
{
    enum class Meaning {
        Expired, //!< The session ended: renew it, or log in again.
        Auth, //!< The secret is refused: ask for another one.
        Permission, //!< This user may not.
        Rate, //!< Too many requests: later, and not before Retry-After.
        Gone, //!< There is no such thing here, and no use in asking again.
        Transient, //!< A trouble that passes.
        Fatal, //!< Final until the user acts.
    };

    QList<int> statuses; //!< Empty: any.
    std::optional<QRegularExpression> contentType;
    std::optional<Condition> condition; //!< Of the answer as JSON.
    Meaning meaning = Meaning::Fatal;
};

/*! How the event stream is asked for, and what is normal for it. Durations of 0: the default. */
struct StreamDescription
{
    enum class Resume {
        Header, //!< Last-Event-ID, as the standard has it.
        Query, //!< The last id as a parameter of the address.
        Never,
    };

    QByteArray method = "GET";
    Template url; //!< Empty: there is no stream, the count is asked for.
    QMap<QString, Template> uriTemplate; //!< Values for {name} in the address (RFC 6570, level 1).
    QMap<QString, Template> query;
    QMap<QString, Template> headers;
    Step::Body bodyKind = Step::Body::Empty;
    QJsonValue body;
    QString accept;
    bool http2 = false;
    Resume resume = Resume::Header;
    QString resumeName; //!< Of the parameter.
    QStringList
        resumeFrom; //!< Pointers to the id inside an event; the first that is there. Empty: its id.
    QStringList resumeEvents; //!< The types of events that count for it; empty: all.
    std::chrono::milliseconds openTimeout{30'000};
    std::chrono::milliseconds firstByteTimeout{0}; //!< 0: the server need not greet.
    std::chrono::milliseconds idleTimeout{0}; //!< 0: learned from the server.
    std::chrono::milliseconds expectedAge{0}; //!< 0: an end is never expected.
    std::chrono::milliseconds maximumAge{0}; //!< 0: never opened anew without need.
    std::chrono::milliseconds initialRetry{0};
    std::chrono::milliseconds maximumRetry{0};
    std::optional<double> retryJitter; //!< 0 to 1
    std::chrono::milliseconds healthyAfter{0};
    qsizetype maximumLine = 0; //!< bytes
    qsizetype maximumEvent = 0; //!< bytes
};

/*! The description of a server as data: a source file, read and checked. A value. */
struct Source
{
    struct SecretDeclaration
    {
        QString label;
        bool required = true;
    };

    enum class Cookies {
        Never,
        Session, //!< Kept until the session ends.
    };

    enum class OnOpen {
        Refetch, //!< A snapshot tells the count.
        Keep, //!< The stream goes on where it was: the last number holds.
        Zero, //!< The stream tells everything from the beginning.
    };

    enum class PollWhen {
        StreamRefused, //!< Or held back by a proxy.
        Always,
        Never,
    };

    QString name; //!< The file's, without suffix.
    QString path; //!< The file's, absolute; empty where there is none.
    QString title;
    QString description; //!< For whoever chooses a preset.
    Template homepage;
    Variables variables; //!< All that have a value in the file.
    QMap<QString, SecretDeclaration> secrets; //!< By the name of the variable.

    QMap<QString, Template> headers; //!< Of every request.
    Auth auth = Auth::Anonymous;
    Cookies cookies = Cookies::Never;
    QString caFile; //!< Path of certificates to trust besides the system's; empty: none.
    QString proxy; //!< "system", "none", or the URL of an http or socks5 proxy.
    std::chrono::milliseconds timeout{10'000}; //!< Of a step.

    QList<ErrorClass> errors; //!< The first that matches counts.

    QList<Step> login;
    QList<Step> refresh;
    QString tokenVariable; //!< Empty where there is no token.
    QString tokenExpiresInVariable; //!< Seconds; empty: see the next.
    QString tokenExpiresAtVariable; //!< Seconds since 1970, or ISO 8601; empty: the token may tell.
    std::chrono::seconds tokenSkew{60}; //!< How long before its end a token is renewed.
    std::chrono::seconds tokenIdle{
        0}; //!< The session ends when nothing was asked so long. 0: never.
    QList<Step> permissions;
    QList<Step> snapshot;
    QList<Step> afterOpen;

    StreamDescription stream;
    QList<Rule> rules; //!< The first that matches counts.

    OnOpen onOpen = OnOpen::Refetch;
    std::chrono::seconds reconcile{0}; //!< 0: never.
    std::chrono::milliseconds debounce{300}; //!< Of a snapshot that an event asks for.

    std::chrono::seconds pollInterval{60};
    PollWhen pollWhen = PollWhen::StreamRefused;
    std::chrono::seconds streamPause{60}; //!< Before the stream is tried again; doubled each time.

    QList<Step> close;
    bool closesOnQuit = true;
    bool closesOnLogout = true;
    bool closesOnSuspend = false;
    bool closesBeforeReopening = false;
    std::chrono::milliseconds closeBudget{1500};
    std::chrono::seconds closeKeep{0}; //!< How long a close request is worth sending later.
};
