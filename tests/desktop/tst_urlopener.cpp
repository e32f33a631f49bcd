// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/notices/urlopener.h"
#include "privatebus.h"
#include "scriptedportal.h"

#include <QCoreApplication>
#include <QDBusPendingCallWatcher>
#include <QFile>
#include <QLoggingCategory>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::Literals;

namespace {

const QUrl page(u"https://portal.example/inbox?id=5&name=a%20b#top"_s);

QStringList logged;
QtMessageHandler handlerBefore = nullptr;

void keepMessage(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    logged.append(text);
    handlerBefore(type, context, text);
}

/*! Waits for an answer of \a service on the connection of the opener. */
bool ask(const QString &service)
{
    QDBusPendingCallWatcher call(
        QDBusConnection::sessionBus().asyncCall(QDBusMessage::createMethodCall(
            service, u"/"_s, u"org.freedesktop.DBus.Peer"_s, u"Ping"_s)));
    QSignalSpy finished(&call, &QDBusPendingCallWatcher::finished);
    return finished.wait();
}

} // namespace

/*! Addresses, with a portal of the test's own or none, and an xdg-open of its own or none. */
class tst_UrlOpener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void asksThePortal();
    void leavesOutATokenThatIsNotThere();
    void isContentWithWhatThePortalDoes_data();
    void isContentWithWhatThePortalDoes();
    void takesAnotherWayWhenThePortalFails_data();
    void takesAnotherWayWhenThePortalFails();
    void takesAnotherWayWhenThePortalEnds();
    void followsTheHandleOfOldPortals();
    void keepsRequestsApart();
    void startsXdgOpenWhereNoPortalIs();
    void passesNoTokenOnThatWasOfOurOwnStart();
    void tellsWhatXdgOpenSays_data();
    void tellsWhatXdgOpenSays();
    void saysThatThereIsNoWayAtAll();
    void givesTheShellNothingToRead();
    void leavesTheBrowserRunning();
    void refusesWhatIsNoWebAddress_data();
    void refusesWhatIsNoWebAddress();
    void opensWhatTheUserAgreedTo();
    void saysWhichProgramIsMissing();
    void refusesInSpiteOfConsent_data();
    void refusesInSpiteOfConsent();
    void logsNoSecret();

private:
    /*! Puts a program into the PATH that writes down what it got, and ends with \a exitCode. */
    void installXdgOpen(int exitCode, const QByteArray &before = {});
    /*! What it wrote: one line for each argument, and for each variable. */
    [[nodiscard]] QStringList record() const;

    Harness::PrivateBus m_bus;
    std::optional<QTemporaryDir> m_folder;
    std::optional<Harness::ScriptedPortal> m_portal;
    std::unique_ptr<UrlOpener> m_opener;
    std::unique_ptr<QSignalSpy> m_failed;
    QByteArray m_path;
};

void tst_UrlOpener::initTestCase()
{
    QVERIFY(m_bus.start());
    m_path = qgetenv("PATH");
}

void tst_UrlOpener::init()
{
    m_folder.emplace();
    QVERIFY(m_folder->isValid());
    qputenv("PATH", QFile::encodeName(m_folder->path()));
    qputenv("XDG_ACTIVATION_TOKEN", "of our own start");
    qputenv("DESKTOP_STARTUP_ID", "of our own start");
    m_portal.emplace();
    m_opener = std::make_unique<UrlOpener>();
    m_failed = std::make_unique<QSignalSpy>(m_opener.get(), &UrlOpener::failed);
}

void tst_UrlOpener::cleanup()
{
    m_failed.reset();
    m_opener.reset();
    m_portal.reset();
    m_folder.reset();
    qputenv("PATH", m_path);
}

