// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "hostprobe.h"

#include "tlsfindings.h"

#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslSocket>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds leastForAnAddress = 1s;

int portNumber(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

QString portOf(const QUrl &url)
{
    return QString::number(portNumber(url));
}

} // namespace

HostProbe::HostProbe(const QUrl &url, const QString &proxy, std::chrono::milliseconds limit,
                     const QSslConfiguration &tls, QObject *parent)
    : QObject(parent)
    , m_url(url)
    , m_proxy(proxy)
    , m_limit(limit)
    , m_tls(tls)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // sentences name the limit
    connect(&m_timer, &QTimer::timeout, this, &HostProbe::timeOut);
}

HostProbe::~HostProbe()
{
    if (m_socket)
        m_socket->disconnect(this);
}

void HostProbe::start()
{
    m_elapsed.start();
    if (m_proxy.isEmpty()) {
        lookUp();
        return;
    }
    finish(CheckResult::skipped(
        m_stage,
        tr("%2 is asked through the proxy %1: it looks the name up.").arg(m_proxy, m_url.host())));
    finish(CheckResult::skipped(m_stage, tr("The proxy %1 connects.").arg(m_proxy)));
    finish(CheckResult::skipped(m_stage, tr("It goes through the proxy %1.").arg(m_proxy)));
    Q_EMIT passed();
}

void HostProbe::lookUp()
{
    if (QHostAddress address; address.setAddress(m_url.host())) {
        m_addresses = {address};
        finish(CheckResult::skipped(
            m_stage, tr("%1 is an address already: no name to look up.").arg(m_url.host())));
        connectNext();
        return;
    }
    m_timer.start(m_limit);
    QHostInfo::lookupHost(m_url.host(), this, [this](const QHostInfo &found) {
        if (m_stage == CheckStage::Dns && m_timer.isActive())
            takeAddresses(found);
    });
}

void HostProbe::takeAddresses(const QHostInfo &found)
{
    m_timer.stop();
    m_addresses = found.addresses();
    if (m_addresses.isEmpty()) {
        finish(CheckResult::bad(
            m_stage, CheckEnd::CannotConnect,
            tr("Nobody knows an address for %1: %2.").arg(m_url.host(), found.errorString()),
            tr("Check the spelling in the source file, the network, and whether a VPN is "
               "needed.")));
        return;
    }
    QStringList texts;
    for (const QHostAddress &address : std::as_const(m_addresses))
        texts.append(address.toString());
    finish(CheckResult::good(m_stage, tr("%1 is %2.").arg(m_url.host(), texts.join(tr(" and ")))));
    connectNext();
}

// The addresses are tried one after the other, so that the one that fails can be named.
void HostProbe::connectNext()
{
    if (m_addressCount == 0)
        m_addressCount = m_addresses.size();
    m_socket = std::make_unique<QSslSocket>();
    m_socket->setProxy(QNetworkProxy::NoProxy);
    m_socket->setSslConfiguration(m_tls);
    connect(m_socket.get(), &QSslSocket::connected, this, &HostProbe::connected);
    connect(m_socket.get(), &QSslSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) {
                const bool isRefusal = error == QAbstractSocket::ConnectionRefusedError;
                const QString address = m_addresses.constFirst().toString();
                addressFailed(
                    isRefusal ? tr("%1 refuses connections on port %2.").arg(address, portOf(m_url))
                              : tr("%1 cannot be reached on port %2: %3.")
                                    .arg(address, portOf(m_url), m_socket->errorString()),
                    isRefusal);
            });
    const std::chrono::milliseconds share(m_limit.count() / m_addressCount);
    m_timer.start(std::min(m_limit, std::max(share, leastForAnAddress)));
    m_socket->connectToHost(m_addresses.constFirst(), quint16(portNumber(m_url)));
}

void HostProbe::addressFailed(const QString &sentence, bool isRefusal)
{
    m_timer.stop();
    // Not deleted: it is emitting.
    m_socket->disconnect(this);
    m_socket.release()->deleteLater();
    m_failures.append(sentence);
    m_isRefused = m_isRefused && isRefusal;
    m_addresses.removeFirst();
    if (!m_addresses.isEmpty()) {
        connectNext();
        return;
    }
    finish(CheckResult::bad(
        m_stage, CheckEnd::CannotConnect, m_failures.join(u' '),
        m_isRefused
            ? tr("Nothing listens there: check host and port in the source file, and whether the "
                 "server runs.")
            : tr("Check host and port in the source file, and whether a firewall or a missing VPN "
                 "is in the way.")));
}

