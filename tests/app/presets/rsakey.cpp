// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rsakey.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace {

unsigned char *bytes(QByteArray &array)
{
    return reinterpret_cast<unsigned char *>(array.data());
}

const unsigned char *bytes(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

} // namespace

RsaKey::RsaKey()
    : m_key(EVP_RSA_gen(1024), EVP_PKEY_free) // as small as those that the servers come with
{}

QByteArray RsaKey::publicKey() const
{
    QByteArray der(i2d_PUBKEY(m_key.get(), nullptr), Qt::Uninitialized);
    unsigned char *at = bytes(der);
    i2d_PUBKEY(m_key.get(), &at);
    return der;
}

QByteArray RsaKey::decrypted(const QByteArray &cipher) const
{
    const std::shared_ptr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(m_key.get(), nullptr),
                                                EVP_PKEY_CTX_free);
    QByteArray plain(EVP_PKEY_get_size(m_key.get()), Qt::Uninitialized);
    auto length = size_t(plain.size());
    if (EVP_PKEY_decrypt_init(context.get()) != 1
        || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1
        || EVP_PKEY_decrypt(context.get(), bytes(plain), &length, bytes(cipher),
                            size_t(cipher.size()))
            != 1)
        return {};
    return plain.first(qsizetype(length));
}

QByteArray decryptedByAes(const QByteArray &cipher, const QByteArray &key)
{
    const std::shared_ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    QByteArray plain(cipher.size() + EVP_MAX_BLOCK_LENGTH, Qt::Uninitialized);
    int length = 0;
    int rest = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, bytes(key), nullptr) != 1
        || EVP_DecryptUpdate(context.get(), bytes(plain), &length, bytes(cipher),
                             int(cipher.size()))
            != 1
        || EVP_DecryptFinal_ex(context.get(), bytes(plain) + length, &rest) != 1)
        return {};
    return plain.first(length + rest);
}
