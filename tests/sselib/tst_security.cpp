// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>
#include <sselib/testkit/sseserver.h>

#include <QFile>
#include <QNetworkAccessManager>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Sse::EventSource;
using Error = EventSource::Error;
using State = EventSource::State;

namespace {

const QByteArray openStream =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: hello\n\n";

// Answers every request over TLS with the same bytes, and remembers what arrived decrypted.
class TlsServer : public QObject
{
public:
    TlsServer(const QSslCertificate &certificate, const QSslKey &key, const QByteArray &answer)
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(certificate);
        configuration.setPrivateKey(key);
        m_server.setSslConfiguration(configuration);
        connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, [this, answer] {
            QTcpSocket *const socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, answer] {
                received += socket->readAll();
                if (received.endsWith("\r\n\r\n"))
                    socket->write(answer);
            });
        });
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("no free port on 127.0.0.1");
    }

    [[nodiscard]] QUrl url() const
    {
        return QUrl(u"https://127.0.0.1:%1/secure?token=canary"_s.arg(m_server.serverPort()));
    }

    QByteArray received;

private:
    QSslServer m_server;
};

} // namespace

class tst_Security : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesHeadersThatWouldBecomeTwo_data();
    void refusesHeadersThatWouldBecomeTwo();
    void refusesThemFromTheHookToo();
    void keepsLineBreaksOfTheUrlOutOfTheRequest();
    void saysWhichCertificateWasRefusedAndWhy_data();
    void saysWhichCertificateWasRefusedAndWhy();
    void trustsAnAuthorityThatIsGiven();
    void leavesEncryptionOnlyWhenAllowed_data();
    void leavesEncryptionOnlyWhenAllowed();

private:
    [[nodiscard]] bool makeCertificate(const QString &name, const QString &host);
    [[nodiscard]] QSslCertificate certificate(const QString &name) const;
    [[nodiscard]] QSslKey key(const QString &name) const;

    QTemporaryDir m_folder;
};

void tst_Security::initTestCase()
{
    if (!QSslSocket::supportsSsl())
        QSKIP("This Qt has no TLS.");
    QVERIFY(makeCertificate(u"here"_s, u"IP:127.0.0.1"_s));
    QVERIFY(makeCertificate(u"elsewhere"_s, u"DNS:elsewhere.example"_s));
}

bool tst_Security::makeCertificate(const QString &name, const QString &host)
{
    QProcess openssl;
    openssl.start(u"openssl"_s,
                  {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s,
                   u"2"_s, u"-subj"_s, u"/CN=Tallybell test "_s + name, u"-addext"_s,
                   u"subjectAltName="_s + host, u"-keyout"_s, m_folder.filePath(name + u".key"_s),
                   u"-out"_s, m_folder.filePath(name + u".pem"_s)});
    return openssl.waitForFinished(120'000) && openssl.exitStatus() == QProcess::NormalExit
        && openssl.exitCode() == 0;
}

QSslCertificate tst_Security::certificate(const QString &name) const
{
    return QSslCertificate::fromPath(m_folder.filePath(name + u".pem"_s)).value(0);
}

QSslKey tst_Security::key(const QString &name) const
{
    QFile file(m_folder.filePath(name + u".key"_s));
    return file.open(QIODevice::ReadOnly) ? QSslKey(&file, QSsl::Rsa) : QSslKey();
}

void tst_Security::refusesHeadersThatWouldBecomeTwo_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("CR LF in the value") << QByteArray("X-A") << QByteArray("a\r\nX-Injected: yes");
    QTest::newRow("LF in the value") << QByteArray("X-A") << QByteArray("a\nX-Injected: yes");
    QTest::newRow("CR in the value") << QByteArray("X-A") << QByteArray("a\rX-Injected: yes");
    QTest::newRow("NUL in the value") << QByteArray("X-A") << QByteArray("a\0b", 3);
    QTest::newRow("LF in the name") << QByteArray("X-A: b\nX-Injected") << QByteArray("yes");
    QTest::newRow("colon in the name") << QByteArray("X-A: b") << QByteArray("yes");
    QTest::newRow("blank in the name") << QByteArray("X A") << QByteArray("yes");
}

void tst_Security::refusesHeadersThatWouldBecomeTwo()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    Harness::SseServer server;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    QNetworkRequest request(server.url());
    request.setRawHeader(name, value);
    source.open(request);
    QCOMPARE(source.error(), Error::InvalidRequest);
    QCOMPARE(source.state(), State::Closed);
    QVERIFY(!source.errorString().contains(u"yes"_s)); // a value may be a secret
    QVERIFY(!server.nextExchange(50ms));
}

