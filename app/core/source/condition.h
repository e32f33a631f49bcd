// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonValue>
#include <QList>
#include <QRegularExpression>
#include <QString>

#include <optional>

/*!
    What the value at a place of a JSON text has to be. All that is set must hold.

    Scalars are compared by their text, so that 200 equals "200". A text that is no JSON is taken as
    one string, which the empty pointer names.
*/
struct Condition
{
    QString pointer;
    std::optional<bool> exists;
    std::optional<QJsonValue> equals;
    QList<QJsonValue> in; //!< It is one of them.
    QList<QJsonValue> containsAny; //!< It is an array that holds at least one of them.
    std::optional<QRegularExpression> matches; //!< Its text does, somewhere.

    [[nodiscard]] bool holds(const QJsonValue &root) const;

    /*! What was wanted, in short, for a sentence: "counter.read". */
    [[nodiscard]] QString wanted() const;
};

[[nodiscard]] bool allHold(const QList<Condition> &conditions, const QJsonValue &root);

/*! The text of a string, number or truth value; none for anything else. */
[[nodiscard]] std::optional<QString> scalarText(const std::optional<QJsonValue> &value);

/*! The JSON in \a bytes; where it is none, its text as one string. */
[[nodiscard]] QJsonValue jsonOrText(QByteArrayView bytes);

/*! The text at the first of \a pointers that names a scalar. */
[[nodiscard]] std::optional<QString> firstText(const QJsonValue &root, const QStringList &pointers);
