// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "check/facts.h"
#include "check/watcher.h"
#include "requestoptions.h"

#include <QNetworkAccessManager>

#include <memory>

/*!
    Collects what is to be known of an endpoint, by up to four requests, one after the other: a long
    look; a reconnect with an id; one that offers to take compression; one that offers HTTP/2. It
    judges nothing.
*/
class Prober : public QObject
{
    Q_OBJECT

public:
    /*! \a origin is that of pages which are to read the stream; it may be empty. */
    Prober(const WantedRequest &wanted, std::chrono::milliseconds duration,
           const QByteArray &origin, QObject *parent = nullptr);

    /*! Once. */
    void start();

    [[nodiscard]] const EndpointFacts &facts() const { return m_facts; }

Q_SIGNALS:
    /*! Once. */
    void finished();

private:
    [[nodiscard]] QNetworkRequest request() const;
    void keepFirstLook();
    void tryResume();
    void tryCompression();
    void tryHttp2();
    void watch(const QNetworkRequest &request, std::chrono::milliseconds duration,
               const std::function<bool(const Watch &watch)> &enough,
               const std::function<void()> &next);

    const WantedRequest m_wanted;
    const std::chrono::milliseconds m_duration;
    QNetworkAccessManager m_manager;
    EndpointFacts m_facts;
    std::unique_ptr<Watcher> m_watcher;
};
