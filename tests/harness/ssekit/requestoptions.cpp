// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requestoptions.h"

#include <QCommandLineParser>
#include <QFile>
#include <QNetworkAccessManager>
#include <QSslConfiguration>

using namespace Qt::Literals;

namespace {

constexpr qint64 longestToken = 64 * 1024;
constexpr double longestSeconds = 1'000'000;

void addHeader(QNetworkRequest &request, const QString &text, QString &error)
{
    const qsizetype colon = text.indexOf(u':');
    const QString name = text.left(colon).trimmed();
    if (colon < 1 || name.isEmpty() || text.contains(u'\n') || text.contains(u'\r'))
        error = u"A header looks like \"Name: value\", not \"%1\"."_s.arg(name);
    else
        request.setRawHeader(name.toLatin1(), text.mid(colon + 1).trimmed().toUtf8());
}

// No message of it shows what the file holds.
void addBearer(QNetworkRequest &request, const QString &name, QString &error)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly)) {
        error = u"Cannot read \"%1\": %2."_s.arg(name, file.errorString());
        return;
    }
    const QByteArray token = file.read(longestToken + 1).trimmed();
    if (token.isEmpty())
        error = u"\"%1\" is empty; --bearer-file needs a file with a token."_s.arg(name);
    else if (token.contains('\n') || token.contains('\r') || token.contains('\0'))
        error = u"\"%1\" holds more than one line; --bearer-file needs a token alone."_s.arg(name);
    else if (token.size() > longestToken)
        error = u"\"%1\" is too large to be a token."_s.arg(name);
    else
        request.setRawHeader("Authorization"_ba, "Bearer " + token);
}

std::optional<QNetworkProxy> proxyOf(const QString &text, QString &error)
{
    if (text == "none"_L1)
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url(text, QUrl::StrictMode);
    const bool isSocks = url.scheme() == "socks5"_L1;
    const bool isPlain = url.path().isEmpty() || url.path() == "/"_L1;
    if ((!isSocks && url.scheme() != "http"_L1) || url.host().isEmpty() || url.port() < 1
        || !isPlain || url.hasQuery()) {
        error = u"--proxy needs http://HOST:PORT, socks5://HOST:PORT or none."_s;
        return std::nullopt;
    }
    return QNetworkProxy(isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
                         url.host(), quint16(url.port()), url.userName(QUrl::FullyDecoded),
                         url.password(QUrl::FullyDecoded));
}

} // namespace

RequestOptions::RequestOptions()
    : header(u"header"_s, u"Send this header too; may be repeated."_s, u"Name: value"_s)
    , bearerFile(u"bearer-file"_s,
                 u"Send the token in FILE as \"Authorization: Bearer\"; it is never shown."_s,
                 u"FILE"_s)
    , authorities(u"cacert"_s, u"Trust the authorities in this PEM file too."_s, u"FILE"_s)
    , proxy(u"proxy"_s, u"http://HOST:PORT, socks5://HOST:PORT or none; else as the system says."_s,
            u"PROXY"_s)
{}

void RequestOptions::addTo(QCommandLineParser &parser) const
{
    parser.addOptions({header, bearerFile, authorities, proxy});
}

WantedRequest RequestOptions::read(const QCommandLineParser &parser, const QString &address) const
{
    WantedRequest wanted;
    wanted.request.setUrl(QUrl(address, QUrl::StrictMode));
    const QStringList headers = parser.values(header);
    for (const QString &text : headers)
        addHeader(wanted.request, text, wanted.error);
    if (parser.isSet(bearerFile)) {
        if (wanted.request.hasRawHeader("Authorization"))
            wanted.error = u"There are two tokens: --bearer-file, and --header Authorization."_s;
        else
            addBearer(wanted.request, parser.value(bearerFile), wanted.error);
    }
    if (parser.isSet(authorities)) {
        const QString file = parser.value(authorities);
        wanted.authorities = QSslCertificate::fromPath(file);
        if (wanted.authorities.isEmpty())
            wanted.error =
                u"There is no certificate in \"%1\"; --cacert needs a PEM file."_s.arg(file);
    }
    if (parser.isSet(proxy))
        wanted.proxy = proxyOf(parser.value(proxy), wanted.error);
    return wanted;
}

void WantedRequest::applyProxy(QNetworkAccessManager &manager) const
{
    if (proxy)
        manager.setProxy(*proxy);
}

QNetworkRequest WantedRequest::withAuthorities() const
{
    QNetworkRequest own(request);
    if (!authorities.isEmpty() && own.url().scheme() == "https"_L1) {
        QSslConfiguration configuration = own.sslConfiguration();
        configuration.addCaCertificates(authorities);
        own.setSslConfiguration(configuration);
    }
    return own;
}

std::optional<std::chrono::milliseconds> secondsOf(const QCommandLineParser &parser,
                                                   const QCommandLineOption &option,
                                                   std::chrono::milliseconds fallback,
                                                   QString &error)
{
    if (!parser.isSet(option))
        return fallback;
    bool isNumber = false;
    const double seconds = parser.value(option).toDouble(&isNumber);
    if (isNumber && seconds > 0 && seconds <= longestSeconds)
        return std::chrono::milliseconds(qRound64(seconds * 1000));
    error = u"--%1 needs a number of seconds above 0."_s.arg(option.names().constFirst());
    return std::nullopt;
}

std::optional<qint64> numberOf(const QCommandLineParser &parser, const QCommandLineOption &option,
                               qint64 fallback, qint64 least, QString &error)
{
    if (!parser.isSet(option))
        return fallback;
    bool isNumber = false;
    const qint64 number = parser.value(option).toLongLong(&isNumber);
    if (isNumber && number >= least)
        return number;
    error = u"--%1 needs a whole number from %2."_s.arg(option.names().constFirst()).arg(least);
    return std::nullopt;
}

QString printableUrl(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}
