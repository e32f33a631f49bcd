// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamclients.h"

#include <sselib/eventsource.h>

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpSocket>

#include <algorithm>

namespace {

std::unique_ptr<QObject> openSocket(QNetworkAccessManager &, const QUrl &url,
                                    const Listener &listener)
{
    auto socket = std::make_unique<QTcpSocket>();
    QObject::connect(socket.get(), &QTcpSocket::readyRead, socket.get(),
                     [socket = socket.get(), listener] { listener(socket->readAll()); });
    socket->connectToHost(url.host(), quint16(url.port()));
    socket->write("GET " + url.path().toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return socket;
}

std::unique_ptr<QObject> openReplyWith(QNetworkAccessManager &manager, const QUrl &url,
                                       const Listener &listener, qint64 bufferSize)
{
    QNetworkRequest request(url);
    request.setRawHeader("Accept", "text/event-stream");
    request.setRawHeader("Accept-Encoding", "identity");
    std::unique_ptr<QNetworkReply> reply(manager.get(request));
    reply->setReadBufferSize(bufferSize);
    QObject::connect(reply.get(), &QNetworkReply::readyRead, reply.get(),
                     [reply = reply.get(), listener] { listener(reply->readAll()); });
    return reply;
}

std::unique_ptr<QObject> openReply(QNetworkAccessManager &manager, const QUrl &url,
                                   const Listener &listener)
{
    return openReplyWith(manager, url, listener, 0);
}

// A bound makes Qt tell its HTTP thread of each reading; sselib sets one.
std::unique_ptr<QObject> openBoundedReply(QNetworkAccessManager &manager, const QUrl &url,
                                          const Listener &listener)
{
    return openReplyWith(manager, url, listener, 256 * 1024);
}

std::unique_ptr<QObject> openEventSourceWith(QNetworkAccessManager &manager, const QUrl &url,
                                             const Listener &listener, qsizetype bufferSize)
{
    auto source = std::make_unique<Sse::EventSource>(&manager);
    source->setReadBufferSize(bufferSize);
    QObject::connect(source.get(), &Sse::EventSource::eventReceived, source.get(),
                     [listener](const Sse::Event &event) { listener(event.data); });
    source->open(QNetworkRequest(url));
    return source;
}

std::unique_ptr<QObject> openEventSource(QNetworkAccessManager &manager, const QUrl &url,
                                         const Listener &listener)
{
    return openEventSourceWith(manager, url, listener, Sse::EventSource(&manager).readBufferSize());
}

std::unique_ptr<QObject> openUnboundedEventSource(QNetworkAccessManager &manager, const QUrl &url,
                                                  const Listener &listener)
{
    return openEventSourceWith(manager, url, listener, 0);
}

constexpr StreamClient clients[] = {
    {socketName, openSocket},
    {replyName, openReply},
    {boundedReplyName, openBoundedReply},
    {eventSourceName, openEventSource},
    {unboundedEventSourceName, openUnboundedEventSource},
};

} // namespace

std::span<const StreamClient> streamClients()
{
    return clients;
}

const StreamClient *streamClient(QByteArrayView name)
{
    const auto found =
        std::find_if(std::begin(clients), std::end(clients), [name](const StreamClient &client) {
            return name == QByteArrayView(client.name);
        });
    return found == std::end(clients) ? nullptr : &*found;
}
