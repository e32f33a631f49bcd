// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamrequest_p.h"

#include <sselib/eventsource.h>
#include <sselib/utf8.h>

#include <QtNetwork/QHostAddress>

#include <algorithm>
#include <array>

using namespace Qt::Literals;

namespace Sse {

namespace {

// RFC 9110, 5.6.2: a token.
bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7F && !QByteArrayView("\"(),/:;<=>?@[\\]{}").contains(c);
    });
}

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

void setDefaultHeader(QNetworkRequest &request, const QByteArray &name, const QByteArray &value)
{
    if (!request.hasRawHeader(name))
        request.setRawHeader(name, value);
}

// Everything else may be a credential: X-Api-Key is one as well as Authorization.
void keepHarmlessHeaders(QNetworkRequest &request)
{
    static constexpr std::array harmless{"accept"_L1, "accept-encoding"_L1, "accept-language"_L1,
                                         "cache-control"_L1, "user-agent"_L1};
    const QList<QByteArray> names = request.rawHeaderList();
    for (const QByteArray &name : names) {
        const QString lower = QString::fromLatin1(name).toLower();
        if (std::find(harmless.begin(), harmless.end(), lower) == harmless.end())
            request.setRawHeader(name, {}); // null: removes it
    }
}

QByteArray basicCredentials(const QUrl &url)
{
    const QString user = url.userName(QUrl::FullyDecoded);
    const QString password = url.password(QUrl::FullyDecoded);
    return "Basic " + QString(user + u':' + password).toUtf8().toBase64();
}

} // namespace

bool isStreamUrl(const QUrl &url)
{
    return url.isValid() && (url.scheme() == "http"_L1 || url.scheme() == "https"_L1)
        && !url.host().isEmpty();
}

bool isSameOrigin(const QUrl &lhs, const QUrl &rhs)
{
    return lhs.scheme() == rhs.scheme() && lhs.host() == rhs.host() && portOf(lhs) == portOf(rhs);
}

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1) // RFC 6761, 6.3
        || QHostAddress(host).isLoopback();
}

bool isEventStream(QByteArrayView contentType)
{
    const qsizetype semicolon = contentType.indexOf(';');
    const QByteArrayView essence =
        contentType.first(semicolon < 0 ? contentType.size() : semicolon);
    return essence.trimmed().compare("text/event-stream", Qt::CaseInsensitive) == 0;
}

bool isIdentity(QByteArrayView contentEncoding)
{
    const QByteArrayView encoding = contentEncoding.trimmed();
    return encoding.isEmpty() || encoding.compare("identity", Qt::CaseInsensitive) == 0;
}

QString displayUrl(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

bool isHeaderValue(QByteArrayView value)
{
    return !value.contains('\0') && !value.contains('\r') && !value.contains('\n');
}

QString requestFlaw(const QNetworkRequest &request, const QUrl &url)
{
    if (!isStreamUrl(url))
        return EventSource::tr("“%1” is not an http or https address.").arg(displayUrl(url));
    const QList<QByteArray> names = request.rawHeaderList();
    for (const QByteArray &name : names) {
        if (!isToken(name))
            return EventSource::tr("“%1” cannot be the name of a header.")
                .arg(QString::fromLatin1(name.left(40)).simplified());
        if (!isHeaderValue(request.rawHeader(name)))
            return EventSource::tr("The value of the header %1 holds a line break or a NUL.")
                .arg(QString::fromLatin1(name));
    }
    return {};
}

QByteArray normalizedMethod(const QByteArray &method)
{
    static constexpr std::array usual{"DELETE"_L1,  "GET"_L1,  "HEAD"_L1,
                                      "OPTIONS"_L1, "POST"_L1, "PUT"_L1};
    const QByteArray upper = method.toUpper();
    const bool isUsual =
        std::find(usual.begin(), usual.end(), QLatin1StringView(upper)) != usual.end();
    return isUsual ? upper : method;
}

QString methodFlaw(const QByteArray &method, const QByteArray &body)
{
    const QByteArray upper = method.toUpper();
    if (!isToken(method) || upper == "CONNECT" || upper == "TRACE" || upper == "TRACK")
        return EventSource::tr("“%1” cannot be the method of a request.")
            .arg(QString::fromLatin1(method.left(40)).simplified());
    if (!body.isEmpty() && (method == "GET" || method == "HEAD"))
        return EventSource::tr("A %1 request has no body.").arg(QString::fromLatin1(method));
    return {};
}

bool turnsIntoGet(int status, const QByteArray &method)
{
    if (status == 303)
        return method != "GET" && method != "HEAD";
    return (status == 301 || status == 302) && method == "POST";
}

void removeBodyHeaders(QNetworkRequest &request)
{
    for (const char *const name : {"Content-Encoding", "Content-Language", "Content-Length",
                                   "Content-Location", "Content-Type"})
        request.setRawHeader(name, {}); // null: removes it
}

QNetworkRequest streamRequest(const QNetworkRequest &wanted, const QUrl &url,
                              const QByteArray &lastEventId, bool leftOrigin)
{
    QNetworkRequest request(wanted);
    if (!url.userInfo().isEmpty() || url.hasFragment())
        request.setUrl(url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment));
    else
        request.setUrl(url); // which they share

    if (leftOrigin) {
        keepHarmlessHeaders(request);
    } else {
        if (!wanted.url().userInfo().isEmpty())
            setDefaultHeader(request, "Authorization"_ba, basicCredentials(wanted.url()));
        // The standard reads the stream as text: what was malformed there is U+FFFD here.
        if (!lastEventId.isEmpty())
            request.setRawHeader("Last-Event-ID"_ba,
                                 QByteArrayView(lastEventId).isValidUtf8()
                                     ? lastEventId
                                     : decodeUtf8(lastEventId).toUtf8());
    }
    setDefaultHeader(request, "Accept"_ba, "text/event-stream"_ba);
    setDefaultHeader(request, "Cache-Control"_ba, "no-store"_ba);
    // Qt takes a stream that compresses well for a decompression bomb, and stops it (Qt 6.4).
    setDefaultHeader(request, "Accept-Encoding"_ba, "identity"_ba);

    // Unless asked for: over HTTP/2 Qt 6.4 buffers without end, whatever the read buffer's size.
    if (!wanted.attribute(QNetworkRequest::Http2AllowedAttribute).isValid())
        request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // Qt would send Authorization and Cookie along to any host.
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    return request;
}

} // namespace Sse
