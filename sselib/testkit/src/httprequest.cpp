// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/httprequest.h>

#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>

#include <algorithm>

namespace Harness {

namespace {

auto findHeader(const Headers &headers, QByteArrayView name)
{
    return std::find_if(headers.cbegin(), headers.cend(), [name](const auto &header) {
        return header.first.compare(name, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

bool hasHeader(const Headers &headers, QByteArrayView name)
{
    return findHeader(headers, name) != headers.cend();
}

QByteArray headerValue(const Headers &headers, QByteArrayView name)
{
    const auto found = findHeader(headers, name);
    return found == headers.cend() ? QByteArray() : found->second;
}

bool HttpRequest::hasHeader(QByteArrayView name) const
{
    return Harness::hasHeader(headers, name);
}

QByteArray HttpRequest::header(QByteArrayView name) const
{
    return headerValue(headers, name);
}

QByteArray HttpRequest::queryValue(QByteArrayView key) const
{
    const QUrlQuery items(QString::fromUtf8(query));
    const QString name = QString::fromUtf8(key);
    if (!items.hasQueryItem(name))
        return {};
    // An empty value is not a missing one.
    return QByteArray("") + items.queryItemValue(name, QUrl::FullyDecoded).toUtf8();
}

bool HttpRequest::wantsKeepAlive() const
{
    return minorVersion >= 1 && header("Connection").compare("close", Qt::CaseInsensitive) != 0;
}

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Content Too Large";
    case 425:
        return "Too Early";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

} // namespace Harness
