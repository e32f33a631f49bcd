// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/server.h"

#include "console.h"
#include "serve/certificate.h"
#include "serve/factlog.h"

#include <QCoreApplication>
#include <QDir>
#include <QSslConfiguration>

using namespace Qt::Literals;

using Harness::Exchange;
using Harness::HttpServer;

namespace {

constexpr int failure = 1;
constexpr qsizetype longestValue = 200;

// Who came and what was asked. No query, no Authorization: they hold secrets.
QJsonObject requestFacts(const Exchange *exchange)
{
    QJsonObject facts = {{u"peer"_s, QString::fromUtf8(exchange->peer())},
                         {u"method"_s, QString::fromUtf8(exchange->method())},
                         {u"path"_s, QString::fromUtf8(exchange->path())}};
    const auto add = [&facts, exchange](const QString &key, QByteArrayView header) {
        if (exchange->request().hasHeader(header))
            facts.insert(key, QString::fromUtf8(exchange->header(header)).left(longestValue));
    };
    add(u"userAgent"_s, "User-Agent");
    add(u"lastEventId"_s, "Last-Event-ID");
    return facts;
}

} // namespace

Server::Server(Scenario *scenario, FactLog *log, const ServeWish &wish)
    : m_scenario(scenario)
    , m_log(log)
    , m_wish(wish)
{
    for (HttpServer *http : {&m_http, &m_plain}) {
        connect(http, &HttpServer::requestReceived, this, &Server::serve);
        connect(http, &HttpServer::requestRefused, m_log, [log](int status) {
            log->write("refused", {{u"status"_s, status}});
        });
    }
    connect(scenario, &Scenario::quitWanted, this, [this] { end(0); });
    connect(scenario, &Scenario::refuseWanted, this, &Server::refuse);
    connect(scenario, &Scenario::failed, this, [this](const QString &sentence) {
        printError(sentence);
        end(failure);
    });
    m_back.setSingleShot(true);
    connect(&m_back, &QTimer::timeout, this, [this] {
        QString error;
        if (listen(&error))
            return;
        printError(error);
        end(failure);
    });
    if (m_wish.timeout.count() > 0)
        QTimer::singleShot(m_wish.timeout, this, [this] {
            printError(u"The script was not at its end within the --timeout."_s);
            end(failure);
        });
}

bool Server::start(QString *error)
{
    if ((m_wish.isEncrypted && !useTls(error)) || !listen(error))
        return false;
    const QString url = m_http.url().toString();
    m_scenario->setPlace({m_http.url(), m_wish.isEncrypted ? m_plain.port() : m_http.port()});
    printLine("listening on " + url.toUtf8());
    if (m_wish.isEncrypted) {
        printLine("and on " + m_plain.url().toString().toUtf8());
        printLine("the authority of its certificate is in " + m_authority.fileName().toUtf8());
    }
    m_log->write("listening", {{u"url"_s, url}, {u"scenario"_s, m_wish.scenario.name}});
    return true;
}

bool Server::useTls(QString *error)
{
    const ServerIdentity identity = makeIdentity(m_wish.address);
    m_authority.setFileTemplate(QDir::tempPath() + "/ssekit-authority-XXXXXX.pem"_L1);
    if (identity.authority.isEmpty()) {
        *error = u"This computer's OpenSSL could not make a certificate"_s;
        return false;
    }
    if (!m_authority.open() || m_authority.write(identity.authority) != identity.authority.size()
        || !m_authority.flush()) {
        *error = u"Cannot write the certificate to %1: %2"_s.arg(m_authority.fileTemplate(),
                                                                 m_authority.errorString());
        return false;
    }
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(identity.certificate);
    configuration.setPrivateKey(identity.key);
    m_http.useTls(configuration);
    return true;
}

// Again on the same ports, when it comes back.
bool Server::listen(QString *error)
{
    const auto tryOn = [this, error](HttpServer &http, quint16 port) {
        if (http.listen(m_wish.address, port))
            return true;
        *error = http.errorString() + u"; choose another with --port"_s;
        return false;
    };
    return tryOn(m_http, m_http.port() ? m_http.port() : m_wish.port)
        && (!m_wish.isEncrypted || tryOn(m_plain, m_plain.port()));
}

void Server::serve(Exchange *exchange)
{
    const QJsonObject facts = requestFacts(exchange);
    QJsonObject line = facts;
    const QJsonObject more = m_scenario->requestFacts(exchange);
    for (auto fact = more.begin(); fact != more.end(); ++fact)
        line.insert(fact.key(), fact.value());
    m_log->write("request", line);
    if (m_scenario->ownsExchanges()) { // and logs their ends
        m_scenario->serve(exchange);
        return;
    }
    connect(exchange, &Exchange::finished, exchange, &QObject::deleteLater);
    m_scenario->serve(exchange);
    if (!exchange->isOpen())
        m_log->write("answer",
                     {{u"peer"_s, facts.value(u"peer")},
                      {u"path"_s, facts.value(u"path")},
                      {u"status"_s, exchange->status()}});
}

void Server::refuse(std::chrono::milliseconds duration)
{
    for (HttpServer *http : {&m_http, &m_plain}) {
        http->stopListening();
        http->closeConnections();
    }
    m_back.start(duration);
}

void Server::end(int status)
{
    QCoreApplication::exit(status);
}