void tst_UrlOpener::installXdgOpen(int exitCode, const QByteArray &before)
{
    QFile script(m_folder->filePath(u"xdg-open"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    const QByteArray folder = QFile::encodeName(m_folder->path());
    script.write("#!/bin/sh\n" + before
                 + "\n{ for argument; do echo \"argument $argument\"; done\n"
                   "echo \"token ${XDG_ACTIVATION_TOKEN-unset}\"\n"
                   "echo \"startup ${DESKTOP_STARTUP_ID-unset}\"\n"
                   "} >'"
                 + folder
                 + "/writing'\n"
                   "PATH="
                 + m_path + " mv '" + folder + "/writing' '" + folder
                 + "/record'\n"
                   "exit "
                 + QByteArray::number(exitCode) + "\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
}

QStringList tst_UrlOpener::record() const
{
    QFile file(m_folder->filePath(u"record"_s));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll()).trimmed().split(u'\n');
}

void tst_UrlOpener::asksThePortal()
{
    installXdgOpen(0);
    QVERIFY(m_portal->start());
    m_opener->open(page, u"kwin-7"_s);
    QTRY_COMPARE(m_portal->calls.size(), 1);
    const Harness::ScriptedPortal::Call &call = m_portal->calls.constFirst();
    QCOMPARE(call.signature, u"ssa{sv}"_s);
    QCOMPARE(call.parentWindow, QString());
    QCOMPARE(call.url, u"https://portal.example/inbox?id=5&name=a%20b#top"_s);
    QCOMPARE(call.options.value(u"activation_token"_s), QVariant(u"kwin-7"_s));
    QCOMPARE(call.options.value(u"ask"_s), QVariant(false));
    const QString handleToken = call.options.value(u"handle_token"_s).toString();
    QVERIFY(handleToken.size() > 16); // nobody guesses it
    for (const QChar character : handleToken)
        QVERIFY(character == u'_' || (character.isLetterOrNumber() && character.unicode() < 128));
}

void tst_UrlOpener::leavesOutATokenThatIsNotThere()
{
    QVERIFY(m_portal->start());
    m_opener->open(page, {});
    QTRY_COMPARE(m_portal->calls.size(), 1);
    QVERIFY(!m_portal->calls.constFirst().options.contains(u"activation_token"_s));
}

void tst_UrlOpener::isContentWithWhatThePortalDoes_data()
{
    QTest::addColumn<uint>("response");
    QTest::addColumn<bool>("isBeforeTheHandle");
    QTest::newRow("opened") << 0U << false;
    QTest::newRow("opened before we know of what") << 0U << true;
    QTest::newRow("the user chose none") << 1U << false;
    QTest::newRow("the user chose none, at once") << 1U << true;
}

void tst_UrlOpener::isContentWithWhatThePortalDoes()
{
    QFETCH(uint, response);
    QFETCH(bool, isBeforeTheHandle);
    installXdgOpen(0);
    if (isBeforeTheHandle)
        m_portal->response = response;
    QVERIFY(m_portal->start());
    m_opener->open(page, {});
    QTRY_COMPARE(m_portal->calls.size(), 1);
    if (!isBeforeTheHandle)
        m_portal->respond(m_portal->calls.constFirst().handle, response);
    // A second request is answered after all of the first, and does start xdg-open.
    m_portal->response = 2;
    m_opener->open(QUrl(u"https://second.example/"_s), {});
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().constFirst(), u"argument https://second.example/"_s);
    // What is over is over: nobody listens to it any more, nor to the end of the portal.
    m_portal->respond(m_portal->calls.constFirst().handle, 2);
    QVERIFY(QFile::remove(m_folder->filePath(u"record"_s)));
    m_portal->stop();
    m_opener->open(QUrl(u"https://third.example/"_s), {});
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().constFirst(), u"argument https://third.example/"_s);
    QCOMPARE(m_failed->count(), 0);
}

void tst_UrlOpener::takesAnotherWayWhenThePortalFails_data()
{
    QTest::addColumn<bool>("refuses");
    QTest::addColumn<uint>("response");
    QTest::newRow("an error") << true << 0U;
    QTest::newRow("a response that says so") << false << 2U;
    QTest::newRow("a response that is not known") << false << 77U;
}

void tst_UrlOpener::takesAnotherWayWhenThePortalFails()
{
    QFETCH(bool, refuses);
    QFETCH(uint, response);
    installXdgOpen(0);
    m_portal->refuses = refuses;
    m_portal->response = response;
    QVERIFY(m_portal->start());
    m_opener->open(page, u"kwin-7"_s);
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record(),
             QStringList({u"argument https://portal.example/inbox?id=5&name=a%20b#top"_s,
                          u"token kwin-7"_s, u"startup kwin-7"_s}));
    QCOMPARE(m_portal->calls.size(), 1);
    QCOMPARE(m_failed->count(), 0);
}

void tst_UrlOpener::takesAnotherWayWhenThePortalEnds()
{
    installXdgOpen(0);
    QVERIFY(m_portal->start());
    m_opener->open(page, u"kwin-7"_s);
    QTRY_COMPARE(m_portal->calls.size(), 1);
    m_portal->stop();
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().value(1), u"token kwin-7"_s);
}

