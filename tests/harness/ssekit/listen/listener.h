// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "listen/plaintext.h"
#include "requestoptions.h"

#include <sselib/eventsource.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>

#include <chrono>

class QJsonObject;

/*! How to listen, and until when. */
struct ListenTerms
{
    WantedRequest wanted;
    QByteArray method; //!< "GET", or another one.
    QByteArray body;
    QByteArray lastEventId;
    std::chrono::milliseconds timeout{0}; //!< Of the whole run; 0: none.
    qint64 maximumEvents = 0; //!< 0: any number.
    qint64 maximumRetries = -1; //!< Failed in a row before it ends; -1: any number.
    bool asJson = false;
    bool isColourful = false;
    bool isPersistent = false; //!< Retries as the tray does; else as a browser.
};

/*! Prints each fact of a stream as a line on standard output, and ends the event loop. */
class Listener : public QObject
{
    Q_OBJECT

public:
    explicit Listener(const ListenTerms &terms, QObject *parent = nullptr);

    /*! Once. Ends with 0 when the terms are met or the server says stop, with 6 when it failed. */
    void listen();

private:
    void printEvent(const Sse::Event &event);
    void printError();
    void finish(int exitCode);
    void print(const QJsonObject &fact, const QString &plain);
    [[nodiscard]] static QString now();

    const ListenTerms m_terms;
    const PlainText m_plainText;
    QNetworkAccessManager m_manager;
    Sse::EventSource m_source{&m_manager};
    QTimer m_timeout;
    qint64 m_events = 0;
    qint64 m_failures = 0; // in a row
    bool m_finished = false;
};
