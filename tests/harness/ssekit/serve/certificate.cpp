// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/certificate.h"

#include <QRandomGenerator>

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace {

template <auto free>
struct Freed
{
    template <typename T>
    void operator()(T *object) const
    {
        free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long tenDays = 10L * 24 * 3600;
constexpr long anHour = 3600; // clocks differ

void addExtension(X509 *certificate, X509 *issuer, int kind, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.constData()));
    if (extension)
        X509_add_ext(certificate, extension.get(), -1);
}

// Without an issuer it signs itself.
Certificate makeCertificate(const QByteArray &name, EVP_PKEY *key, X509 *issuer,
                            EVP_PKEY *issuerKey,
                            const QList<std::pair<int, QByteArray>> &extensions)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()),
                            QRandomGenerator::system()->generate64() >> 1U);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -anHour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), tenDays);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME *const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(name.constData()), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer) : subject);
    for (const auto &[kind, value] : extensions)
        addExtension(certificate.get(), issuer ? issuer : certificate.get(), kind, value);
    if (!X509_sign(certificate.get(), issuerKey, EVP_sha256()))
        return {};
    return certificate;
}

template <typename Write>
QByteArray pem(Write write)
{
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!write(memory.get()))
        return {};
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return QByteArray(data, size);
}

QByteArray pemOf(X509 *certificate)
{
    return pem([certificate](BIO *memory) { return PEM_write_bio_X509(memory, certificate); });
}

} // namespace

ServerIdentity makeIdentity(const QHostAddress &address)
{
    ServerIdentity identity;
    const Key authorityKey(EVP_EC_gen("P-256"));
    const Key key(EVP_EC_gen("P-256"));
    if (!authorityKey || !key)
        return identity;
    const Certificate authority =
        makeCertificate("ssekit authority", authorityKey.get(), nullptr, authorityKey.get(),
                        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}});
    if (!authority)
        return identity;
    const Certificate certificate = makeCertificate(
        "ssekit", key.get(), authority.get(), authorityKey.get(),
        {{NID_basic_constraints, "critical,CA:FALSE"},
         {NID_key_usage, "critical,digitalSignature"},
         {NID_ext_key_usage, "serverAuth"},
         {NID_authority_key_identifier, "keyid"},
         {NID_subject_alt_name,
          "DNS:localhost,IP:127.0.0.1,IP:::1,IP:" + address.toString().toLatin1()}});
    if (!certificate)
        return identity;
    identity.authority = pemOf(authority.get());
    identity.certificate = QSslCertificate(pemOf(certificate.get()));
    identity.key = QSslKey(pem([&key](BIO *memory) {
                               return PEM_write_bio_PrivateKey(memory, key.get(), nullptr, nullptr,
                                                               0, nullptr, nullptr);
                           }),
                           QSsl::Ec);
    return identity;
}
