// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "template.h"

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QString>

#include <chrono>
#include <optional>

/*! How a request says who asks. Basic takes the variables "user" and "password". */
enum class Auth {
    Inherit, //!< As the source's "http" says.
    Anonymous,
    Basic,
    Bearer, //!< The token's variable; nothing while it has no value.
};

/*! Where a number is in an answer, and how it is made. */
struct CountLocation
{
    enum class Reduce {
        Number, //!< The value is the number, or a string of digits.
        Length, //!< The value is an array; its length is the number.
        Lines, //!< The answer is text; its lines that are not empty are counted.
    };

    QString pointer;
    Reduce reduce = Reduce::Number;
};

/*! What an answer must say for the user to be permitted. All conditions that are set must hold. */
struct Requirement
{
    QString pointer;
    std::optional<bool> exists;
    std::optional<QJsonValue> equals;
    QList<QJsonValue> containsAny; //!< The array holds at least one of them.
};

/*! One HTTP request of a source, with what it expects and extracts. */
struct Step
{
    enum class Body {
        Empty,
        Json, //!< Any JSON value; its strings are templates.
        Form, //!< application/x-www-form-urlencoded; names to templates.
        Text, //!< text/plain; one template.
    };

    struct Extraction
    {
        QString pointer;
        std::optional<QString> fallback; //!< Taken where the pointer finds nothing.
    };

    QString name;
    QByteArray method = "GET";
    Template url;
    QMap<QString, Template> headers;
    Auth auth = Auth::Inherit;
    Body bodyKind = Body::Empty;
    QJsonValue body;
    QString accept;
    std::chrono::milliseconds timeout{0}; //!< 0: the source's.
    QList<int> expectedStatus; //!< Empty: any of 200 to 299.
    QMap<QString, Extraction> extractions; //!< By the name of the variable.
    QList<Requirement> requirements;
    std::optional<CountLocation> count;
};

/*! What an event does to the count. */
struct Rule
{
    enum class Action {
        Set, //!< To the number at the pointer.
        Add, //!< The number at the pointer, or the value.
        Sub,
        Refetch, //!< Run the snapshot.
        Ignore,
    };

    QStringList events; //!< Types of events; empty: any.
    Action action = Action::Ignore;
    std::optional<QString> pointer;
    int value = 1;
};

/*! The description of a server as data: a source file, read and checked. A value. */
struct Source
{
    struct SecretDeclaration
    {
        QString label;
        bool required = true;
    };

    QString name; //!< The file's, without suffix.
    QString title;
    Template homepage;
    Variables variables; //!< All that have a value in the file.
    QMap<QString, SecretDeclaration> secrets; //!< By the name of the variable.

    QMap<QString, Template> headers; //!< Of every request.
    Auth auth = Auth::Anonymous;
    std::chrono::milliseconds timeout{10'000}; //!< Of a step.

    QList<Step> login;
    QString tokenVariable; //!< Empty where there is no token.
    QString tokenExpiresInVariable; //!< Seconds; empty: the token lasts.
    std::chrono::seconds tokenSkew{60}; //!< How long before its end a token is renewed.
    QList<Step> permissions;
    QList<Step> snapshot;

    Template streamUrl;
    QMap<QString, Template> streamHeaders;
    std::chrono::milliseconds openTimeout{30'000};
    std::chrono::milliseconds idleTimeout{0}; //!< 0: the library's default.
    bool resumes = true; //!< Sends Last-Event-ID.

    QList<Rule> rules; //!< The first that matches counts.

    QList<Step> close;
    bool closesOnQuit = true;
    std::chrono::milliseconds closeBudget{1500};
};
