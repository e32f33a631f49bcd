// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "network.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>

using namespace Qt::Literals;

namespace {

// The system's proxies, asked for each address.
class SystemProxies : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        return systemProxyForQuery(query);
    }
};

} // namespace

Network::Network(const Source &source)
    : m_cookies(source.cookies)
{
    for (QNetworkAccessManager *manager : {&m_steps, &m_stream}) {
        manager->setCookieJar(&m_cookies);
        m_cookies.setParent(nullptr); // the managers share it, so neither may own it
        if (const QNetworkProxy proxy = Network::proxy(source);
            proxy.type() != QNetworkProxy::DefaultProxy)
            manager->setProxy(proxy);
        else
            manager->setProxyFactory(new SystemProxies); // the manager owns it
    }
}

void Network::forgetConnections()
{
    m_steps.clearConnectionCache();
    m_stream.clearConnectionCache();
}

QNetworkProxy Network::proxy(const Source &source)
{
    if (source.proxy.isEmpty() || source.proxy == "system"_L1)
        return QNetworkProxy(QNetworkProxy::DefaultProxy);
    if (source.proxy == "none"_L1)
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url(source.proxy);
    const bool isSocks = url.scheme() == "socks5"_L1;
    return QNetworkProxy(isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
                         url.host(), quint16(url.port(isSocks ? 1080 : 3128)));
}

QList<QSslCertificate> Network::certificates(const Source &source, QString *error)
{
    if (source.caFile.isEmpty())
        return {};
    QFile file(source.caFile);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    const QList<QSslCertificate> certificates =
        isOpen ? QSslCertificate::fromDevice(&file) : QList<QSslCertificate>();
    if (!isOpen)
        *error =
            QCoreApplication::translate("Network", "The certificates in %1 cannot be read: %2.")
                .arg(source.caFile, file.errorString());
    else if (certificates.isEmpty())
        *error = QCoreApplication::translate("Network",
                                             "There is no certificate in PEM form in %1. Correct "
                                             "“caFile” in the source file.")
                     .arg(source.caFile);
    return certificates;
}
