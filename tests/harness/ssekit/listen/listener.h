// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/eventsource.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QSslCertificate>
#include <QTimer>

#include <chrono>

class QJsonObject;

/*! How to listen, and until when. */
struct ListenTerms
{
    QByteArray lastEventId;
    QList<QSslCertificate> authorities; //!< Trusted besides the system's.
    std::chrono::milliseconds timeout{0}; //!< Of the whole run; 0: none.
    int maximumEvents = 0; //!< 0: any number.
    bool asJson = false;
    bool reconnects = true;
    bool isPersistent = false; //!< Retries as the tray does; else as a browser.
};

/*! Prints each fact of a stream as a line on standard output, and ends the event loop. */
class Listener : public QObject
{
    Q_OBJECT

public:
    explicit Listener(const ListenTerms &terms, QObject *parent = nullptr);

    /*! Once. Ends with 0 when the terms are met or the server says stop, with 6 when it failed. */
    void listen(const QNetworkRequest &request);

private:
    void printEvent(const Sse::Event &event);
    void printError();
    void finish(int exitCode);
    void print(const QJsonObject &fact, const QString &plain);

    const ListenTerms m_terms;
    QNetworkAccessManager m_manager;
    Sse::EventSource m_source{&m_manager};
    QTimer m_timeout;
    int m_events = 0;
    bool m_finished = false;
};
