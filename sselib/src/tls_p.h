// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QList>
#include <QtCore/QString>
#include <QtNetwork/QNetworkRequest>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslError>

namespace Sse {

/*! Makes \a request trust \a authorities besides those that it trusts already. */
void trustAlso(QNetworkRequest &request, const QList<QSslCertificate> &authorities);

/*! Which certificate was refused and why, and what a person can do about it. */
[[nodiscard]] QString tlsSentence(const QList<QSslError> &errors);

} // namespace Sse
