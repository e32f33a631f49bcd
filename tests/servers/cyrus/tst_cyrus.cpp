// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/serverprogram.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QHostAddress>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <pwd.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms
constexpr auto password = "secret";
const QString binaries = u"/usr/lib/cyrus/bin"_s; // Debian's, which are in no PATH

// As much of IMAP as it takes to make a mailbox, to deliver and to read.
class ImapClient
{
public:
    [[nodiscard]] bool logIn(quint16 port, const QByteArray &user)
    {
        m_socket.connectToHost(QHostAddress::LocalHost, port);
        return m_socket.waitForConnected(patience) && !readLine().isEmpty()
            && run("LOGIN " + user + ' ' + password);
    }

    [[nodiscard]] bool run(const QByteArray &command)
    {
        m_socket.write("a " + command + "\r\n");
        return isDone();
    }

    // Into the inbox, unread.
    [[nodiscard]] bool deliver(const QByteArray &message)
    {
        m_socket.write("a APPEND INBOX {" + QByteArray::number(message.size()) + "}\r\n");
        if (!readLine().startsWith('+'))
            return false;
        m_socket.write(message + "\r\n");
        return isDone();
    }

private:
    QByteArray readLine()
    {
        while (!m_socket.canReadLine()) {
            if (!m_socket.waitForReadyRead(patience))
                return {};
        }
        return m_socket.readLine();
    }

    // Past all that comes untagged.
    bool isDone()
    {
        QByteArray line = readLine();
        while (line.startsWith('*'))
            line = readLine();
        return line.startsWith("a OK");
    }

    QTcpSocket m_socket;
};

class Cyrus
{
public:
    [[nodiscard]] static QString missing()
    {
        if (!QFileInfo::exists(binaries + u"/imapd"_s))
            return u"no Cyrus here (Debian: cyrus-imapd)"_s;
        if (!QFileInfo::exists(binaries + u"/httpd"_s))
            return u"no httpd of Cyrus here (Debian: cyrus-caldav)"_s;
        if (findServer(u"saslpasswd2"_s).isEmpty())
            return u"no saslpasswd2 here (Debian: sasl2-bin)"_s;
        return {};
    }

    [[nodiscard]] bool start(const QString &imapConfiguration, const QString &configuration)
    {
        const QHash<QString, QString> values{{u"FOLDER"_s, m_folder.path()},
                                             {u"BINARIES"_s, binaries},
                                             {u"PORT"_s, QString::number(m_port)},
                                             {u"IMAP_PORT"_s, QString::number(m_imapPort)}};
        for (const QString &folder : {u"conf/db"_s, u"conf/lock"_s, u"conf/log"_s, u"conf/proc"_s,
                                      u"conf/socket"_s, u"conf/user"_s, u"spool"_s}) {
            if (!QDir(m_folder.path()).mkpath(folder))
                return false;
        }
        return fillIn(imapConfiguration, m_folder.filePath(u"imapd.conf"_s), values)
            && fillIn(configuration, m_folder.filePath(u"cyrus.conf"_s), values)
            && addUser(u"cyrus"_s) && addUser(u"mia"_s) && handOver()
            && m_program.start(binaries + u"/master"_s,
                               {u"-C"_s, m_folder.filePath(u"imapd.conf"_s), u"-M"_s,
                                m_folder.filePath(u"cyrus.conf"_s), u"-p"_s,
                                m_folder.filePath(u"master.pid"_s), u"-D"_s},
                               m_port)
            && makeMailbox();
    }

    [[nodiscard]] bool logIn(ImapClient &client) const { return client.logIn(m_imapPort, "mia"); }
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
        m_program.setEnvironment({{u"CYRUS_USER"_s, QString::fromLocal8Bit(user->pw_name)}});
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

    [[nodiscard]] bool makeMailbox() const
    {
        ImapClient administrator;
        return administrator.logIn(m_imapPort, "cyrus") && administrator.run("CREATE user/mia");
    }

    QTemporaryDir m_folder;
    const quint16 m_port = freePort();
    const quint16 m_imapPort = freePort();
    ServerProgram m_program;
};

QByteArray messageAbout(const QByteArray &subject)
{
    return "From: tom@mail.test\r\nTo: mia@mail.test\r\nSubject: " + subject + "\r\nMessage-ID: <"
        + subject + "@mail.test>\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\n\r\nText.\r\n";
}

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
    void countsUnreadMail();
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

void tst_Cyrus::countsUnreadMail()
{
    ImapClient client;
    QVERIFY(m_cyrus.logIn(client));
    QVERIFY(client.deliver(messageAbout("one")));
    QVERIFY(client.deliver(messageAbout("two")));
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 2, patience);
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
