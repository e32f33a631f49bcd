// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>

/*! What a login wants to know of a person, each time anew. */
struct PromptQuestion
{
    enum class Kind {
        Text,
        Captcha, //!< What is to be read in image.
        OneTimeCode, //!< Of an app or a message; it holds for a minute or so.
    };

    QString source; //!< The source's name.
    QString title; //!< Its title, for people.
    QString label; //!< What is asked for.
    Kind kind = Kind::Text;
    QByteArray
        image; //!< A picture in a format that Qt reads; the server's bytes, not to be trusted.
};

/*! Asks the person at the screen. There may be none: then a login that has to ask cannot go on. */
class Prompter
{
public:
    using Answer = std::function<void(const std::optional<QString> &text)>;

    virtual ~Prompter() = default;

    /*!
        Calls \a answer once, with what the person wrote or with none where it declined. Not before
        ask() returns, and never after \a context is gone, which takes the question back.
    */
    virtual void ask(const PromptQuestion &question, QObject *context, const Answer &answer) = 0;
};