void tst_UrlOpener::followsTheHandleOfOldPortals()
{
    installXdgOpen(0);
    m_portal->otherHandle = u"/org/freedesktop/portal/desktop/request/7"_s;
    QVERIFY(m_portal->start());
    m_opener->open(page, {});
    QTRY_COMPARE(m_portal->calls.size(), 1);
    // The portal answers the opener before it answers us, who then listens to the handle; and the bus,
    // which hears of the portal on another connection, has heard that it does.
    QVERIFY(ask(u"org.freedesktop.portal.Desktop"_s));
    QVERIFY(ask(u"org.freedesktop.DBus"_s));
    m_portal->respond(m_portal->otherHandle, 2);
    QTRY_VERIFY(!record().isEmpty());
}

void tst_UrlOpener::keepsRequestsApart()
{
    installXdgOpen(0);
    QVERIFY(m_portal->start());
    for (int i = 0; i < 3; ++i)
        m_opener->open(QUrl(u"https://portal.example/%1"_s.arg(i)), {});
    QTRY_COMPARE(m_portal->calls.size(), 3);
    QVERIFY(m_portal->calls[0].handle != m_portal->calls[1].handle);
    m_portal->respond(m_portal->calls[1].handle, 2);
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().constFirst(), u"argument https://portal.example/1"_s);
}

void tst_UrlOpener::startsXdgOpenWhereNoPortalIs()
{
    installXdgOpen(0);
    m_opener->open(page, u"kwin-7"_s);
    QVERIFY(record().isEmpty()); // it does not wait for anything
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record(),
             QStringList({u"argument https://portal.example/inbox?id=5&name=a%20b#top"_s,
                          u"token kwin-7"_s, u"startup kwin-7"_s}));
    QCOMPARE(m_failed->count(), 0);
}

void tst_UrlOpener::passesNoTokenOnThatWasOfOurOwnStart()
{
    installXdgOpen(0);
    m_opener->open(page, {});
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().mid(1), QStringList({u"token unset"_s, u"startup unset"_s}));
}

void tst_UrlOpener::tellsWhatXdgOpenSays_data()
{
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("word");
    QTest::newRow("no browser") << 3 << u"No browser was found"_s;
    QTest::newRow("failed") << 4 << u"could not be started"_s;
    QTest::newRow("anything else") << 127 << u"could not be started"_s;
}

void tst_UrlOpener::tellsWhatXdgOpenSays()
{
    QFETCH(int, exitCode);
    QFETCH(QString, word);
    installXdgOpen(exitCode);
    m_opener->open(page, {});
    QTRY_COMPARE(m_failed->count(), 1);
    QCOMPARE(m_failed->at(0).at(0).toUrl(), page);
    const QString why = m_failed->at(0).at(1).toString();
    QVERIFY2(why.contains(word), qPrintable(why));
}

void tst_UrlOpener::saysThatThereIsNoWayAtAll()
{
    m_opener->open(page, {});
    QCOMPARE(m_failed->count(), 0); // a slot may do what it likes with us
    QTRY_COMPARE(m_failed->count(), 1);
    QVERIFY(m_failed->at(0).at(1).toString().contains("xdg-utils"_L1));
}

void tst_UrlOpener::givesTheShellNothingToRead()
{
    installXdgOpen(0);
    m_opener->open(QUrl(u"https://portal.example/$(touch%20x);`id`?'\"&&exit 4"_s), {});
    QTRY_VERIFY(!record().isEmpty());
    QCOMPARE(record().constFirst(),
             u"argument https://portal.example/$(touch%20x);%60id%60?'%22&&exit%204"_s);
    QCOMPARE(record().size(), 3);
}

// As long as there is no other, xdg-open is the browser. It waits here for the end of the opener.
void tst_UrlOpener::leavesTheBrowserRunning()
{
    const QByteArray folder = QFile::encodeName(m_folder->path());
    installXdgOpen(0,
                   "PATH=" + m_path + "\n: >'" + folder
                       + "/running'\n"
                         "while [ ! -e '"
                       + folder + "/ended' ]; do sleep 0.02; done");
    m_opener->open(page, {});
    QTRY_VERIFY(QFile::exists(m_folder->filePath(u"running"_s)));
    m_failed.reset();
    m_opener.reset();
    QFile ended(m_folder->filePath(u"ended"_s));
    QVERIFY(ended.open(QIODevice::WriteOnly));
    QTRY_VERIFY(!record().isEmpty());
}