void HostProbe::connected()
{
    m_timer.stop();
    m_socket->disconnect(this);
    const QString finding = tr("%1 takes connections on port %2.")
                                .arg(m_addresses.constFirst().toString(), portOf(m_url));
    finish(m_failures.isEmpty()
               ? CheckResult::good(m_stage, finding)
               : CheckResult::warning(m_stage, m_failures.join(u' ') + u' ' + finding,
                                      tr("Each connection begins with an address that does not "
                                         "work: mend it, or take it out of the DNS.")));
    if (m_url.scheme() == "https"_L1) {
        encrypt();
        return;
    }
    const QString plain = tr("The address begins with http: nothing is encrypted.");
    finish(m_addresses.constFirst().isLoopback()
               ? CheckResult::skipped(m_stage, plain)
               : CheckResult::warning(
                   m_stage, plain,
                   tr("Everybody on the way can read along, secrets too: use https.")));
    Q_EMIT passed();
}

void HostProbe::encrypt()
{
    m_tlsErrors.clear();
    connect(m_socket.get(), &QSslSocket::encrypted, this, &HostProbe::encrypted);
    connect(m_socket.get(), &QSslSocket::sslErrors, this,
            [this](const QList<QSslError> &errors) { m_tlsErrors = errors; });
    connect(m_socket.get(), &QSslSocket::errorOccurred, this, [this] {
        m_timer.stop();
        if (m_tlsErrors.isEmpty())
            tlsFailed(tr("The secure connection failed: %1.").arg(m_socket->errorString()),
                      tr("Check that port %1 is for https.").arg(portOf(m_url)));
        else
            tlsFailed(tlsFinding(m_tlsErrors, m_socket->peerCertificate()),
                      tlsRemedy(m_tlsErrors.constFirst(), m_socket->peerCertificate()));
    });
    m_timer.start(m_limit);
    QSslConfiguration configuration = m_tls;
    configuration.setAllowedNextProtocols(
        {QSslConfiguration::ALPNProtocolHTTP2, QSslConfiguration::NextProtocolHttp1_1});
    m_socket->setSslConfiguration(configuration);
    m_socket->setPeerVerifyName(m_url.host());
    m_socket->startClientEncryption();
}

void HostProbe::encrypted()
{
    m_timer.stop();
    m_socket->disconnect(this);
    finish(tlsResult(*m_socket));
    Q_EMIT passed();
}

void HostProbe::tlsFailed(const QString &finding, const QString &remedy)
{
    m_socket->disconnect(this);
    m_socket.release()->deleteLater();
    finish(CheckResult::bad(m_stage, CheckEnd::CannotConnect, finding, remedy));
}

void HostProbe::timeOut()
{
    const int seconds = int(std::chrono::ceil<std::chrono::seconds>(m_limit).count());
    switch (m_stage) {
    case CheckStage::Dns:
        finish(CheckResult::bad(
            m_stage, CheckEnd::CannotConnect,
            tr("No address for %1 within %n s.", nullptr, seconds).arg(m_url.host()),
            tr("The name server does not answer: check the network and the VPN.")));
        break;
    case CheckStage::Connect:
        addressFailed(tr("%1 does not answer on port %2.")
                          .arg(m_addresses.constFirst().toString(), portOf(m_url)),
                      false);
        break;
    default:
        tlsFailed(tr("The server takes the connection, but does not speak TLS within %n s.",
                     nullptr, seconds),
                  tr("Check that port %1 is for https.").arg(portOf(m_url)));
    }
}

// The stage is over; the next one begins now.
void HostProbe::finish(const CheckResult &result)
{
    CheckResult timed = result;
    timed.duration = std::chrono::milliseconds(m_elapsed.restart());
    if (m_stage < CheckStage::Tls)
        m_stage = CheckStage(int(m_stage) + 1);
    Q_EMIT stageDone(timed);
}
