// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/serverprogram.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <pwd.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms
constexpr auto password = "secret";
constexpr QLatin1String binaries("/usr/lib/cyrus/bin"); // Debian's, which are in no PATH

class Cyrus
{
public:
    [[nodiscard]] static QString missing()
    {
        for (const QString &program : {u"master"_s, u"httpd"_s, u"lmtpd"_s, u"deliver"_s}) {
            if (!QFileInfo::exists(binaries + u'/' + program))
                return u"no %1 of Cyrus here (Debian: cyrus-caldav)"_s.arg(program);
        }
        if (findServer(u"saslpasswd2"_s).isEmpty())
            return u"no saslpasswd2 here (Debian: sasl2-bin)"_s;
        return {};
    }

    [[nodiscard]] bool start(const QString &imapConfiguration, const QString &configuration)
    {
        const QHash<QString, QString> values{{u"FOLDER"_s, m_folder.path()},
                                             {u"BINARIES"_s, binaries},
                                             {u"PORT"_s, QString::number(m_port)}};
        for (const QString &folder : {u"conf/db"_s, u"conf/lock"_s, u"conf/log"_s, u"conf/proc"_s,
                                      u"conf/socket"_s, u"conf/user"_s, u"spool"_s}) {
            if (!QDir(m_folder.path()).mkpath(folder))
                return false;
        }
        return fillIn(imapConfiguration, m_folder.filePath(u"imapd.conf"_s), values)
            && fillIn(configuration, m_folder.filePath(u"cyrus.conf"_s), values)
            && addUser(u"mia"_s) && handOver()
            && m_program.start(binaries + u"/master"_s,
                               {u"-C"_s, m_folder.filePath(u"imapd.conf"_s), u"-M"_s,
                                m_folder.filePath(u"cyrus.conf"_s), u"-p"_s,
                                m_folder.filePath(u"master.pid"_s), u"-D"_s},
                               m_port);
    }

    // To mia, whose mailbox comes into being with her first mail.
    [[nodiscard]] bool deliver(const QByteArray &subject) const
    {
        QProcess program;
        program.setProcessEnvironment(m_environment);
        program.start(binaries + u"/deliver"_s,
                      {u"-C"_s, m_folder.filePath(u"imapd.conf"_s), u"mia"_s});
        program.write("From: tom@mail.test\nTo: mia@mail.test\nSubject: " + subject
                      + "\nMessage-ID: <" + subject + "@mail.test>\n\nText.\n");
        program.closeWriteChannel();
        return program.waitForFinished(patience) && program.exitCode() == 0;
    }

    // As mia at another device would: the id of each unread mail.
    [[nodiscard]] QStringList unread() const
    {
        const QJsonObject answer =
            call(u"Email/query"_s, {{u"filter"_s, QJsonObject{{u"notKeyword"_s, u"$seen"_s}}}});
        return answer[u"ids"_s].toVariant().toStringList();
    }

    [[nodiscard]] bool markAsRead(const QString &id) const
    {
        const QJsonObject seen{{u"keywords/$seen"_s, true}};
        const QJsonObject answer = call(u"Email/set"_s, {{u"update"_s, QJsonObject{{id, seen}}}});
        return answer[u"updated"_s].toObject().contains(id);
    }

    [[nodiscard]] QString url() const { return u"http://127.0.0.1:%1"_s.arg(m_port); }
    [[nodiscard]] QByteArray complaints() { return m_program.output(); }

private:
    [[nodiscard]] bool addUser(const QString &name) const
    {
        QProcess program;
        program.start(findServer(u"saslpasswd2"_s),
                      {u"-p"_s, u"-c"_s, u"-f"_s, m_folder.filePath(u"sasldb2"_s), u"-u"_s,
                       u"mail.test"_s, name});
        program.write(password);
        program.closeWriteChannel();
        return program.waitForFinished() && program.exitCode() == 0;
    }

