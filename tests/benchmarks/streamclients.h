// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QObject>
#include <QUrl>

#include <functional>
#include <memory>
#include <span>

QT_BEGIN_NAMESPACE
class QNetworkAccessManager;
QT_END_NAMESPACE

/*!
    Hears bytes of a stream within the slot that got them: \a text is what was read, or the data of
    one event.
*/
using Listener = std::function<void(QByteArrayView text)>;

/*! A way to receive a stream: sselib, or what a program would do without it. */
struct StreamClient
{
    const char *name;
    /*! Opens \a url. What it gives back is the open stream, and ends with \a manager at the latest.
     */
    std::unique_ptr<QObject> (*open)(QNetworkAccessManager &manager, const QUrl &url,
                                     const Listener &listener);
};

/*! In this order: socketName, replyName, boundedReplyName, eventSourceName,
    unboundedEventSourceName. */
[[nodiscard]] std::span<const StreamClient> streamClients();
[[nodiscard]] const StreamClient *streamClient(QByteArrayView name);

inline constexpr char socketName[] = "QTcpSocket";
inline constexpr char replyName[] = "QNetworkReply";
inline constexpr char boundedReplyName[] = "QNetworkReply, 256 KiB";
inline constexpr char eventSourceName[] = "Sse::EventSource";
inline constexpr char unboundedEventSourceName[] = "EventSource, no bound";
