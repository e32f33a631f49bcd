// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "condition.h"
#include "core/secrets/prompter.h"
#include "template.h"

#include <QMap>

#include <chrono>

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
        Length, //!< The value is an array; its elements are counted.
        Lines, //!< The answer is text; its lines that are not empty are counted.
    };

    QString pointer;
    Reduce reduce = Reduce::Number;
    QList<Condition> where; //!< Only elements, or lines as JSON, for which all hold.
    QStringList
        keys; //!< Pointers inside an element, the first that is there; equal keys count once.
    QList<Condition> removeWhere; //!< Elements for which all hold take away earlier keys.
    std::optional<int> fallback; //!< Where the pointer finds nothing.
};

/*! Where the value of a variable is, in an answer or an event. */
struct Extraction
{
    std::optional<QString> pointer;
    QByteArray header; //!< Its name, instead of the pointer.
    QByteArray cookie; //!< Its name, instead of the pointer.
    std::optional<QRegularExpression> regex; //!< Its first group, of what was found or of the text.
    std::optional<QString> fallback; //!< Taken where nothing is found. In a step, a template.

    /*! What pointer and regex find in a text, whose JSON is \a root; without fallback. */
    [[nodiscard]] std::optional<QString> find(const QJsonValue &root, const QString &text) const;
};

/*! One request of a source, with what it expects and extracts; or a question to a person. */
struct Step
{
    enum class Body {
        Empty,
        Json, //!< Any JSON value; its strings are templates.
        Form, //!< application/x-www-form-urlencoded; names to templates.
        Text, //!< text/plain; one template.
    };

    /*! A change of the finished request that no template can express. */
    enum class Transform {
        Nothing,
        RuoyiEncrypt, //!< See requesttransform.h.
    };

    /*! The step is passed over unless the variable is so. */
    struct When
    {
        QString variable;
        QStringList
            in; //!< Its value is one of them; empty: it has a value that is not "" or "false".
    };

    struct Prompt
    {
        QString variable; //!< Gets what the person answers.
        QString label;
        PromptQuestion::Kind kind = PromptQuestion::Kind::Text;
        Template image; //!< Base64, also as a data: URL.
    };

    /*! Whether its "when" holds. */
    [[nodiscard]] bool isDue(const Variables &variables) const;

    QString name;
    std::optional<When> when;
    std::optional<Prompt> prompt; //!< Nothing is requested then.
    QByteArray method = "GET";
    Template url;
    QMap<QString, Template> query;
    QMap<QString, Template> headers;
    Auth auth = Auth::Inherit;
    Body bodyKind = Body::Empty;
    QJsonValue body;
    Transform transform = Transform::Nothing;
    QString accept;
    std::chrono::milliseconds timeout{0}; //!< 0: the source's.
    QList<int> expectedStatus; //!< Empty: any of 200 to 299.
    QList<Condition> expectations; //!< Of the answer as JSON.
    QMap<QString, Extraction> extractions; //!< By the name of the variable.
    QList<Condition> requirements; //!< What the answer must say for the user to be permitted.
    std::optional<CountLocation> count;
};
