// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/tallybellprocess.h"
#include "notificationdaemon.h"
#include "privatebus.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::Literals;
using Harness::NotificationDaemon;

namespace {

constexpr int patience = 20000; // ms; sanitizers are slow to start

/*! Takes the name of the notification service, and answers nothing. */
class DeafService : public QDBusVirtualObject
{
public:
    DeafService()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"deaf"_s))
    {}
    ~DeafService() override
    {
        m_bus.unregisterService(u"org.freedesktop.Notifications"_s);
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(u"deaf"_s);
    }
    Q_DISABLE_COPY_MOVE(DeafService)

    [[nodiscard]] bool start()
    {
        return m_bus.registerVirtualObject(u"/org/freedesktop/Notifications"_s, this)
            && m_bus.registerService(u"org.freedesktop.Notifications"_s);
    }
    bool handleMessage(const QDBusMessage &, const QDBusConnection &) override { return true; }
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

private:
    QDBusConnection m_bus;
};

} // namespace

/*! What `tallybell doctor` says of the services on the session bus. */
class tst_Doctor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesWhoShowsNotifications_data();
    void namesWhoShowsNotifications();
    void waitsNotForEverForAnAnswer();
    void startsNobodyToLook();

private:
    /*! The line about \a title. */
    [[nodiscard]] QString lineAbout(const QString &title);

    QTemporaryDir m_folder;
    std::unique_ptr<Harness::PrivateBus> m_bus;
};

void tst_Doctor::initTestCase()
{
    m_bus = std::make_unique<Harness::PrivateBus>();
    QVERIFY(m_bus->offer(u"org.freedesktop.Notifications"_s,
                         u"/usr/bin/touch "_s + m_folder.filePath(u"started"_s)));
    QVERIFY(m_bus->start());
}

QString tst_Doctor::lineAbout(const QString &title)
{
    TallybellProcess app;
    QSignalSpy ended(&app, &TallybellProcess::ended);
    app.start({u"doctor"_s, u"--demo"_s});
    if ((app.isRunning() && !ended.wait(patience)) || app.waitForExit() != 0)
        return {};
    const QStringList lines = QString::fromUtf8(app.output()).split(u'\n');
    for (const QString &line : lines) {
        if (line.section(u' ', 1, -1, QString::SectionSkipEmpty).startsWith(title + u' '))
            return line.simplified();
    }
    return {};
}

void tst_Doctor::namesWhoShowsNotifications_data()
{
    using Inhibited = std::optional<bool>;
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("abilities");
    QTest::addColumn<Inhibited>("isInhibited");
    QTest::addColumn<QString>("line");
    QTest::newRow("with all that there is")
        << u"dunst"_s
        << QStringList{u"actions"_s, u"body"_s, u"body-markup"_s, u"sound"_s, u"persistence"_s}
        << Inhibited(false)
        << u"good notifications Notifications are shown by dunst 1 (the tests). It has: text below "
           "the title, bold and italic text, buttons, sounds, a history. Do-not-disturb is off."_s;
    QTest::newRow("that tells nothing of do-not-disturb")
        << u"Recorder"_s << QStringList{u"body"_s, u"x-of-its-own"_s} << Inhibited()
        << u"good notifications Notifications are shown by Recorder 1 (the tests). It has: text "
           "below the title. It does not tell of do-not-disturb."_s;
    QTest::newRow("not to disturb")
        << u"Plasma"_s << QStringList{u"inhibitions"_s} << Inhibited(true)
        << u"warning notifications Notifications are shown by Plasma 1 (the tests). It has nothing "
           "but titles. Do-not-disturb is on: nothing is shown. → Turn it off in the settings of "
           "the desktop."_s;
    QTest::newRow("with a name that deceives")
        << u"a\n%2\u202e"_s << QStringList() << Inhibited()
        << u"good notifications Notifications are shown by a %2 1 (the tests). It has nothing but "
           "titles. It does not tell of do-not-disturb."_s;
}

void tst_Doctor::namesWhoShowsNotifications()
{
    QFETCH(QString, name);
    QFETCH(QStringList, abilities);
    QFETCH(std::optional<bool>, isInhibited);
    NotificationDaemon daemon;
    daemon.name = name;
    daemon.abilities = abilities;
    if (name == "dunst"_L1)
        daemon.inhibition = {{u"org.dunstproject.cmd0"_s, u"paused"_s}};
    if (isInhibited)
        daemon.setInhibited(*isInhibited);
    QVERIFY(daemon.start());
    QTEST(lineAbout(u"notifications"_s), "line");
    QVERIFY(daemon.calls.isEmpty());
}

void tst_Doctor::waitsNotForEverForAnAnswer()
{
    DeafService deaf;
    QVERIFY(deaf.start());
    QCOMPARE(lineAbout(u"notifications"_s),
             u"warning notifications Whoever shows notifications does not answer. → Start it anew, "
             "or log out and in again."_s);
}

void tst_Doctor::startsNobodyToLook()
{
    QCOMPARE(
        lineAbout(u"notifications"_s),
        u"good notifications Somebody who shows notifications is started when there is one."_s);
    QVERIFY(!QFile::exists(m_folder.filePath(u"started"_s)));
}

QTEST_GUILESS_MAIN(tst_Doctor)
#include "tst_doctor.moc"
