// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QUrl>

#include <memory>
#include <utility>

using RawHeaders = QList<std::pair<QByteArray, QByteArray>>;

/*! Posts \a body as text/plain, with \a headers; the status of the answer, 0 without one. */
[[nodiscard]] int post(const QUrl &url, const QByteArray &body, const RawHeaders &headers = {});

/*! A request of the test's own, whose answer goes on: a client beside the app. */
class OpenRequest
{
public:
    explicit OpenRequest(const QUrl &url, const RawHeaders &headers = {});

    /*! Bytes of the body so far, as they came. */
    [[nodiscard]] QByteArray received();
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
    [[nodiscard]] bool isFinished() const { return m_reply->isFinished(); }
    /*! Drops the connection. */
    void abort() { m_reply->abort(); }

private:
    QNetworkAccessManager m_network;
    std::unique_ptr<QNetworkReply> m_reply;
    QByteArray m_received;
};
