// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "request.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSignalSpy>

using namespace Qt::Literals;

namespace {

QNetworkRequest requestFor(const QUrl &url, const RawHeaders &headers)
{
    QNetworkRequest request(url);
    for (const auto &[name, value] : headers)
        request.setRawHeader(name, value);
    return request;
}

} // namespace

int post(const QUrl &url, const QByteArray &body, const RawHeaders &headers)
{
    QNetworkRequest request = requestFor(url, headers);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    QNetworkAccessManager network;
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!finished.wait(10'000))
        return 0;
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

OpenRequest::OpenRequest(const QUrl &url, const RawHeaders &headers)
    : m_reply(m_network.get(requestFor(url, headers)))
{}

QByteArray OpenRequest::received()
{
    m_received += m_reply->readAll();
    return m_received;
}

QByteArray OpenRequest::header(const QByteArray &name) const
{
    return m_reply->rawHeader(name);
}
