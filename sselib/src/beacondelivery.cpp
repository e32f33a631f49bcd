// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "beacondelivery_p.h"

#include <QtCore/QFile>
#include <QtCore/QMetaObject>
#include <QtNetwork/QNetworkProxyFactory>

#include <cstring>

namespace Sse {

namespace {

constexpr int mostRedirects = 5;

// The proxy of the request, or the one that the system has for its address.
class ProxyOfRequest : public QNetworkProxyFactory
{
public:
    QNetworkProxy proxy;

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        if (proxy.type() == QNetworkProxy::DefaultProxy)
            return systemProxyForQuery(query);
        return {proxy};
    }
};

// QNetworkAccessManager sends a request up to three times more when its connection drops before the
// answer, a POST too; unless the body cannot be had again.
class OneWayBody : public QIODevice
{
public:
    explicit OneWayBody(const QByteArray &bytes, QObject *parent)
        : QIODevice(parent)
        , m_bytes(bytes)
    {
        open(ReadOnly | Unbuffered);
    }

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override { return m_bytes.size() - m_position; }
    [[nodiscard]] bool atEnd() const override { return bytesAvailable() == 0; }
    bool reset() override { return false; }

protected:
    qint64 readData(char *data, qint64 size) override
    {
        const qint64 length = std::min(size, bytesAvailable());
        if (length == 0)
            return -1;
        std::memcpy(data, m_bytes.constData() + m_position, size_t(length));
        m_position += length;
        return length;
    }

    qint64 writeData(const char *, qint64) override { return -1; }

private:
    const QByteArray m_bytes;
    qint64 m_position = 0;
};

bool hasSameOrigin(const QUrl &one, const QUrl &other)
{
    const auto port = [](const QUrl &url) {
        return url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
    };
    return one.scheme() == other.scheme() && one.host() == other.host() && port(one) == port(other);
}

// What a proxy may say of a server that never saw the request.
bool isOnTheWay(int status)
{
    return status >= 500 || status == 429 || status == 407;
}

QByteArray basic(const QString &user, const QString &password)
{
    return "Basic " + (user + QLatin1Char(':') + password).toUtf8().toBase64();
}

// To be asked for a password would mean to send it a second time.
void authorizeBeforehand(QNetworkRequest &request, const QList<QNetworkProxy> &proxies)
{
    QUrl url = request.url();
    if (!url.userName().isEmpty() && !request.hasRawHeader("Authorization"))
        request.setRawHeader(
            "Authorization",
            basic(url.userName(QUrl::FullyDecoded), url.password(QUrl::FullyDecoded)));
    url.setUserInfo({});
    request.setUrl(url);
    // Through a tunnel to https it is asked before the request.
    const QNetworkProxy proxy = proxies.value(0);
    if (url.scheme() == QLatin1String("http") && !proxy.user().isEmpty()
        && proxy.type() != QNetworkProxy::Socks5Proxy)
        request.setRawHeader("Proxy-Authorization", basic(proxy.user(), proxy.password()));
}

} // namespace

BeaconDelivery::BeaconDelivery(const BeaconPayload &payload, QObject *parent)
    : QObject(parent)
    , m_payload(payload)
{
    m_deadline.setSingleShot(true);
    m_deadline.setTimerType(Qt::PreciseTimer);
    connect(&m_deadline, &QTimer::timeout, this, &BeaconDelivery::giveUp);
}

BeaconDelivery::~BeaconDelivery()
{
    letReplyGo();
}

void BeaconDelivery::start()
{
    m_deadline.start(m_payload.deadline);
    m_result.isDelivered = true; // until one is not
    QMetaObject::invokeMethod(this, &BeaconDelivery::next, Qt::QueuedConnection);
}

void BeaconDelivery::next()
{
    if (m_payload.requests.isEmpty()) {
        finish();
        return;
    }
    m_redirects = 0;
    post(m_payload.requests.constFirst().request);
}

void BeaconDelivery::post(QNetworkRequest request)
{
    const BeaconRequest &beacon = m_payload.requests.constFirst();
    auto *const proxies = new ProxyOfRequest;
    proxies->proxy = beacon.proxy;
    m_manager.setProxyFactory(proxies); // the manager owns it
    authorizeBeforehand(request, proxies->queryProxy(QNetworkProxyQuery(request.url())));
    request.setHeader(QNetworkRequest::ContentLengthHeader, beacon.body.size());
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    auto *const body = new OneWayBody(beacon.body, nullptr);
    m_reply = m_manager.sendCustomRequest(request, beacon.method, body);
    body->setParent(m_reply);
    m_isSent = false;
    connect(m_reply, &QNetworkReply::requestSent, this, [this] { m_isSent = true; });
    connect(m_reply, &QNetworkReply::finished, this, &BeaconDelivery::readAnswer);
    // The head is the whole answer: a body that never ends is nobody's business here.
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &BeaconDelivery::readAnswer);
}

void BeaconDelivery::readAnswer()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status / 100 == 1)
        return;
    if (followRedirect(status))
        return;
    // "Content resend" is how it says that it would have liked to send it a second time.
    if (m_reply->error() == QNetworkReply::ContentReSendError)
        note(0, tr("Connection closed"));
    else
        note(status, status == 0 ? m_reply->errorString() : QString());
    letReplyGo();
    m_payload.requests.removeFirst();
    next();
}

// With the same method and body, as only 307 and 308 mean it, and to nobody else.
bool BeaconDelivery::followRedirect(int status)
{
    if (status != 307 && status != 308)
        return false;
    QNetworkRequest request = m_payload.requests.constFirst().request;
    const QUrl target = m_reply->url().resolved(
        QUrl(QString::fromUtf8(m_reply->rawHeader("Location")), QUrl::StrictMode));
    if (++m_redirects > mostRedirects || !target.isValid()
        || !hasSameOrigin(target, m_reply->url()))
        return false;
    letReplyGo();
    request.setUrl(target);
    post(request);
    return true;
}

void BeaconDelivery::note(int status, const QString &error)
{
    const bool isRefusedOnTheWay = isOnTheWay(status) || status == 307 || status == 308;
    if (status == 0 || isRefusedOnTheWay)
        m_result.isDelivered = false;
    if (isRefusedOnTheWay || (status == 0 && !m_isSent))
        m_mayHaveArrived = false;
    if (m_hasFailed)
        return;
    m_hasFailed = status < 200 || status >= 400;
    m_result.status = status;
    m_result.errorString = error;
}

void BeaconDelivery::giveUp()
{
    note(0, tr("No answer in time"));
    if (m_payload.requests.size() > 1) // the others were never sent
        m_mayHaveArrived = false;
    finish();
}

void BeaconDelivery::finish()
{
    m_deadline.stop();
    letReplyGo();
    m_payload.requests.clear();
    if (m_mayHaveArrived && !m_payload.reminder.isEmpty())
        QFile::remove(m_payload.reminder);
    Q_EMIT finished(m_result);
}

// abort() emits from within itself, and a reply must not be deleted inside its own signal.
void BeaconDelivery::letReplyGo()
{
    if (QNetworkReply *const reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

} // namespace Sse
