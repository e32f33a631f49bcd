// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

#include "template.h"

/*! What is wrong in a source file, and where. Thrown by JsonObjectReader. */
struct JsonMistake
{
    QString pointer;
    QString sentence; //!< Without capital and full stop: "a number is needed, not a string".
};

/*!
    Takes the members of one JSON object, each with the type that it must have, and remembers which
    were asked for. Throws JsonMistake at the first one that is wrong.
*/
class JsonObjectReader
{
public:
    JsonObjectReader(const QJsonValue &value, const QString &pointer);

    [[nodiscard]] QString pointer() const { return m_pointer; }
    [[nodiscard]] QString pointerTo(const QString &key) const;
    [[nodiscard]] bool has(const QString &key); //!< Asking makes the key a known one.
    [[nodiscard]] QStringList keys() const { return m_object.keys(); }

    QJsonValue value(const QString &key);
    QString string(const QString &key, const QString &fallback = {});
    QString requiredString(const QString &key);
    QStringList stringOrList(const QString &key);
    bool boolean(const QString &key, bool fallback);
    int integer(const QString &key, int fallback, int least = 0);
    std::optional<QString> jsonPointer(const QString &key);
    QStringList jsonPointers(const QString &key); //!< One, or an array of them.
    std::optional<QRegularExpression> regex(const QString &key);
    double number(const QString &key, double fallback, double least, double most);
    std::chrono::seconds seconds(const QString &key, std::chrono::seconds fallback, int least = 0);
    Template text(const QString &key); //!< Its syntax is not looked at.
    QMap<QString, Template> texts(const QString &key);
    std::chrono::milliseconds milliseconds(const QString &key, std::chrono::milliseconds fallback,
                                           int least = 0);

    /*! One of \a choices, by position; \a fallback when the key is missing. */
    int choice(const QString &key, const QStringList &choices, int fallback);

    /*! Calls \a read with the object at \a key, if there is one, and finishes it. */
    void object(const QString &key, const std::function<void(JsonObjectReader &)> &read);

    /*! The same for each object of the array at \a key. */
    void array(const QString &key, const std::function<void(JsonObjectReader &)> &read);

    /*! Puts the known ones of \a variables into all strings below those \a keys that are there. */
    void fillIn(const QStringList &keys, const Variables &variables);

    /*! Complains of the first key that nobody asked for. */
    void finish() const;

    [[noreturn]] void fail(const QString &key, const QString &sentence) const;

private:
    QJsonValue take(const QString &key, QJsonValue::Type type);

    QJsonObject m_object;
    QString m_pointer;
    QSet<QString> m_known;
};
