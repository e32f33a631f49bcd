// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

/*! One thing that a stream says, in the order of the stream. */
struct Finding
{
    enum class Kind {
        Event,
        Comment,
        Retry,
        LineOverflow,
        EventOverflow
    };

    Kind kind = Kind::Event;
    QByteArray text = {}; //!< The data of an event, or a comment.
    QByteArray type = {};
    QByteArray lastEventId = {};
    qint64 delay = 0; //!< Of a retry, in milliseconds.

    friend bool operator==(const Finding &lhs, const Finding &rhs) = default;
};

/*! \a finding for a person, on one line of ASCII. */
[[nodiscard]] inline QString describe(const Finding &finding)
{
    const auto quoted = [](const QByteArray &bytes) {
        const QByteArray shown = bytes.first(qMin(bytes.size(), qsizetype(80)));
        return QStringLiteral("\"%1\"%2")
            .arg(QString::fromLatin1(shown.toPercentEncoding(" {}:,;!?()[]'/=")),
                 shown.size() < bytes.size() ? QStringLiteral("... (%1 bytes)").arg(bytes.size())
                                             : QString());
    };
    switch (finding.kind) {
    case Finding::Kind::Event:
        return QStringLiteral("event %1 with data %2 and id %3")
            .arg(quoted(finding.type), quoted(finding.text), quoted(finding.lastEventId));
    case Finding::Kind::Comment:
        return QStringLiteral("comment %1").arg(quoted(finding.text));
    case Finding::Kind::Retry:
        return QStringLiteral("retry of %1 ms").arg(finding.delay);
    case Finding::Kind::LineOverflow:
        return QStringLiteral("a line over the limit");
    case Finding::Kind::EventOverflow:
        return QStringLiteral("an event over the limit");
    }
    return {};
}
