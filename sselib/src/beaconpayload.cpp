// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "beaconpayload_p.h"

#include <QtCore/QDataStream>
#include <QtCore/QIODevice>
#include <QtCore/QUrl>
#ifndef QT_NO_SSL
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslSocket>
#endif

namespace Sse {

namespace {

constexpr quint32 magic = 0x53734265;

QDataStream &operator<<(QDataStream &out, const QNetworkProxy &proxy)
{
    return out << int(proxy.type()) << proxy.hostName() << proxy.port() << proxy.user()
               << proxy.password();
}

QDataStream &operator>>(QDataStream &in, QNetworkProxy &proxy)
{
    int type = 0;
    QString host;
    quint16 port = 0;
    QString user;
    QString password;
    in >> type >> host >> port >> user >> password;
    proxy = QNetworkProxy(QNetworkProxy::ProxyType(type), host, port, user, password);
    return in;
}

// Only what a program adds to the system's certificates: those are on the other side too.
QByteArray addedCertificates(const QNetworkRequest &request)
{
    QByteArray pem;
#ifndef QT_NO_SSL
    static const QList<QSslCertificate> systems =
        QSslConfiguration::defaultConfiguration().caCertificates();
    const QList<QSslCertificate> all = request.sslConfiguration().caCertificates();
    for (const QSslCertificate &certificate : all) {
        if (!systems.contains(certificate))
            pem += certificate.toPem();
    }
#endif
    return pem;
}

void setTls(QNetworkRequest &request, const QByteArray &pem, int verifyMode)
{
#ifndef QT_NO_SSL
    QSslConfiguration tls = request.sslConfiguration();
    if (!pem.isEmpty())
        tls.addCaCertificates(QSslCertificate::fromData(pem));
    tls.setPeerVerifyMode(QSslSocket::PeerVerifyMode(verifyMode));
    request.setSslConfiguration(tls);
#endif
}

// A configuration is loaded only where there will be TLS: it takes milliseconds.
bool isSecure(const QNetworkRequest &request)
{
    return request.url().scheme() == QLatin1String("https");
}

QDataStream &operator<<(QDataStream &out, const BeaconRequest &beacon)
{
    const QNetworkRequest &request = beacon.request;
    out << beacon.method << beacon.body << beacon.proxy << request.url()
        << request.transferTimeout();
    const QList<QByteArray> names = request.rawHeaderList();
    out << qsizetype(names.size());
    for (const QByteArray &name : names)
        out << name << request.rawHeader(name);
    if (isSecure(request))
        out << addedCertificates(request) << int(request.sslConfiguration().peerVerifyMode());
    return out;
}

QDataStream &operator>>(QDataStream &in, BeaconRequest &beacon)
{
    QUrl url;
    int timeout = 0;
    qsizetype headers = 0;
    in >> beacon.method >> beacon.body >> beacon.proxy >> url >> timeout >> headers;
    beacon.request.setUrl(url);
    beacon.request.setTransferTimeout(timeout);
    for (; headers > 0 && in.status() == QDataStream::Ok; --headers) {
        QByteArray name;
        QByteArray value;
        in >> name >> value;
        beacon.request.setRawHeader(name, value);
    }
    if (isSecure(beacon.request)) {
        QByteArray pem;
        int verifyMode = 0;
        in >> pem >> verifyMode;
        setTls(beacon.request, pem, verifyMode);
    }
    return in;
}

} // namespace

qsizetype BeaconPayload::bodySize() const
{
    qsizetype size = 0;
    for (const BeaconRequest &request : requests)
        size += request.body.size();
    return size;
}

QByteArray BeaconPayload::toBytes() const
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out << magic << qint64(deadline.count()) << reminder << qsizetype(requests.size());
    for (const BeaconRequest &request : requests)
        out << request;
    return bytes;
}

std::optional<BeaconPayload> BeaconPayload::fromBytes(const QByteArray &bytes)
{
    QDataStream in(bytes);
    quint32 start = 0;
    qint64 deadline = 0;
    qsizetype count = 0;
    BeaconPayload payload;
    in >> start;
    if (start != magic)
        return {};
    in >> deadline >> payload.reminder >> count;
    payload.deadline = std::chrono::milliseconds(deadline);
    for (; count > 0 && in.status() == QDataStream::Ok; --count) {
        BeaconRequest request;
        in >> request;
        payload.requests.append(request);
    }
    if (in.status() != QDataStream::Ok)
        return {};
    return payload;
}

} // namespace Sse
