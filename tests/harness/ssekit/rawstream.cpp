// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawstream.h"

#include "requestoptions.h"

#include <QNetworkAccessManager>
#include <QSslConfiguration>

using namespace Qt::Literals;

namespace {

constexpr int mostRedirects = 20; // as in the Fetch standard
constexpr qint64 readBuffer = 256 * 1024; // so that a flood holds the server back

bool isSameOrigin(const QUrl &lhs, const QUrl &rhs)
{
    const auto portOf = [](const QUrl &url) {
        return url.port(url.scheme() == "https"_L1 ? 443 : 80);
    };
    return lhs.scheme() == rhs.scheme() && lhs.host() == rhs.host() && portOf(lhs) == portOf(rhs);
}

void setDefault(QNetworkRequest &request, const QByteArray &name, const QByteArray &value)
{
    if (!request.hasRawHeader(name))
        request.setRawHeader(name, value);
}

// As a request of its own, with nothing that tells about the user but how to encode.
QNetworkRequest forStranger(const QNetworkRequest &wanted)
{
    QNetworkRequest request(wanted.url());
    for (const char *const name : {"Accept", "Accept-Encoding", "Origin", "User-Agent"}) {
        if (wanted.hasRawHeader(name))
            request.setRawHeader(name, wanted.rawHeader(name));
    }
    request.setSslConfiguration(wanted.sslConfiguration());
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute,
                         wanted.attribute(QNetworkRequest::Http2AllowedAttribute));
    return request;
}

} // namespace

RawStream::RawStream(QNetworkAccessManager *manager, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
{}

RawStream::~RawStream()
{
    abort();
}

void RawStream::open(const QNetworkRequest &request)
{
    m_wanted = request;
    m_url = request.url();
    if (!m_url.userInfo().isEmpty()) {
        const QString user =
            m_url.userName(QUrl::FullyDecoded) + u':' + m_url.password(QUrl::FullyDecoded);
        setDefault(m_wanted, "Authorization"_ba, "Basic " + user.toUtf8().toBase64());
        m_url.setUserInfo({});
    }
    setDefault(m_wanted, "Accept"_ba, "text/event-stream"_ba);
    setDefault(m_wanted, "Cache-Control"_ba, "no-store"_ba);
    // Given by hand, so that Qt does not decompress: we want the bytes that were sent.
    setDefault(m_wanted, "Accept-Encoding"_ba, "identity"_ba);
    if (!m_wanted.attribute(QNetworkRequest::Http2AllowedAttribute).isValid())
        m_wanted.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    m_clock.start();
    send();
}

void RawStream::abort()
{
    const QPointer<QNetworkReply> reply = m_reply;
    detach();
    if (reply)
        reply->abort(); // the server sees it at once
}

std::chrono::milliseconds RawStream::elapsed() const
{
    return std::chrono::milliseconds(m_clock.elapsed());
}

void RawStream::send()
{
    QNetworkRequest request = m_leftOrigin ? forStranger(m_wanted) : m_wanted;
    request.setUrl(m_url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    m_reply = m_manager->get(request);
    m_reply->setReadBufferSize(readBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &RawStream::readHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &RawStream::readBody);
    connect(m_reply, &QNetworkReply::errorOccurred, this, &RawStream::readEnd);
    connect(m_reply, &QNetworkReply::finished, this, &RawStream::readEnd);
}

void RawStream::readHead()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_status != 0 || status == 0)
        return;
    if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
        m_redirects.append(
            {status, m_url.resolved(QUrl::fromEncoded(m_reply->rawHeader("Location")))});
        followRedirect();
        return;
    }
    m_status = status;
    m_reasonPhrase = m_reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toByteArray();
    m_headers = m_reply->rawHeaderPairs();
    m_usedHttp2 = m_reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool();
    bool hasLength = false;
    const qint64 length = m_reply->rawHeader("Content-Length").toLongLong(&hasLength);
    m_length = hasLength ? length : -1;
    if (m_url.scheme() == "https"_L1)
        m_tls = m_reply->sslConfiguration();
    Q_EMIT headReceived();
}

void RawStream::readBody()
{
    if (m_status == 0)
        return;
    while (m_reply) { // a receiver may let go of it
        const QByteArray piece = m_reply->readAll();
        if (piece.isEmpty())
            return;
        m_bytes += piece.size();
        Q_EMIT received(piece);
    }
}

void RawStream::readEnd()
{
    if (m_status == 0)
        readHead();
    if (!m_reply || (!m_reply->isFinished() && m_reply->error() == QNetworkReply::NoError))
        return;
    readBody();
    if (!m_reply)
        return;
    const QNetworkReply::NetworkError error = m_reply->error();
    // An HTTP status is no trouble of the network; Qt counts those from 201 to 499.
    const bool isStatus =
        error >= QNetworkReply::ContentAccessDenied && error < QNetworkReply::ProtocolUnknownError;
    const bool isServerStatus = error >= QNetworkReply::InternalServerError;
    if (m_status == 0)
        finish(End::NoAnswer,
               error == QNetworkReply::NoError ? u"The server closed the connection unanswered."_s
                                               : m_reply->errorString() + u'.');
    else if (m_bytes < m_length) // Qt does not always mind
        finish(End::Cut, u"The server closed the connection early."_s);
    else if (error == QNetworkReply::NoError || isStatus || isServerStatus)
        finish(End::Clean, {});
    else
        finish(End::Cut, m_reply->errorString() + u'.');
}

void RawStream::followRedirect()
{
    const QUrl target = m_redirects.constLast().target;
    const bool isWeb = target.scheme() == "https"_L1 || target.scheme() == "http"_L1;
    if (!m_reply->hasRawHeader("Location") || !isWeb || target.host().isEmpty()) {
        finish(End::NoAnswer, u"It redirects to nowhere usable."_s);
    } else if (m_url.scheme() == "https"_L1 && target.scheme() != "https"_L1) {
        finish(End::NoAnswer,
               u"It redirects to an address without encryption, %1."_s.arg(printableUrl(target)));
    } else if (m_redirects.size() > mostRedirects) {
        finish(End::NoAnswer, u"It redirects too often."_s);
    } else {
        m_leftOrigin = m_leftOrigin || !isSameOrigin(m_url, target);
        m_url = target.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
        detach();
        send();
    }
}

void RawStream::finish(End end, const QString &error)
{
    m_errorString = error;
    detach();
    Q_EMIT ended(end);
}

// Deleted later: it may be one of its signals that we are in.
void RawStream::detach()
{
    if (!m_reply)
        return;
    QNetworkReply *const reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    reply->deleteLater();
}
