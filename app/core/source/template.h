// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>

/*! The variables of a source by name: from its file, its secrets, and what steps extracted. */
using Variables = QHash<QString, QString>;

/*!
    A string of a source file with places for variables: ${name}, ${name|urlencode} and
    ${name|base64}. Everything else stands for itself.
*/
class Template
{
public:
    Template() = default;
    explicit Template(const QString &text);

    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }
    [[nodiscard]] QString text() const { return m_text; }

    /*! Why the text is no template, without capital and full stop; empty when it is one. */
    [[nodiscard]] QString syntaxError() const;

    /*! Letters, digits and "_", and not a digit first. */
    [[nodiscard]] static bool isName(const QString &text);

    /*! The names in it, in their order. */
    [[nodiscard]] QStringList names() const;

    /*! The text with all values in place; none when a variable has no value. */
    [[nodiscard]] std::optional<QString> render(const Variables &variables) const;

    /*! The first name without a value: what kept render() from it. */
    [[nodiscard]] QString missingName(const Variables &variables) const;

private:
    QString m_text;
};
