// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace Oracle {

/*! One thing that a client tells of a stream, in the words of `ssekit listen --json`. */
struct Fact
{
    QString type; //!< "open", "message", "error", or what should never happen.
    QString event;
    QString data;
    QString lastEventId;
    QString origin;
    QString state; //!< Of an error: "connecting" or "closed".

    [[nodiscard]] static Fact fromJson(const QJsonObject &object);

    friend bool operator==(const Fact &lhs, const Fact &rhs) = default;
};

/*! One request that the server saw. */
struct Request
{
    QByteArray place; //!< The last part of its path.
    QByteArray accept;
    std::optional<QByteArray> lastEventId; //!< The raw header, where there was one.

    friend bool operator==(const Request &lhs, const Request &rhs) = default;
};

/*! What one client made of one script. */
struct Report
{
    QList<Fact> facts;
    QList<Request> requests;

    friend bool operator==(const Report &lhs, const Report &rhs) = default;
};

/*! Both reports side by side for people, the first difference marked. Empty where there is none. */
[[nodiscard]] QString difference(const Report &chromium, const Report &ssekit);

} // namespace Oracle
