// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/prober.h"

#include <QDateTime>
#include <QSslConfiguration>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds shortLook = 5s;
constexpr qsizetype compressedEnough = 32; // bytes: more than the head of a format

QString tlsVersionOf(const QSslConfiguration &tls)
{
    switch (tls.sessionProtocol()) {
    case QSsl::TlsV1_3:
        return u"TLS 1.3"_s;
    case QSsl::TlsV1_2:
        return u"TLS 1.2"_s;
    default:
        return u"a TLS before 1.2"_s;
    }
}

} // namespace

Prober::Prober(const WantedRequest &wanted, std::chrono::milliseconds duration,
               const QByteArray &origin, QObject *parent)
    : QObject(parent)
    , m_wanted(wanted)
    , m_duration(duration)
{
    m_wanted.applyProxy(m_manager);
    m_facts.url = wanted.request.url();
    m_facts.origin = origin;
    m_facts.sentCredentials = wanted.request.hasRawHeader("Authorization")
        || wanted.request.hasRawHeader("Cookie") || !m_facts.url.userInfo().isEmpty();
}

void Prober::start()
{
    watch(request(), m_duration, {}, [this] { keepFirstLook(); });
}

void Prober::keepFirstLook()
{
    m_facts.watch = m_watcher->watch();
    if (m_facts.watch.url.scheme() == "https"_L1 && m_facts.watch.status != 0) {
        const QSslConfiguration tls = m_watcher->tls();
        m_facts.tlsVersion = tlsVersionOf(tls);
        const QSslCertificate certificate = tls.peerCertificate();
        if (!certificate.isNull())
            m_facts.certificateDays =
                int(QDateTime::currentDateTime().daysTo(certificate.expiryDate()));
    }
    if (m_facts.watch.isStream())
        tryResume();
    else
        Q_EMIT finished();
}

// From the first id, after which the most events are known.
void Prober::tryResume()
{
    const QList<SeenEvent> &events = m_facts.watch.events;
    const auto first = std::find_if(events.cbegin(), events.cend(),
                                    [](const SeenEvent &event) { return !event.id.isEmpty(); });
    if (first == events.cend()) {
        tryCompression();
        return;
    }
    m_facts.resumedAfter = first->id;
    QNetworkRequest resuming = request();
    resuming.setRawHeader("Last-Event-ID"_ba, first->id);
    const auto enough = [](const Watch &watch) { return watch.eventCount > 0; };
    watch(resuming, std::min(m_duration, shortLook), enough, [this] {
        m_facts.resumed = m_watcher->watch();
        tryCompression();
    });
}

void Prober::tryCompression()
{
    QNetworkRequest compressing = request();
    compressing.setRawHeader("Accept-Encoding"_ba, "gzip, deflate, br"_ba);
    const auto enough = [](const Watch &watch) {
        return watch.header("Content-Encoding").isEmpty() || watch.bytes >= compressedEnough;
    };
    watch(compressing, std::min(m_duration, shortLook), enough, [this] {
        m_facts.compressed = m_watcher->watch();
        tryHttp2();
    });
}

void Prober::tryHttp2()
{
    if (m_facts.watch.url.scheme() != "https"_L1) {
        Q_EMIT finished();
        return;
    }
    QNetworkRequest newer = request();
    newer.setAttribute(QNetworkRequest::Http2AllowedAttribute, true);
    watch(
        newer, shortLook, [](const Watch &watch) { return watch.status != 0; },
        [this] {
            m_facts.offersHttp2 = m_watcher->watch().usedHttp2;
            Q_EMIT finished();
        });
}

QNetworkRequest Prober::request() const
{
    QNetworkRequest request = m_wanted.withAuthorities();
    if (!m_facts.origin.isEmpty())
        request.setRawHeader("Origin"_ba, m_facts.origin);
    return request;
}

void Prober::watch(const QNetworkRequest &request, std::chrono::milliseconds duration,
                   const std::function<bool(const Watch &watch)> &enough,
                   const std::function<void()> &next)
{
    if (m_watcher)
        m_watcher.release()->deleteLater(); // it is its signal that we come from
    m_watcher = std::make_unique<Watcher>(&m_manager);
    m_watcher->setEnough(enough);
    connect(m_watcher.get(), &Watcher::finished, this, next, Qt::QueuedConnection);
    m_watcher->start(request, duration);
}