void tst_Security::refusesThemFromTheHookToo()
{
    Harness::SseServer server;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    source.setRequestHook([](QNetworkRequest request, const EventSource::Proceed &proceed) {
        request.setRawHeader("Authorization", "Bearer a\r\nX-Injected: yes");
        proceed(request);
    });
    source.open(QNetworkRequest(server.url()));
    QTRY_COMPARE(source.error(), Error::InvalidRequest);
    QCOMPARE(source.state(), State::Closed);
    QVERIFY(source.errorString().contains(u"Authorization"_s));
    QCOMPARE(server.exchanges().size(), 0);
}

void tst_Security::keepsLineBreaksOfTheUrlOutOfTheRequest()
{
    Harness::SseServer server;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    QUrl url = server.url("/stream");
    url.setQuery(u"a=b\r\nX-Injected: yes"_s);
    url.setUserName(u"mia\r\nX-Injected: yes"_s);
    source.open(QNetworkRequest(url));
    const Harness::Exchange *const exchange = server.nextExchange();
    QVERIFY(exchange);
    QVERIFY(!exchange->request().hasHeader("X-Injected"));
}

void tst_Security::saysWhichCertificateWasRefusedAndWhy_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isTrusted");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nobody vouches for it") << u"here"_s << false << u"self-signed"_s;
    QTest::newRow("made for another host") << u"elsewhere"_s << true << u"host name"_s;
}

void tst_Security::saysWhichCertificateWasRefusedAndWhy()
{
    QFETCH(QString, name);
    QFETCH(bool, isTrusted);
    QFETCH(QString, reason);
    const TlsServer server(certificate(name), key(name), openStream);
    QNetworkAccessManager manager;
    EventSource source(&manager);
    if (isTrusted)
        source.setCaCertificates({certificate(name)});
    QNetworkRequest request(server.url());
    request.setRawHeader("Authorization", "Bearer canary");
    source.open(request);
    QTRY_COMPARE(source.error(), Error::Tls);
    QCOMPARE(source.state(), State::Closed); // final: trying again would not help
    QCOMPARE(source.networkError(), QNetworkReply::SslHandshakeFailedError);
    const QString sentence = source.errorString();
    QVERIFY2(sentence.contains(u"Tallybell test "_s + name), qPrintable(sentence));
    QVERIFY2(sentence.contains(reason), qPrintable(sentence));
    QVERIFY2(!sentence.contains(u"canary"_s), qPrintable(sentence));
    QVERIFY(server.received.isEmpty());
}

void tst_Security::trustsAnAuthorityThatIsGiven()
{
    const TlsServer server(certificate(u"here"_s), key(u"here"_s), openStream);
    QNetworkAccessManager manager;
    EventSource source(&manager);
    source.setCaCertificates({certificate(u"here"_s)});
    QString received;
    connect(&source, &EventSource::eventReceived, this,
            [&received](const Sse::Event &event) { received = event.text(); });
    source.open(QNetworkRequest(server.url()));
    QTRY_COMPARE(received, u"hello"_s);
    QVERIFY(server.received.startsWith("GET /secure?token=canary HTTP/1.1\r\n"));
}

void tst_Security::leavesEncryptionOnlyWhenAllowed_data()
{
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("not by default") << false;
    QTest::newRow("when allowed") << true;
}

void tst_Security::leavesEncryptionOnlyWhenAllowed()
{
    QFETCH(bool, isAllowed);
    Harness::SseServer plain;
    plain.handle("/", [](Harness::Exchange *exchange) { exchange->startStream(); });
    const TlsServer server(certificate(u"here"_s), key(u"here"_s),
                           "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                               + plain.url("/").toEncoded() + "\r\n\r\n");
    QNetworkAccessManager manager;
    EventSource source(&manager);
    source.setCaCertificates({certificate(u"here"_s)});
    source.setAllowsInsecureRedirects(isAllowed);
    QNetworkRequest request(server.url());
    request.setRawHeader("Authorization", "Bearer canary");
    source.open(request);
    if (isAllowed) {
        QTRY_COMPARE(source.state(), State::Open);
        QVERIFY(!plain.exchanges().constFirst()->request().hasHeader("Authorization"));
    } else {
        QTRY_COMPARE(source.error(), Error::Redirect);
        QCOMPARE(source.state(), State::Closed);
        QCOMPARE(plain.exchanges().size(), 0);
    }
}

QTEST_GUILESS_MAIN(tst_Security)
#include "tst_security.moc"
