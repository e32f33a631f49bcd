// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "listen/listener.h"

#include "console.h"

#include <sselib/utf8.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int connectionFailed = 6;

QString originOf(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                        | QUrl::RemoveFragment);
}

} // namespace

Listener::Listener(const ListenTerms &terms, QObject *parent)
    : QObject(parent)
    , m_terms(terms)
    , m_plainText(terms.isColourful)
{
    m_terms.wanted.applyProxy(m_manager);
    if (!m_terms.isPersistent) {
        m_source.setReconnectPolicy(Sse::ReconnectPolicy::browser());
        m_source.setIdleTimeout(0ms); // a browser waits for ever
        m_source.setOpenTimeout(0ms);
    }
    m_source.setLastEventId(m_terms.lastEventId);
    m_source.setMethod(m_terms.method, m_terms.body);
    m_source.setCaCertificates(m_terms.wanted.authorities);
    connect(&m_source, &Sse::EventSource::opened, this, [this] {
        m_failures = 0;
        print({{u"type"_s, u"open"_s},
               {u"url"_s, m_source.url().toString(QUrl::RemoveUserInfo)},
               {u"status"_s, m_source.httpStatus()}},
              m_plainText.fact(now(),
                               u"open %1"_s.arg(m_source.url().toString(QUrl::RemoveUserInfo))));
    });
    connect(&m_source, &Sse::EventSource::eventReceived, this, &Listener::printEvent);
    connect(&m_source, &Sse::EventSource::errorOccurred, this, &Listener::printError);
    m_timeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this, [this] { finish(0); });
}

void Listener::listen()
{
    if (m_terms.timeout > 0ms)
        m_timeout.start(m_terms.timeout);
    // Queued: an exit before the event loop runs would be lost.
    QMetaObject::invokeMethod(
        this, [this] { m_source.open(m_terms.wanted.request); }, Qt::QueuedConnection);
}

void Listener::printEvent(const Sse::Event &event)
{
    if (m_finished)
        return;
    const QString type = Sse::decodeUtf8(event.type);
    const QString data = event.text();
    const QString id = Sse::decodeUtf8(event.lastEventId);
    print({{u"type"_s, u"message"_s},
           {u"event"_s, type},
           {u"data"_s, data},
           {u"lastEventId"_s, id},
           {u"origin"_s, originOf(m_source.url())}},
          m_plainText.event(now(), type, id, data));
    if (++m_events == m_terms.maximumEvents)
        finish(0);
}

void Listener::printError()
{
    ++m_failures;
    const bool isFinal = m_source.state() == Sse::EventSource::State::Closed
        || (m_terms.maximumRetries >= 0 && m_failures > m_terms.maximumRetries);
    const QString state = isFinal ? u"closed"_s : u"connecting"_s;
    print({{u"type"_s, u"error"_s},
           {u"state"_s, state},
           {u"status"_s, m_source.httpStatus()},
           {u"reason"_s, m_source.errorString()}},
          m_plainText.error(now(), u"error (%1) %2"_s.arg(state, m_source.errorString())));
    if (isFinal)
        finish(m_source.error() == Sse::EventSource::Error::NoContent ? 0 : connectionFailed);
}

void Listener::finish(int exitCode)
{
    if (std::exchange(m_finished, true))
        return;
    m_timeout.stop();
    m_source.close();
    print({{u"type"_s, u"closed"_s}}, m_plainText.fact(now(), u"closed"_s));
    QCoreApplication::exit(exitCode);
}

void Listener::print(const QJsonObject &fact, const QString &plain)
{
    if (m_terms.asJson)
        printLine(QJsonDocument(fact).toJson(QJsonDocument::Compact));
    else
        printLine(plain.toUtf8());
}

QString Listener::now()
{
    return QDateTime::currentDateTime().toString(u"HH:mm:ss.zzz"_s);
}
