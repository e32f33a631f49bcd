// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "checkresult.h"

#include <QList>
#include <QString>

QT_BEGIN_NAMESPACE
class QSslCertificate;
class QSslError;
class QSslSocket;
QT_END_NAMESPACE

/*! What there is to say of an encrypted \a socket: its TLS, and the certificate, which is trusted. */
[[nodiscard]] CheckResult tlsResult(const QSslSocket &socket);

/*! Why \a certificate was refused. */
[[nodiscard]] QString tlsFinding(const QList<QSslError> &errors,
                                 const QSslCertificate &certificate);

/*! What to do about \a error. */
[[nodiscard]] QString tlsRemedy(const QSslError &error, const QSslCertificate &certificate);
