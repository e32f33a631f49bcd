// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "closerequest.h"

#include "core/feed/cookiejar.h"
#include "core/feed/network.h"
#include "core/feed/requesttemplate.h"

#include <QCoreApplication>

#include <algorithm>

using namespace std::chrono_literals;

QString CloseRequest::origin() const
{
    if (requests.isEmpty())
        return {};
    return requests.constFirst().request.url().toString(QUrl::RemoveUserInfo | QUrl::RemovePath
                                                        | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

CloseRequestMaker::CloseRequestMaker(const Source &source, const CookieJar *cookies)
    : m_source(source)
    , m_cookies(cookies)
{}

void CloseRequestMaker::setCaCertificates(const QList<QSslCertificate> &certificates)
{
    m_tls.reset();
    if (!certificates.isEmpty()) {
        m_tls = QSslConfiguration::defaultConfiguration();
        m_tls->addCaCertificates(certificates);
    }
}

CloseRequest CloseRequestMaker::make(const QList<Step> &steps, const Variables &variables,
                                     const QUuid &key) const
{
    CloseRequest made;
    for (const Step &step : steps) {
        if (!step.isDue(variables))
            continue;
        RenderedRequest rendered = renderStep(m_source, step, variables);
        if (!rendered.error.isEmpty()) {
            if (made.flaw.isEmpty())
                made.flaw = rendered.error;
            continue;
        }
        QNetworkRequest &request = rendered.request;
        if (step.method != "GET" && step.method != "HEAD"
            && !request.hasRawHeader("Idempotency-Key"))
            request.setRawHeader("Idempotency-Key",
                                 QUuid::createUuidV5(key, step.name + step.url.text())
                                     .toByteArray(QUuid::WithoutBraces));
        if (const QByteArray cookies = m_cookies->header(request.url()); !cookies.isEmpty())
            request.setRawHeader("Cookie", cookies);
        if (m_tls)
            request.setSslConfiguration(*m_tls);
        if (step.timeout > 0ms)
            request.setTransferTimeout(int(step.timeout.count()));
        made.requests.append({request, step.method, rendered.body, Network::proxy(m_source)});
        made.place = made.requests.size() == 1
            ? rendered.place
            : QCoreApplication::translate("CloseRequest", "The server");
    }
    return made;
}

bool areEqual(const QList<Sse::BeaconRequest> &left, const QList<Sse::BeaconRequest> &right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const Sse::BeaconRequest &one, const Sse::BeaconRequest &other) {
                          return one.request == other.request && one.method == other.method
                              && one.body == other.body && one.proxy == other.proxy;
                      });
}
