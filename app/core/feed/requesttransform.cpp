// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requesttransform.h"

#include <QCoreApplication>
#include <QNetworkRequest>
#include <QRandomGenerator>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

using namespace Qt::Literals;

namespace {

template <auto Free>
struct Deleter
{
    template <typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;

QString tr(const char *text)
{
    return QCoreApplication::translate("RequestTransform", text);
}

unsigned char *bytes(QByteArray &array)
{
    return reinterpret_cast<unsigned char *>(array.data());
}

const unsigned char *bytes(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

QByteArray randomKey()
{
    constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    QByteArray key(32, Qt::Uninitialized);
    for (char &letter : key)
        letter = letters[QRandomGenerator::system()->bounded(int(sizeof letters) - 1)];
    return key;
}

// Empty where the cipher fails, which a key of 32 bytes gives it no reason to.
QByteArray encryptedByAes(const QByteArray &plain, const QByteArray &key)
{
    const CipherContext context(EVP_CIPHER_CTX_new());
    QByteArray cipher(plain.size() + EVP_MAX_BLOCK_LENGTH, Qt::Uninitialized);
    int length = 0;
    int rest = 0;
    if (!context
        || EVP_EncryptInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, bytes(key), nullptr) != 1
        || EVP_EncryptUpdate(context.get(), bytes(cipher), &length, bytes(plain), int(plain.size()))
            != 1
        || EVP_EncryptFinal_ex(context.get(), bytes(cipher) + length, &rest) != 1)
        return {};
    cipher.truncate(length + rest);
    return cipher;
}

// Empty where \a der is no public key of RSA, or too small a one.
QByteArray encryptedByRsa(const QByteArray &plain, const QByteArray &der)
{
    const unsigned char *at = bytes(der);
    const Key key(d2i_PUBKEY(nullptr, &at, long(der.size())));
    const KeyContext context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
    size_t length = 0;
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1
        || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1
        || EVP_PKEY_encrypt(context.get(), nullptr, &length, bytes(plain), size_t(plain.size()))
            != 1)
        return {};
    QByteArray cipher(qsizetype(length), Qt::Uninitialized);
    if (EVP_PKEY_encrypt(context.get(), bytes(cipher), &length, bytes(plain), size_t(plain.size()))
        != 1)
        return {};
    cipher.truncate(qsizetype(length));
    return cipher;
}

QString encryptForRuoyi(const Variables &variables, QNetworkRequest &request, QByteArray &body)
{
    const QByteArray publicKey = variables.value(u"rsaKey"_s).toLatin1();
    if (publicKey.isEmpty())
        return {};
    const QByteArray key = randomKey();
    const QByteArray encryptedKey =
        encryptedByRsa(key.toBase64(), QByteArray::fromBase64(publicKey));
    const QByteArray encryptedBody = encryptedByAes(body, key);
    if (encryptedKey.isEmpty() || encryptedBody.isEmpty())
        return tr("The login cannot be encrypted: “rsaKey” is not a public RSA key in base64. "
                  "Correct it in the source file.");
    request.setRawHeader("encrypt-key", encryptedKey.toBase64());
    body = encryptedBody.toBase64();
    return {};
}

} // namespace

QString transformRequest(Step::Transform transform, const Variables &variables,
                         QNetworkRequest &request, QByteArray &body)
{
    switch (transform) {
    case Step::Transform::Nothing:
        return {};
    case Step::Transform::RuoyiEncrypt:
        return encryptForRuoyi(variables, request, body);
    }
    Q_UNREACHABLE();
}
