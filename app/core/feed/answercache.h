// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QHash>
#include <QUrl>

/*!
    Answers that the server gave an ETag (RFC 9110, 8.8.3), so that a count that did not change
    costs the server no more than a 304. A few small ones; the rest is asked for in full.
*/
class AnswerCache
{
public:
    /*! Empty where nothing is known. */
    [[nodiscard]] QByteArray entityTag(const QUrl &url) const { return m_answers.value(url).tag; }
    [[nodiscard]] QByteArray body(const QUrl &url) const { return m_answers.value(url).body; }

    void insert(const QUrl &url, const QByteArray &entityTag, const QByteArray &body)
    {
        constexpr qsizetype largestBody = 256 * 1024;
        constexpr qsizetype most = 8;
        if (entityTag.isEmpty() || body.size() > largestBody) {
            m_answers.remove(url);
            return;
        }
        if (m_answers.size() >= most && !m_answers.contains(url))
            m_answers.clear();
        m_answers.insert(url, {entityTag, body});
    }

    void clear() { m_answers.clear(); }

private:
    struct Answer
    {
        QByteArray tag;
        QByteArray body;
    };

    QHash<QUrl, Answer> m_answers;
};
