// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "listen/curlcommand.h"

#include <algorithm>

using namespace Qt::Literals;

namespace {

// Whether a header of this name is as good as a password.
bool isSecret(const QString &name)
{
    const QString lower = name.toLower();
    const QStringList parts{u"auth"_s,   u"cookie"_s,   u"token"_s,    u"key"_s,
                            u"secret"_s, u"password"_s, u"signature"_s};
    return std::any_of(parts.cbegin(), parts.cend(),
                       [&lower](const QString &part) { return lower.contains(part); });
}

QString variableName(const QString &header)
{
    QString name = header.toUpper();
    for (QChar &c : name) {
        if ((c < u'A' || c > u'Z') && (c < u'0' || c > u'9'))
            c = u'_';
    }
    return name.at(0).isDigit() ? u'_' + name : name;
}

class CommandLine
{
public:
    void add(const QString &option) { m_words.append(option); }
    void add(const QString &option, const QString &value)
    {
        m_words.append({option, shellQuoted(value)});
    }
    // Not quoted against the shell but for it: it is to put the variable's value there.
    void addSecret(const QString &option, const QString &before, const QString &variable)
    {
        m_words.append({option, u"\"%1$%2\""_s.arg(before, variable)});
        m_variables.append(variable);
    }

    QString text() const { return m_words.join(u' '); }
    QStringList variables() const { return m_variables; }

private:
    QStringList m_words{u"curl"_s, u"--no-buffer"_s, u"--location"_s, u"--globoff"_s};
    QStringList m_variables;
};

void addHeaders(CommandLine &line, const CurlTerms &terms)
{
    const QNetworkRequest &request = terms.wanted.request;
    const auto addDefault = [&](const QByteArray &name, const QString &value) {
        if (!request.hasRawHeader(name))
            line.add(u"--header"_s, QString::fromLatin1(name) + u": "_s + value);
    };
    addDefault("Accept"_ba, u"text/event-stream"_s);
    addDefault("Cache-Control"_ba, u"no-store"_s);
    const QList<QByteArray> names = request.rawHeaderList();
    for (const QByteArray &rawName : names) {
        const QString name = QString::fromLatin1(rawName);
        if (!terms.bearerFile.isEmpty() && name == "Authorization"_L1)
            continue; // comes from its file
        if (isSecret(name))
            line.addSecret(u"--header"_s, name + u": "_s, variableName(name));
        else
            line.add(u"--header"_s, name + u": "_s + QString::fromUtf8(request.rawHeader(rawName)));
    }
    if (!terms.lastEventId.isEmpty())
        line.add(u"--header"_s, u"Last-Event-ID: "_s + terms.lastEventId);
    if (!terms.body.isEmpty() && !request.hasRawHeader("Content-Type"))
        line.add(u"--header"_s, u"Content-Type:"_s); // none, where curl would add one
}

void addProxy(CommandLine &line, const QNetworkProxy &proxy)
{
    if (proxy.type() == QNetworkProxy::NoProxy) {
        line.add(u"--noproxy"_s, u"*"_s);
        return;
    }
    QUrl url;
    url.setScheme(proxy.type() == QNetworkProxy::Socks5Proxy ? u"socks5h"_s : u"http"_s);
    url.setHost(proxy.hostName());
    url.setPort(proxy.port());
    line.add(u"--proxy"_s, url.toString(QUrl::FullyEncoded));
    if (!proxy.user().isEmpty())
        line.addSecret(u"--proxy-user"_s, {}, u"PROXY_USER_AND_PASSWORD"_s);
}

} // namespace

QString shellQuoted(const QString &word)
{
    const bool isPlain =
        !word.isEmpty() && std::all_of(word.cbegin(), word.cend(), [](const QChar c) {
            return c.unicode() < 0x80 && (c.isLetterOrNumber() || u"-_./:@%+=,"_s.contains(c));
        });
    if (isPlain)
        return word;
    return u'\'' + QString(word).replace(u"'"_s, u"'\\''"_s) + u'\'';
}

CurlCommand curlCommand(const CurlTerms &terms)
{
    CommandLine line;
    line.add(terms.usesHttp2 ? u"--http2"_s : u"--http1.1"_s);
    if (!terms.bearerFile.isEmpty())
        line.add(u"--header"_s, u"@-"_s);
    addHeaders(line, terms);
    if (!terms.authoritiesFile.isEmpty())
        line.add(u"--cacert"_s, terms.authoritiesFile);
    if (terms.wanted.proxy)
        addProxy(line, *terms.wanted.proxy);
    if (!terms.seconds.isEmpty())
        line.add(u"--max-time"_s, terms.seconds);
    // After a redirect curl keeps to a method that --request named.
    if (terms.method != "GET" && (terms.method != "POST" || terms.body.isEmpty()))
        line.add(u"--request"_s, QString::fromLatin1(terms.method));
    if (terms.body.startsWith(u'@'))
        line.add(u"--data-binary"_s, terms.body);
    else if (!terms.body.isEmpty())
        line.add(u"--data-raw"_s, terms.body);

    QUrl url = terms.wanted.request.url();
    if (!url.userInfo().isEmpty())
        line.addSecret(u"--user"_s, {}, u"USER_AND_PASSWORD"_s);
    url.setUserInfo({});
    line.add(u"--url"_s, url.toString(QUrl::FullyEncoded | QUrl::RemoveFragment));

    QString command = line.text();
    // A pipe, as everybody sees the arguments of a program, and "printf" is none.
    if (!terms.bearerFile.isEmpty())
        command = u"printf 'Authorization: Bearer %s\\n' \"$(tr -d '\\r\\n' < %1)\" | "_s.replace(
                      u"%1"_s, shellQuoted(terms.bearerFile))
            + command;
    return {command, line.variables()};
}
