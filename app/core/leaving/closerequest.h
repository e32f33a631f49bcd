// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <sselib/beacon.h>

#include <QSslConfiguration>
#include <QUuid>

class CookieJar;

/*! Steps of "close", made ready to be sent. */
struct CloseRequest
{
    QList<Sse::BeaconRequest>
        requests; //!< Of the steps that are due and whose variables have values.
    QString place; //!< What it speaks to, as people and logs may see it.
    QString flaw; //!< A sentence: why a step is left out; empty when none is.

    /*! Scheme, host and port of the first request; empty when there is none. */
    [[nodiscard]] QString origin() const;
};

/*! Makes the close request of one source, complete as a stranger can send it. */
class CloseRequestMaker
{
public:
    /*! \a cookies are not owned and must outlive it. */
    CloseRequestMaker(const Source &source, const CookieJar *cookies);

    /*! Authorities that are trusted besides the system's; none by default. */
    void setCaCertificates(const QList<QSslCertificate> &certificates);

    /*!
        \a key names what is asked for: requests of the same step with the same key are one to a
        server that looks at their Idempotency-Key.
    */
    [[nodiscard]] CloseRequest make(const QList<Step> &steps, const Variables &variables,
                                    const QUuid &key) const;

private:
    const Source m_source;
    const CookieJar *const m_cookies;
    std::optional<QSslConfiguration> m_tls;
};

/*! The same in all that is sent. */
[[nodiscard]] bool areEqual(const QList<Sse::BeaconRequest> &left,
                            const QList<Sse::BeaconRequest> &right);