void tst_UrlOpener::refusesWhatIsNoWebAddress_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::newRow("nothing") << QUrl();
    QTest::newRow("invalid") << QUrl(u"https://a b/"_s);
    QTest::newRow("a file") << QUrl(u"file:///etc/passwd"_s);
    QTest::newRow("a script") << QUrl(u"javascript:alert(1)"_s);
    QTest::newRow("a program of somebody") << QUrl(u"vscode://file/etc/passwd"_s);
    QTest::newRow("a share") << QUrl(u"smb://server/share"_s);
    QTest::newRow("no scheme") << QUrl(u"portal.example/inbox"_s);
    QTest::newRow("only a path") << QUrl(u"//portal.example/inbox"_s);
    QTest::newRow("no server") << QUrl(u"https:///inbox"_s);
    QTest::newRow("an option") << QUrl(u"--version"_s);
    QTest::newRow("a line end in the user name") << QUrl(u"https://me%0A@portal.example/"_s);
    QTest::newRow("a line end in the password") << QUrl(u"https://me:x%0d%0ay@portal.example/"_s);
    QTest::newRow("too long") << QUrl(u"https://portal.example/"_s + QString(9000, u'x'));
}

void tst_UrlOpener::refusesWhatIsNoWebAddress()
{
    QFETCH(QUrl, url);
    installXdgOpen(0);
    QVERIFY(m_portal->start());
    m_opener->open(url, {});
    QTRY_COMPARE(m_failed->count(), 1);
    QCOMPARE(m_failed->at(0).at(0).toUrl(), url);
    QVERIFY(m_failed->at(0).at(1).toString().endsWith(u'.'));
    m_opener->open(page, {});
    QTRY_COMPARE(m_portal->calls.size(), 1);
    QCOMPARE(m_portal->calls.constFirst().url, QString::fromLatin1(page.toEncoded()));
    QVERIFY(record().isEmpty());
}

void tst_UrlOpener::opensWhatTheUserAgreedTo()
{
    const QUrl url(u"mailto:a@b.example?subject=x"_s);
    QVERIFY(m_portal->start());
    m_opener->open(url, u"token-1"_s, UrlOpener::Consent::Given);
    QTRY_COMPARE(m_portal->calls.size(), 1);
    QCOMPARE(m_portal->calls.constFirst().url, QString::fromLatin1(url.toEncoded()));
}

void tst_UrlOpener::saysWhichProgramIsMissing()
{
    const QUrl url(u"mailto:a@b.example?subject=x"_s);
    installXdgOpen(3);
    m_opener->open(url, {}, UrlOpener::Consent::Given);
    QTRY_COMPARE(m_failed->count(), 1);
    QCOMPARE(record().constFirst(), u"argument "_s + QString::fromLatin1(url.toEncoded()));
    QCOMPARE(m_failed->constFirst().at(1).toString(),
             u"No program for “mailto” addresses was found. Install one."_s);
}

void tst_UrlOpener::refusesInSpiteOfConsent_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::newRow("a file") << QUrl(u"file:///etc/passwd"_s);
    QTest::newRow("a script") << QUrl(u"javascript:alert(1)"_s);
    QTest::newRow("a drive") << QUrl(u"c:/windows"_s);
    QTest::newRow("no server") << QUrl(u"https:///inbox"_s);
    QTest::newRow("too long") << QUrl(u"mailto:"_s + QString(9000, u'x'));
}

void tst_UrlOpener::refusesInSpiteOfConsent()
{
    QFETCH(QUrl, url);
    installXdgOpen(0);
    QVERIFY(m_portal->start());
    m_opener->open(url, {}, UrlOpener::Consent::Given);
    QTRY_COMPARE(m_failed->count(), 1);
    QVERIFY(m_portal->calls.isEmpty() && record().isEmpty());
}

void tst_UrlOpener::logsNoSecret()
{
    // Whatever the environment says about it.
    const auto filterBefore = QLoggingCategory::installFilter([](QLoggingCategory *category) {
        category->setEnabled(QtDebugMsg, true);
        category->setEnabled(QtInfoMsg, true);
    });
    logged.clear();
    handlerBefore = qInstallMessageHandler(keepMessage);
    installXdgOpen(4);
    m_portal->refuses = true;
    QVERIFY(m_portal->start());
    m_opener->open(QUrl(u"https://me:secret@portal.example/secret?token=secret#secret"_s),
                   u"secret"_s);
    QTRY_COMPARE(m_failed->count(), 1);
    m_opener->open(QUrl(u"ftp://me:secret@portal.example/secret"_s), {});
    QTRY_COMPARE(m_failed->count(), 2);
    qInstallMessageHandler(handlerBefore);
    QLoggingCategory::installFilter(filterBefore);
    QVERIFY(logged.filter(u"portal.example"_s).size() >= 3);
    QCOMPARE(logged.filter(u"secret"_s), QStringList());
    QVERIFY(!m_failed->at(0).at(1).toString().contains("secret"_L1));
}

QTEST_GUILESS_MAIN(tst_UrlOpener)
#include "tst_urlopener.moc"
