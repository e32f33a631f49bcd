// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cookiejar.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>

/*!
    What the requests of one source go through: its proxy and its cookies.

    Steps and the stream have a manager each, since six streams on one would block every other
    request for ever; the cookies are shared.
*/
class Network
{
public:
    explicit Network(const Source &source);

    [[nodiscard]] QNetworkAccessManager *steps() { return &m_steps; }
    [[nodiscard]] QNetworkAccessManager *stream() { return &m_stream; }
    /*!
        Ends the connections that are kept for later requests: where the network has changed they may
        lead nowhere, which only a time-out would tell. Requests on their way are lost without a
        word: abort them first.
    */
    void forgetConnections();
    void forgetStreamConnections() { m_stream.clearConnectionCache(); } //!< Steps keep theirs.

    [[nodiscard]] CookieJar *cookies() { return &m_cookies; }

    /*! The proxy of \a source; DefaultProxy: the one that the system has for an address. */
    [[nodiscard]] static QNetworkProxy proxy(const Source &source);

    /*!
        The certificates that the source trusts besides the system's. On failure none, and \a error
        says why in a sentence.
    */
    [[nodiscard]] static QList<QSslCertificate> certificates(const Source &source, QString *error);

private:
    CookieJar m_cookies;
    QNetworkAccessManager m_steps;
    QNetworkAccessManager m_stream;
};
