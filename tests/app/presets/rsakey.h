// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <memory>

struct evp_pkey_st;

/*! A pair of keys as a server has it, made anew. Empty results are failures. */
class RsaKey
{
public:
    RsaKey();

    [[nodiscard]] QByteArray publicKey() const; //!< X.509, DER.
    [[nodiscard]] QByteArray decrypted(const QByteArray &cipher) const; //!< PKCS 1 v1.5.

private:
    const std::shared_ptr<evp_pkey_st> m_key;
};

/*! AES in ECB mode with PKCS 7 padding, under a \a key of 32 bytes. Empty on failure. */
[[nodiscard]] QByteArray decryptedByAes(const QByteArray &cipher, const QByteArray &key);
