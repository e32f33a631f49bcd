// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

QT_BEGIN_NAMESPACE
class QNetworkRequest;
QT_END_NAMESPACE

/*!
    Changes \a request and \a body in a way that no template can express. Returns why it cannot be
    done, as a sentence; empty when it was.

    RuoyiEncrypt is what the servers of RuoYi-Vue-Plus want of their login (their annotation
    ApiEncrypt): the body is encrypted with AES (ECB, PKCS 7 padding, base64) under a random key of
    32 letters and digits, whose base64 is encrypted with RSA (PKCS 1 v1.5, base64) under the public
    key in the variable "rsaKey" (X.509, base64) and sent in the header "encrypt-key". Where that
    variable is empty, nothing is encrypted: the server can be set so, too.
*/
[[nodiscard]] QString transformRequest(Step::Transform transform, const Variables &variables,
                                       QNetworkRequest &request, QByteArray &body);
