// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tls_p.h"

#include <QtCore/QCoreApplication>
#include <QtNetwork/QSslConfiguration>

using namespace Qt::Literals;

namespace Sse {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Sse::Tls)
};

QString nameOf(const QSslCertificate &certificate)
{
    const QString subject = certificate.subjectDisplayName();
    const QString issuer = certificate.issuerDisplayName();
    if (certificate.isSelfSigned() || issuer.isEmpty())
        return Text::tr("certificate “%1”, issued by itself").arg(subject);
    return Text::tr("certificate “%1”, issued by “%2”").arg(subject, issuer);
}

} // namespace

void trustAlso(QNetworkRequest &request, const QList<QSslCertificate> &authorities)
{
    if (authorities.isEmpty() || request.url().scheme() != "https"_L1)
        return;
    QSslConfiguration configuration = request.sslConfiguration();
    configuration.addCaCertificates(authorities);
    request.setSslConfiguration(configuration);
}

QString tlsSentence(const QList<QSslError> &errors)
{
    QStringList sentences;
    for (const QSslError &error : errors) {
        const QSslCertificate certificate = error.certificate();
        const QString reason = error.errorString();
        sentences.append(certificate.isNull() ? reason + u'.'
                                              : u"%1 (%2)."_s.arg(reason, nameOf(certificate)));
    }
    sentences.removeDuplicates();
    sentences.append(Text::tr("The certificate must be valid, made for this host, and come from an "
                              "authority that this computer trusts or that was given as one."));
    return sentences.join(u' ');
}

} // namespace Sse
