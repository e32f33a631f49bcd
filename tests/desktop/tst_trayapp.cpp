// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/tallybellprocess.h"
#include "bystander.h"
#include "desktop/tray/notifier/traytypes.h"
#include "harness/ssekitprocess.h"
#include "notificationdaemon.h"
#include "notifierwatcher.h"

#include <QDBusConnection>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <csignal>
#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::NotificationDaemon;
using Harness::NotifierWatcher;

namespace {

constexpr auto itemPath = "/StatusNotifierItem"_L1;
constexpr auto itemInterface = "org.kde.StatusNotifierItem"_L1;
constexpr auto menuPath = "/MenuBar"_L1;
constexpr auto menuInterface = "com.canonical.dbusmenu"_L1;
constexpr int patience = 20000; // ms; sanitizers are slow to start

/*! What xdotool says; nothing where it fails. */
std::optional<QString> xdotool(const QStringList &arguments)
{
    QProcess process;
    process.start(u"xdotool"_s, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return {};
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

/*! The visible window with \a title; empty: none. */
QString window(const QString &title)
{
    return xdotool({u"search"_s, u"--onlyvisible"_s, u"--name"_s, title}).value_or(QString());
}

/*! As where there is no window manager that could. */
bool giveFocusTo(const QString &window)
{
    return xdotool({u"windowfocus"_s, window}) && xdotool({u"getwindowfocus"_s}) == window;
}

const BusMenuLayout *lineIn(const QList<BusMenuLayout> &lines, const QString &text)
{
    for (const BusMenuLayout &line : lines) {
        if (line.properties[u"label"_s].toString().startsWith(text))
            return &line;
        if (const BusMenuLayout *const below = lineIn(line.children, text))
            return below;
    }
    return nullptr;
}

} // namespace

/*! The program as a whole, on a panel and a notification service of the test's. */
class tst_TrayApp : public QObject
{
    Q_OBJECT

public:
    /*! Listened to: the number for the launcher. */
    int launcherCount = -1;

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void comesToATrayThatIsLate();
    void showsTheNumberAtOnceAndSendsLittle();
    void doesWhatItsMenuSays();
    void takesClicksOnTheIcon();
    void putsANoticeRight();
    void tellsWhatComesAndActsOnClicks();
    void asksBeforeAnotherProgramOpensAnAddress();
    void staysHiddenWithoutATray();
    void keepsWhatWasSeenAndChosen();

    void hearLauncher(const QString &application, const QVariantMap &properties);

private:
    void start(const QStringList &arguments = {u"--hidden"_s});
    void startPanel();
    /*! Moves the portal's number by \a difference. */
    void add(int difference);
    [[nodiscard]] QString text(const QString &property);
    [[nodiscard]] QString toolTip();
    [[nodiscard]] BusMenuLayout menu();
    [[nodiscard]] bool offers(const QString &text) { return lineIn(menu().children, text); }
    void click(const QString &text);

    Harness::SsekitProcess m_portal;
    QNetworkAccessManager m_network;
    QTemporaryDir m_tools;
    std::optional<NotifierWatcher> m_panel;
    NotificationDaemon m_daemon; // from the beginning, or the bus would start one that it knows
    std::optional<TallybellProcess> m_app;
};

void tst_TrayApp::hearLauncher(const QString &application, const QVariantMap &properties)
{
    QCOMPARE(application, u"application://org.tallybell.Tallybell.desktop"_s);
    launcherCount = properties[u"count-visible"_s].toBool() ? properties[u"count"_s].toInt() : 0;
}

void tst_TrayApp::initTestCase()
{
    registerTrayTypes();
    QVERIFY(m_daemon.start());
    // A portal that knows nothing, or the bus might start one that opens a browser of the user's.
    QVERIFY(QDBusConnection::sessionBus().registerService(u"org.freedesktop.portal.Desktop"_s));
    QVERIFY(m_portal.serve({u"portal"_s, u"--log"_s}));
    // A browser that says what it was to open, and with which token.
    QFile browser(m_tools.filePath(u"xdg-open"_s));
    QVERIFY(browser.open(QIODevice::WriteOnly));
    browser.write("#!/bin/sh\necho \"$1 $XDG_ACTIVATION_TOKEN\" >>\"$(dirname \"$0\")/opened\"\n");
    browser.close();
    QVERIFY(browser.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(QDBusConnection::sessionBus().connect({}, {}, u"com.canonical.Unity.LauncherEntry"_s,
                                                  u"Update"_s, this,
                                                  SLOT(hearLauncher(QString, QVariantMap))));
}

void tst_TrayApp::init()
{
    m_app.emplace();
    m_app->addPortal(u"work"_s, m_portal.url());
    (void)m_app->addSecrets(u"work"_s, "tallybell");
    m_app->setEnvironment(u"PATH"_s, m_tools.path() + u':' + qEnvironmentVariable("PATH"));
    launcherCount = -1;
    m_daemon.calls.clear();
    m_daemon.shown.clear();
}

void tst_TrayApp::cleanup()
{
    if (m_app->isRunning()) {
        m_app->send(SIGTERM);
        QCOMPARE(m_app->waitForExit(), 0);
    }
    m_panel.reset();
    m_app.reset();
}

void tst_TrayApp::start(const QStringList &arguments)
{
    m_app->startConfigured(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(m_app->errors().contains("Connection open"), patience);
}

void tst_TrayApp::startPanel()
{
    m_panel.emplace(u"panel"_s);
    m_panel->setReads(Harness::NotifierWatcher::Reads::Soon);
    QVERIFY(m_panel->start());
    QTRY_COMPARE_WITH_TIMEOUT(m_panel->registrations, 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_panel->readings() > 0 && !m_panel->isReading(), patience);
}

void tst_TrayApp::add(int difference)
{
    const QByteArray path = difference < 0 ? "/read?n=" + QByteArray::number(-difference)
                                           : "/add?n=" + QByteArray::number(difference);
    QNetworkRequest request(m_portal.url(path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    QNetworkReply *const reply = m_network.post(request, QByteArray());
    QSignalSpy finished(reply, &QNetworkReply::finished);
    QVERIFY(finished.wait(patience));
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    reply->deleteLater();
}

QString tst_TrayApp::text(const QString &property)
{
    return m_panel->properties()[property].toString();
}

QString tst_TrayApp::toolTip()
{
    const auto toolTip = qdbus_cast<BusToolTip>(m_panel->properties()[u"ToolTip"_s]);
    return toolTip.title + u'\n' + toolTip.text;
}

BusMenuLayout tst_TrayApp::menu()
{
    const QDBusMessage answer =
        m_panel->call(menuPath, menuInterface, u"GetLayout"_s, {0, -1, QStringList()});
    return answer.type() == QDBusMessage::ReplyMessage
        ? qdbus_cast<BusMenuLayout>(answer.arguments().at(1))
        : BusMenuLayout();
}

void tst_TrayApp::click(const QString &text)
{
    int id = -1;
    const auto canBeClicked = [this, &text, &id] {
        const BusMenuLayout root = menu();
        const BusMenuLayout *const line = lineIn(root.children, text);
        id = line && line->properties.value(u"enabled"_s, true).toBool() ? line->id : -1;
        return id >= 0;
    };
    QTRY_VERIFY(canBeClicked());
    const QDBusMessage answer =
        m_panel->call(menuPath, menuInterface, u"Event"_s,
                      {id, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), 0U});
    QCOMPARE(answer.type(), QDBusMessage::ReplyMessage);
}

void tst_TrayApp::comesToATrayThatIsLate()
{
    start();
    m_panel.emplace(u"panel"_s);
    Harness::Bystander bystander(u"org.kde.StatusNotifierWatcher"_s);
    QVERIFY(m_panel->start());
    QTRY_COMPARE(m_panel->registrations, 1);
    const std::chrono::milliseconds took = bystander.now();
    QTRY_VERIFY(bystander.lateness());
    qInfo("there after %d ms; a bystander's call took %d ms", int(took.count()),
          int(bystander.lateness()->count()));
    QVERIFY(took <= 1s + *bystander.lateness()); // the computer may be busy
    m_panel.reset();
    startPanel(); // another one
    QTRY_VERIFY2(text(u"IconAccessibleDesc"_s).contains(u"waiting – Connected"_s),
                 qPrintable(text(u"IconAccessibleDesc"_s)));
    QVERIFY(!text(u"XAyatanaLabel"_s).isEmpty());
    QCOMPARE(text(u"Status"_s), u"Active"_s);
    // By name: the theme is where the panel finds it.
    const QString icon =
        text(u"IconThemePath"_s) + u"/hicolor/22x22/status/"_s + text(u"IconName"_s) + u".png"_s;
    QVERIFY2(QFile::exists(icon), qPrintable(icon));
}

void tst_TrayApp::showsTheNumberAtOnceAndSendsLittle()
{
    start();
    startPanel();
    QTRY_VERIFY(text(u"IconName"_s).contains(u"-live-"_s));
    const int before = text(u"XAyatanaLabel"_s).toInt();
    QTRY_VERIFY(!m_panel->isReading());
    m_panel->forgetAnnouncements();
    add(1);
    QTRY_COMPARE(text(u"XAyatanaLabel"_s).toInt(), before + 1);
    QTRY_VERIFY(!m_panel->isReading());
    QVERIFY(text(u"IconName"_s).endsWith(u"-live-%1"_s.arg(before + 1)));
    QVERIFY2(m_panel->bytes() <= 4096, qPrintable(QString::number(m_panel->bytes())));
    QTRY_COMPARE(launcherCount, before + 1);
    add(-1);
    QTRY_COMPARE(text(u"XAyatanaLabel"_s).toInt(), before);
}

void tst_TrayApp::doesWhatItsMenuSays()
{
    start();
    startPanel();
    click(u"Mark seen"_s);
    QTRY_VERIFY(offers(u"Undo"_s));
    QTRY_VERIFY(toolTip().contains(u"nothing new"_s));
    add(2);
    QTRY_VERIFY2(toolTip().contains(u"2 new, "_s), qPrintable(toolTip()));
    click(u"Undo"_s);
    QTRY_VERIFY(!toolTip().contains(u"new"_s));

    click(u"1 hour"_s);
    QTRY_VERIFY(toolTip().contains(u"Snoozed until"_s));
    QTRY_VERIFY(offers(u"End snooze"_s));
    click(u"End snooze"_s);
    QTRY_VERIFY(!toolTip().contains(u"Snoozed until"_s));

    QVERIFY(!offers(u"Reconnect"_s));
    const auto closed = m_portal.facts(u"close request"_s).size();
    click(u"Pause"_s);
    QTRY_VERIFY(text(u"IconName"_s).endsWith(u"-paused"_s));
    QTRY_COMPARE(m_portal.facts(u"close request"_s).size(), closed + 1);
    click(u"Connect"_s);
    QTRY_VERIFY(text(u"IconName"_s).contains(u"-live-"_s));

    click(u"Settings"_s);
    QTRY_VERIFY(!window(u"^Tallybell settings$"_s).isEmpty());
    click(u"Show window"_s);
    QTRY_VERIFY(!window(u"^Tallybell$"_s).isEmpty());
    click(u"Open"_s);
    QFile opened(m_tools.filePath(u"opened"_s));
    QTRY_VERIFY(opened.exists() && opened.size() > 0);
    QVERIFY(opened.open(QIODevice::ReadOnly));
    QVERIFY(opened.readAll().startsWith(m_portal.url().toEncoded()));
    QVERIFY(opened.remove());

    click(u"Quit"_s);
    QCOMPARE(m_app->waitForExit(), 0);
    QTRY_COMPARE(m_portal.facts(u"close request"_s).size(), closed + 2);
}

void tst_TrayApp::takesClicksOnTheIcon()
{
    start();
    startPanel();
    const auto call = [this](const QString &method, const QVariantList &arguments) {
        QCOMPARE(m_panel->call(itemPath, itemInterface, method, arguments).type(),
                 QDBusMessage::ReplyMessage);
    };
    call(u"Activate"_s, {300, 10});
    QTRY_VERIFY(!window(u"^Tallybell$"_s).isEmpty());
    call(u"Activate"_s, {300, 10});
    QTRY_VERIFY(window(u"^Tallybell$"_s).isEmpty());
    call(u"Scroll"_s, {1, u"vertical"_s}); // of one source there is nothing to go through
    call(u"ProvideXdgActivationToken"_s, {u"token-1"_s});
    call(u"SecondaryActivate"_s, {300, 10});
    QFile opened(m_tools.filePath(u"opened"_s));
    QTRY_VERIFY(opened.exists() && opened.size() > 0);
    QVERIFY(opened.open(QIODevice::ReadOnly));
    const QByteArray page = opened.readAll();
    QVERIFY2(page.startsWith(m_portal.url().toEncoded()), page.constData());
    QVERIFY2(page.endsWith(" token-1\n"), page.constData());
    QVERIFY(opened.remove());
}

void tst_TrayApp::putsANoticeRight()
{
    start();
    startPanel();
    QTRY_VERIFY(text(u"IconName"_s).contains(u"-live-"_s));
    add(3);
    QTRY_COMPARE(m_daemon.shown.size(), 1);
    const uint id = m_daemon.shown.firstKey();
    add(-1);
    QTRY_COMPARE(m_daemon.calls.size(), 2);
    QVERIFY2(m_daemon.calls.constLast().summary.contains(u"2 new"_s),
             qPrintable(m_daemon.calls.constLast().summary));
    QCOMPARE(m_daemon.calls.constLast().hints.value(u"urgency"_s).toInt(), 0);
    QCOMPARE(m_daemon.shown.keys(), QList<uint>{id});
}

void tst_TrayApp::tellsWhatComesAndActsOnClicks()
{
    start();
    startPanel();
    QTRY_VERIFY(text(u"IconName"_s).contains(u"-live-"_s));
    add(2);
    QTRY_COMPARE(m_daemon.shown.size(), 1);
    QCOMPARE(m_daemon.calls.size(), 1); // what was there at the start is no news
    QVERIFY2(m_daemon.shown.first().summary.contains(u"2 new"_s),
             qPrintable(m_daemon.shown.first().summary));
    m_daemon.invoke(4711, u"default"_s); // somebody else's
    const uint ours = m_daemon.shown.firstKey();
    m_daemon.invoke(ours, u"mark-seen"_s);
    QTRY_VERIFY(offers(u"Undo"_s));
    QVERIFY(!QFile::exists(m_tools.filePath(u"opened"_s)));

    // What is read elsewhere is withdrawn.
    m_daemon.shown.clear();
    add(1);
    QTRY_COMPARE(m_daemon.shown.size(), 1);
    add(-1);
    QTRY_COMPARE(m_daemon.shown.size(), 0);
}

void tst_TrayApp::asksBeforeAnotherProgramOpensAnAddress()
{
    QFile script(m_tools.filePath(u"chat.sse"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write(R"(send "data: {\"count\":1,\"title\":\"Call me\",\"url\":\"tel:4711\"}\n\n"
freeze
)");
    script.close();
    Harness::SsekitProcess chat;
    QVERIFY(chat.serve({script.fileName()}));
    m_app->addSourceFile(u"chat.json"_s,
                         R"({"schema": 1, "stream": {"url": ")" + chat.url().toEncoded()
                             + R"("}, "rules": [{"do": "set", "pointer": "/count",
                                "item": {"title": ["/title"], "url": ["/url"]}}]})");
    start();
    startPanel();
    const QString question = u"^Tallybell: open with another program"_s;
    // The menu names each with its time before it.
    const auto lineOfItem = [this] {
        for (const BusMenuLayout &line : menu().children) {
            const QString label = line.properties[u"label"_s].toString();
            if (label.endsWith(u"Call me"_s))
                return label;
        }
        return QString();
    };
    QTRY_VERIFY(!lineOfItem().isEmpty());
    const QFile opened(m_tools.filePath(u"opened"_s));
    click(lineOfItem());
    QTRY_VERIFY(!window(question).isEmpty());
    QVERIFY(!opened.exists());
    QTRY_VERIFY(giveFocusTo(window(question)));
    QVERIFY(xdotool({u"key"_s, u"Escape"_s}));
    QTRY_VERIFY(window(question).isEmpty());
    QVERIFY(!opened.exists());

    click(lineOfItem());
    QTRY_VERIFY(!window(question).isEmpty());
    QTRY_VERIFY(giveFocusTo(window(question)));
    QVERIFY(xdotool({u"key"_s, u"alt+o"_s}));
    QTRY_VERIFY(opened.exists() && opened.size() > 0);
    QFile record(opened.fileName());
    QVERIFY(record.open(QIODevice::ReadOnly));
    QVERIFY(record.readAll().startsWith("tel:4711 "));
    QVERIFY(record.remove());
}

void tst_TrayApp::staysHiddenWithoutATray()
{
    start();
    QTRY_VERIFY(launcherCount > 0); // the number is there all the same
    QVERIFY(window(u"^Tallybell$"_s).isEmpty());
    QVERIFY(m_app->isRunning());
    TallybellProcess second;
    second.moveInWith(*m_app);
    second.startConfigured({});
    QCOMPARE(second.waitForExit(), 0);
    QTRY_VERIFY(!window(u"^Tallybell$"_s).isEmpty());
}

void tst_TrayApp::keepsWhatWasSeenAndChosen()
{
    QFile settings(m_app->configDirectory() + u"/settings.json"_s);
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write(R"({"badge": {"counts": "new"}})");
    settings.close();
    start();
    startPanel();
    QTRY_VERIFY(!text(u"XAyatanaLabel"_s).isEmpty());
    click(u"Mark seen"_s);
    QTRY_COMPARE(text(u"XAyatanaLabel"_s), QString());
    m_app->send(SIGTERM);
    QCOMPARE(m_app->waitForExit(), 0);
    m_panel.reset();

    start();
    startPanel();
    QTRY_VERIFY(toolTip().contains(u"nothing new"_s));
    QCOMPARE(text(u"XAyatanaLabel"_s), QString());
    add(1);
    QTRY_COMPARE(text(u"XAyatanaLabel"_s), u"1"_s);
}

QTEST_GUILESS_MAIN(tst_TrayApp)
#include "tst_trayapp.moc"
