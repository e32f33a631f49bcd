// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>

/*! What a server with TLS shows, made on the spot. The keys exist in memory only. */
struct ServerIdentity
{
    QByteArray authority; //!< The certificate to trust, as PEM. Empty when none could be made.
    QSslCertificate certificate; //!< For localhost, 127.0.0.1, ::1 and the address. Ten days.
    QSslKey key;
};

/*! Without an authority when this computer's OpenSSL cannot. */
[[nodiscard]] ServerIdentity makeIdentity(const QHostAddress &address);