    // Cyrus does not run as root: then it is a user of its own. Else it is whoever runs the test.
    [[nodiscard]] bool handOver()
    {
        const bool isRoot = ::geteuid() == 0;
        const passwd *const user = isRoot ? ::getpwnam("cyrus") : ::getpwuid(::geteuid());
        if (user == nullptr)
            return false;
        m_environment.insert(u"CYRUS_USER"_s, QString::fromLocal8Bit(user->pw_name));
        m_program.setEnvironment(m_environment);
        if (!isRoot)
            return true;
        QStringList paths{m_folder.path()};
        QDirIterator all(m_folder.path(), QDir::AllEntries | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
        while (all.hasNext())
            paths.append(all.next());
        return std::all_of(paths.cbegin(), paths.cend(), [user](const QString &path) {
            return ::chown(QFile::encodeName(path).constData(), user->pw_uid, user->pw_gid) == 0;
        });
    }

    // One call of JMAP; the arguments of the response.
    [[nodiscard]] QJsonObject call(const QString &method, QJsonObject arguments) const
    {
        arguments[u"accountId"_s] = u"mia"_s;
        const QJsonObject body{
            {u"using"_s,
             QJsonArray{u"urn:ietf:params:jmap:core"_s, u"urn:ietf:params:jmap:mail"_s}},
            {u"methodCalls"_s, QJsonArray{QJsonArray{method, arguments, u"0"_s}}}};
        QNetworkRequest request(QUrl(url() + u"/jmap/"_s));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("Authorization", "Basic " + QByteArray("mia:secret").toBase64());
        QNetworkAccessManager network;
        const std::unique_ptr<QNetworkReply> reply(
            network.post(request, QJsonDocument(body).toJson()));
        if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, patience))
            return {};
        const QJsonObject answer = QJsonDocument::fromJson(reply->readAll()).object();
        return answer[u"methodResponses"_s][0][1].toObject();
    }

    QTemporaryDir m_folder;
    const quint16 m_port = freePort();
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    ServerProgram m_program;
};

} // namespace

/*!
    Tallybell at Cyrus, which speaks JMAP (RFC 8620, RFC 8621). Debian builds it without push: the
    event source that it names is answered with 204, "do not come again".
*/
class tst_Cyrus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void asksNowAndThenWhereThereIsNoPush();
    void asksForTheRightPassword();

private:
    void watch(HeadlessApp &app, const QByteArray &givenPassword = password);

    Cyrus m_cyrus;
};

void tst_Cyrus::initTestCase()
{
    const QString missing = Cyrus::missing();
    if (missing.isEmpty())
        QVERIFY2(m_cyrus.start(QFINDTESTDATA("imapd.conf.in"), QFINDTESTDATA("cyrus.conf.in")),
                 m_cyrus.complaints().constData());
    skipWithout(missing);
}

void tst_Cyrus::asksNowAndThenWhereThereIsNoPush()
{
    QVERIFY(m_cyrus.deliver("one"));
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"polling"_s, patience);
    QCOMPARE(app.lastCount(), 1);
    QVERIFY2(app.detail().contains(u"204"_s), qPrintable(app.detail()));
    QCOMPARE(app.openings(), 0);
    QVERIFY(m_cyrus.deliver("two"));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 2, patience);
    QVERIFY(m_cyrus.deliver("three"));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    const QStringList unread = m_cyrus.unread();
    QCOMPARE(unread.size(), 3);
    for (qsizetype left = unread.size(); left > 0; --left) {
        QVERIFY(m_cyrus.markAsRead(unread.at(left - 1)));
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), int(left) - 1, patience);
    }
    QVERIFY(app.isFresh());
    QCOMPARE(app.status(), u"polling"_s);
}

void tst_Cyrus::asksForTheRightPassword()
{
    HeadlessApp app;
    watch(app, "wrong");
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"loginNeeded"_s, patience);
    QCOMPARE(app.lastCount(), -1);
    QVERIFY(!app.detail().contains(u"wrong"_s));
}

void tst_Cyrus::watch(HeadlessApp &app, const QByteArray &givenPassword)
{
    app.watch(QFINDTESTDATA("mail.json.in"), {{u"BASE"_s, m_cyrus.url()}}, givenPassword);
}

QTEST_GUILESS_MAIN(tst_Cyrus)
#include "tst_cyrus.moc"
