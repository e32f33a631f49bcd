// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tlsfindings.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslSocket>

using namespace Qt::Literals;

namespace {

constexpr int daysToRenew = 14;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TlsFindings)
};

QString protocolName(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return u"TLS 1.2"_s;
    case QSsl::TlsV1_3:
        return u"TLS 1.3"_s;
    default:
        return Text::tr("An old TLS");
    }
}

QString describe(const QSslCertificate &certificate)
{
    const QString until = certificate.expiryDate().toUTC().date().toString(Qt::ISODate);
    if (certificate.isSelfSigned())
        return Text::tr("certificate “%1”, valid until %2, vouches for itself")
            .arg(certificate.subjectDisplayName(), until);
    return Text::tr("certificate “%1”, valid until %2, vouched for by “%3”")
        .arg(certificate.subjectDisplayName(), until, certificate.issuerDisplayName());
}

QStringList namesIn(const QSslCertificate &certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    constexpr qsizetype enough = 5;
    return names.mid(0, enough);
}

} // namespace

CheckResult tlsResult(const QSslSocket &socket)
{
    const QSslCertificate certificate = socket.peerCertificate();
    QString finding =
        Text::tr("%1, %2.").arg(protocolName(socket.sessionProtocol()), describe(certificate));
    if (socket.sslConfiguration().nextNegotiatedProtocol() == QSslConfiguration::ALPNProtocolHTTP2)
        finding += u' '
            + Text::tr("The server also offers HTTP/2; the stream is asked for over HTTP/1.1.");
    const qint64 days = QDateTime::currentDateTimeUtc().daysTo(certificate.expiryDate());
    if (days < daysToRenew)
        return CheckResult::warning(
            CheckStage::Tls, finding,
            Text::tr("Renew the certificate: it ends in %n day(s).", nullptr, int(days)));
    return CheckResult::good(CheckStage::Tls, finding);
}

QString tlsFinding(const QList<QSslError> &errors, const QSslCertificate &certificate)
{
    QStringList reasons;
    for (const QSslError &error : errors)
        reasons.append(error.errorString());
    reasons.removeDuplicates();
    const QString why = reasons.join(u"; "_s);
    if (certificate.isNull())
        return Text::tr("The certificate is refused: %1.").arg(why);
    return Text::tr("The certificate is refused: %1 (%2).").arg(why, describe(certificate));
}

QString tlsRemedy(const QSslError &error, const QSslCertificate &certificate)
{
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return Text::tr("Renew the certificate of the server; check the clock of this computer.");
    case QSslError::CertificateNotYetValid:
        return Text::tr("Check the clock of this computer.");
    case QSslError::HostNameMismatch:
        return Text::tr("It is made for %1: use such a name in the source file, or give the "
                        "server a certificate for this one.")
            .arg(namesIn(certificate).join(u", "_s));
    case QSslError::CertificateRevoked:
        return Text::tr("Give the server a new certificate.");
    default:
        return Text::tr("If it is of your company's own authority, let this computer trust that "
                        "authority.");
    }
}
