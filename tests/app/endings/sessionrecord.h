// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <chrono>

/*!
    What the log of `ssekit serve portal` says of one session, and whether its close requests are
    what they have to be: one, of the right session, with what the client knew last. A value.
*/
class SessionRecord
{
public:
    /*! A connection id that is younger than this at the ending may not be known to the client yet. */
    static constexpr std::chrono::milliseconds freshness{500};

    /*! Takes note of a line that names the session, which was seen at \a time. */
    void add(const QJsonObject &fact, std::chrono::milliseconds time);

    [[nodiscard]] qsizetype closeRequests() const { return m_closeRequests.size(); }
    /*!
        The client knew the session: a request other than the close request carried its token. Else
        perhaps nobody ever read the answer to the login.
    */
    [[nodiscard]] bool isKnown() const { return m_isKnown; }
    /*! A close request has to come, and has not. */
    [[nodiscard]] bool isAwaited() const { return m_isKnown && m_closeRequests.isEmpty(); }

    /*! What became of it: "known, with a connection, closed". */
    [[nodiscard]] QString fate() const;

    /*! What is wrong, a sentence; empty where nothing is. The app went at \a ending. */
    [[nodiscard]] QString complaint(std::chrono::milliseconds ending) const;

private:
    struct Greeting
    {
        QString connection;
        std::chrono::milliseconds time;
    };

    [[nodiscard]] QString complaintAbout(const QJsonObject &closeRequest,
                                         std::chrono::milliseconds ending) const;
    [[nodiscard]] QStringList possibleConnections(std::chrono::milliseconds ending) const;

    QList<QJsonObject> m_closeRequests;
    QList<Greeting> m_greetings;
    bool m_isKnown = false;
    bool m_wasRenewed = false;
    bool m_renewalIsRead = false; // a request came with the token of the last renewal
};
