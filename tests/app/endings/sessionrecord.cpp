// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sessionrecord.h"

#include <QJsonDocument>
#include <QStringList>

using namespace Qt::Literals;

void SessionRecord::add(const QJsonObject &fact, std::chrono::milliseconds time)
{
    const QString type = fact[u"type"].toString();
    if (type == "close request"_L1) {
        m_closeRequests.append(fact);
    } else if (type == "open"_L1) {
        m_greetings.append({fact[u"connection"].toString(), time});
    } else if (type == "renewed"_L1) {
        m_wasRenewed = true;
        m_renewalIsRead = false;
    } else if (type == "request"_L1 && fact[u"path"] != "/close"_L1) {
        m_isKnown = true;
        if (m_wasRenewed && fact[u"token"] == "current"_L1)
            m_renewalIsRead = true;
    }
}

QString SessionRecord::fate() const
{
    return (m_isKnown ? u"known, "_s : u"perhaps never known, "_s)
        + (m_greetings.isEmpty()         ? u""_s
               : m_greetings.size() == 1 ? u"with a stream, "_s
                                         : u"with several streams, "_s)
        + (m_wasRenewed ? u"renewed, "_s : u""_s)
        + (m_closeRequests.isEmpty() ? u"not closed"_s : u"closed"_s);
}

QString SessionRecord::complaint(std::chrono::milliseconds ending) const
{
    if (isAwaited())
        return u"no close request"_s;
    if (m_closeRequests.size() > 1) {
        QStringList keys;
        for (const QJsonObject &request : m_closeRequests)
            keys.append(request[u"idempotencyKey"].toString(u"none"_s));
        keys.removeDuplicates();
        return u"%1 close requests, with the Idempotency-Keys %2"_s.arg(m_closeRequests.size())
            .arg(keys.join(u", "));
    }
    return m_closeRequests.isEmpty() ? QString()
                                     : complaintAbout(m_closeRequests.constFirst(), ending);
}

QString SessionRecord::complaintAbout(const QJsonObject &closeRequest,
                                      std::chrono::milliseconds ending) const
{
    const QString token = closeRequest[u"token"].toString();
    const bool mayBeSuperseded = m_wasRenewed && !m_renewalIsRead;
    if (token != "current"_L1 && !(token == "superseded"_L1 && mayBeSuperseded))
        return u"a close request with a token that is %1"_s.arg(token);
    if (closeRequest[u"idempotencyKey"].toString().isEmpty())
        return u"a close request without an Idempotency-Key"_s;
    const QJsonDocument body = QJsonDocument::fromJson(closeRequest[u"body"].toString().toUtf8());
    if (body[u"reason"] != "quit"_L1)
        return u"a close request for the reason \"%1\""_s.arg(body[u"reason"].toString());
    const QString connection = body[u"connection"].toString();
    const QStringList possible = possibleConnections(ending);
    if (!possible.contains(connection))
        return u"a close request of the connection \"%1\" instead of \"%2\""_s.arg(
            connection, possible.join(u"\" or \""));
    return {};
}

// The last one, and those before it while it may not have been read.
QStringList SessionRecord::possibleConnections(std::chrono::milliseconds ending) const
{
    QStringList possible;
    for (auto greeting = m_greetings.crbegin(); greeting != m_greetings.crend(); ++greeting) {
        possible.append(greeting->connection);
        if (ending - greeting->time > freshness)
            return possible;
    }
    possible.append(QString());
    return possible;
}
