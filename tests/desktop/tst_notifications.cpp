// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/notices/notifications.h"
#include "notificationdaemon.h"
#include "privatebus.h"

#include <QCoreApplication>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::askTheBus;
using Harness::NotificationDaemon;

namespace {

Notice mail(const QString &key = u"work/1"_s)
{
    Notice notice;
    notice.key = key;
    notice.source = u"work"_s;
    notice.sourceTitle = u"Work"_s;
    notice.title = u"Lunch?"_s;
    notice.body = u"At <b>noon</b> & on time"_s;
    notice.url = QUrl(u"https://portal.example/1"_s);
    return notice;
}

Notice update()
{
    Notice notice = mail();
    notice.title = u"Dinner?"_s;
    notice.url = QUrl(u"https://portal.example/2"_s);
    return notice;
}

Notice correction()
{
    Notice notice = mail();
    notice.title = u"Breakfast?"_s;
    notice.urgency = Notice::Urgency::Low;
    return notice;
}

QStringList actionNames(const NotificationDaemon::Call &call)
{
    QStringList names;
    for (qsizetype i = 0; i < call.actions.size(); i += 2)
        names.append(call.actions[i]);
    return names;
}

/*! The one setting of Xfce that counts here. */
class XfceSettings : public QDBusVirtualObject
{
    Q_OBJECT

public:
    XfceSettings()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"xfconf"_s))
    {}
    ~XfceSettings() override
    {
        m_bus.unregisterService(u"org.xfce.Xfconf"_s);
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(u"xfconf"_s);
    }

    [[nodiscard]] bool start()
    {
        return m_bus.registerVirtualObject(path, this)
            && m_bus.registerService(u"org.xfce.Xfconf"_s);
    }
    void set(bool value)
    {
        m_value = value;
        tell(u"PropertyChanged"_s, {QVariant::fromValue(QDBusVariant(value))});
    }
    void reset()
    {
        m_value.reset();
        tell(u"PropertyRemoved"_s, {});
    }

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        const bool isThere = message.member() == "GetProperty"_L1 && m_value
            && message.arguments() == QVariantList{channel, property};
        return bus.send(isThere
                            ? message.createReply(QVariant::fromValue(QDBusVariant(*m_value)))
                            : message.createErrorReply(u"org.xfce.Xfconf.Error.PropertyNotFound"_s,
                                                       u"no such property"_s));
    }
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

private:
    void tell(const QString &member, const QVariantList &more)
    {
        QDBusMessage signal = QDBusMessage::createSignal(path, u"org.xfce.Xfconf"_s, member);
        signal.setArguments(QVariantList{channel, property} + more);
        m_bus.send(signal);
    }

    const QString path = u"/org/xfce/Xfconf"_s;
    const QString channel = u"xfce4-notifyd"_s;
    const QString property = u"/do-not-disturb"_s;
    QDBusConnection m_bus;
    std::optional<bool> m_value;
};

/*! Somebody else on the bus, who says what only the service may say. */
class Impostor
{
public:
    Impostor()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"impostor"_s))
    {}
    ~Impostor()
    {
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(u"impostor"_s);
    }
    Q_DISABLE_COPY_MOVE(Impostor)

    void say(const QString &member, const QVariantList &arguments)
    {
        QDBusMessage signal = QDBusMessage::createSignal(
            u"/org/freedesktop/Notifications"_s, u"org.freedesktop.Notifications"_s, member);
        signal.setArguments(arguments);
        m_bus.send(signal);
        // Answered by the bus, so that what was sent before has been passed on.
        m_bus.call(QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/"_s,
                                                  u"org.freedesktop.DBus"_s, u"GetId"_s));
    }

private:
    QDBusConnection m_bus;
};

} // namespace

/*! Notifications beside a service of the test's own. */
class tst_Notifications : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void sendsWhatTheSpecificationNames();
    void saysWithSoundOrWithout();
    void tellsHowUrgentItIs_data();
    void tellsHowUrgentItIs();
    void leavesOutWhatTheServiceCannot_data();
    void leavesOutWhatTheServiceCannot();
    void offersOnlyToOpenWhatCannotBeSeen();
    void namesTheSourceOnce_data();
    void namesTheSourceOnce();
    void cleansTexts_data();
    void cleansTexts();
    void cutsNoCharacterInHalf();

    void asksOnceForEachService();
    void startsNothingToAskByItself();
    void replacesTheOneWithTheSameKey();
    void popsUpWithNewsInThePlaceOfWhatExpired_data();
    void popsUpWithNewsInThePlaceOfWhatExpired();
    void popsUpOnceWithWhatCameMeanwhile();
    void popsUpWhereNothingIsClosed();
    void popsUpAgainAfterARefusal();
    void forgetsOneThatExpired();
    void correctsWhatIsShown();
    void correctsWithoutPoppingUp();
    void correctsNothingThatIsGone_data();
    void correctsNothingThatIsGone();
    void takesACorrectionBackWhoseNoticeEndsMeanwhile();
    void dropsACorrectionOfWhatWasRefused();
    void correctsWhatWaits();
    void keepsOneWhoseReplacementIsRefused();
    void endsAsOneNotificationWithTheLastValue();
    void withdrawsWhatIsShown();
    void withdrawsWhatIsOnItsWay();
    void withdrawsNewsOnItsWayToPlasma();
    void showsAgainWhatWasWithdrawnOnItsWay();
    void withdrawsAll();
    void takesTheOldestAwayFromAHundredAndOne();

    void passesOnWhatTheUserDid_data();
    void passesOnWhatTheUserDid();
    void passesOnOnlyTheTokenOfTheSameNotification();
    void closesWhatWasActedOn();
    void passesOnAClickOnWhatIsBeingReplaced();
    void passesOnAClickOnWhatIsBeingClosedForNews();
    void closesTheCorrectionOfWhatWasActedOn();
    void ignoresIdsOfOthers();
    void ignoresOthersThanTheService();
    void tellsWhatTheUserDismissed_data();
    void tellsWhatTheUserDismissed();
    void mayBeDeletedInASlot_data();
    void mayBeDeletedInASlot();
    void mayBeDeletedWhenInhibited();

    void forgetsIdsWhenTheServiceRestarts();
    void sendsWhatWaitedToTheNextService();
    void showsWhatWaitedForTheService();
    void showsNothingOldToAServiceThatComesLate();
    void knowsWhetherAServiceIsThere();
    void followsDoNotDisturb_data();
    void followsDoNotDisturb();
    void waitsUntilThereMayBeDisturbance();
    void staysInhibitedWhileTheServiceStartsAnew();
    void waitsNotForEverForWhetherToDisturb();
    void followsTheSettingOfXfce();
    void isNotInhibitedByAServiceThatIsGone();
    void knowsWhoShowsThem();

private:
    [[nodiscard]] const NotificationDaemon::Call &lastCall() const
    {
        return m_daemon->calls.constLast();
    }
    /*! mail() was shown by a service like Plasma's, and is in its history only. */
    void showOneThatExpires();
    /*! What the daemon answered, and what signals it sent, has arrived. */
    void settle();

    Harness::PrivateBus m_bus;
    std::optional<NotificationDaemon> m_daemon;
    std::unique_ptr<Notifications> m_notifications;
};

void tst_Notifications::initTestCase()
{
    QVERIFY(m_bus.start());
    qRegisterMetaType<Notifications::Action>();
    qRegisterMetaType<Notice>();
}

void tst_Notifications::init()
{
    m_daemon.emplace();
    QVERIFY(m_daemon->start());
    m_notifications = std::make_unique<Notifications>();
}

void tst_Notifications::cleanup()
{
    m_notifications.reset();
    m_daemon.reset();
}

// A notification of another key is shown and answered: what came before has then been dealt with.
void tst_Notifications::settle()
{
    const auto count = m_daemon->calls.size();
    m_notifications->show(mail(u"marker"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), count + 1);
    const uint id = lastCall().id;
    QVERIFY(id != 0);
    m_notifications->withdraw(u"marker"_s);
    QTRY_VERIFY(m_daemon->closed.contains(id));
    m_daemon->calls.removeLast();
    m_daemon->closed.removeOne(id);
}

void tst_Notifications::showOneThatExpires()
{
    m_daemon->actAsPlasma();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    m_daemon->expire(lastCall().id);
    m_daemon->popups.clear();
    m_daemon->mostShown = 0;
}

void tst_Notifications::sendsWhatTheSpecificationNames()
{
    m_notifications->show(mail(), true);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const NotificationDaemon::Call &call = lastCall();
    QCOMPARE(call.signature, u"susssasa{sv}i"_s);
    QCOMPARE(call.application, u"Tallybell"_s);
    QCOMPARE(call.replaced, 0U);
    QCOMPARE(call.icon, QStringLiteral(TALLYBELL_ID));
    QCOMPARE(call.summary, u"Lunch? – Work"_s);
    QCOMPARE(call.body, u"At &lt;b&gt;noon&lt;/b&gt; &amp; on time"_s);
    QCOMPARE(call.timeout, -1);
    QCOMPARE(call.hints.value(u"desktop-entry"_s), QVariant(QStringLiteral(TALLYBELL_ID)));
    QCOMPARE(call.hints.value(u"category"_s), QVariant(u"im.received"_s));
    QCOMPARE(call.hints.value(u"resident"_s), QVariant(true));
    QVERIFY(!call.hints.contains(u"transient"_s));
    QCOMPARE(call.actions.size(), 6);
    QCOMPARE(actionNames(call), QStringList({u"default"_s, u"mark-seen"_s, u"snooze"_s}));
    for (qsizetype i = 1; i < call.actions.size(); i += 2)
        QVERIFY(!call.actions[i].isEmpty());
}

void tst_Notifications::saysWithSoundOrWithout()
{
    m_notifications->show(mail(), true);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    QCOMPARE(lastCall().hints.value(u"sound-name"_s), QVariant(u"message-new-instant"_s));
    QVERIFY(!lastCall().hints.contains(u"suppress-sound"_s));
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().hints.value(u"suppress-sound"_s), QVariant(true));
    QVERIFY(!lastCall().hints.contains(u"sound-name"_s));
}

void tst_Notifications::tellsHowUrgentItIs_data()
{
    QTest::addColumn<Notice::Urgency>("urgency");
    QTest::addColumn<bool>("hasActions");
    QTest::addColumn<int>("value");
    QTest::addColumn<int>("timeout");
    QTest::newRow("low") << Notice::Urgency::Low << true << 0 << -1;
    QTest::newRow("normal") << Notice::Urgency::Normal << true << 1 << -1;
    QTest::newRow("critical stays") << Notice::Urgency::Critical << true << 2 << 0;
    QTest::newRow("critical, Notify OSD") << Notice::Urgency::Critical << false << 2 << -1;
}

void tst_Notifications::tellsHowUrgentItIs()
{
    QFETCH(Notice::Urgency, urgency);
    QFETCH(bool, hasActions);
    QFETCH(int, value);
    QFETCH(int, timeout);
    if (!hasActions)
        m_daemon->abilities.removeOne(u"actions"_s);
    Notice notice = mail();
    notice.urgency = urgency;
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const QVariant sent = lastCall().hints.value(u"urgency"_s);
    QCOMPARE(sent.userType(), int(QMetaType::UChar)); // a byte: some services read nothing else
    QCOMPARE(sent.toInt(), value);
    QCOMPARE(lastCall().timeout, timeout);
    // However urgent: what is still to be read stays in the history, and what it offers with it.
    QVERIFY(!lastCall().hints.contains(u"transient"_s));
    QCOMPARE(lastCall().hints.value(u"resident"_s).toBool(), hasActions);
}

void tst_Notifications::leavesOutWhatTheServiceCannot_data()
{
    QTest::addColumn<QStringList>("abilities");
    QTest::addColumn<QString>("summary");
    QTest::addColumn<QString>("body");
    QTest::addColumn<qsizetype>("actions");
    QTest::addColumn<QString>("origin");
    const QString plain = u"At <b>noon</b> & on time"_s;
    QTest::newRow("nothing at all")
        << QStringList() << u"Lunch? – Work: "_s + plain << QString() << qsizetype(0) << QString();
    QTest::newRow("no actions: Notify OSD")
        << QStringList{u"body"_s, u"body-markup"_s} << u"Lunch? – Work"_s
        << u"At &lt;b&gt;noon&lt;/b&gt; &amp; on time"_s << qsizetype(0) << QString();
    QTest::newRow("no markup") << QStringList{u"body"_s, u"actions"_s} << u"Lunch? – Work"_s
                               << plain << qsizetype(6) << QString();
    QTest::newRow("a place for the source: Plasma")
        << QStringList{u"body"_s, u"actions"_s, u"x-kde-origin-name"_s} << u"Lunch?"_s << plain
        << qsizetype(6) << u"Work"_s;
}

void tst_Notifications::leavesOutWhatTheServiceCannot()
{
    QFETCH(QStringList, abilities);
    QFETCH(QString, origin);
    m_daemon->abilities = abilities;
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    QTEST(lastCall().summary, "summary");
    QTEST(lastCall().body, "body");
    QTEST(lastCall().actions.size(), "actions");
    QCOMPARE(lastCall().hints.value(u"x-kde-origin-name"_s).toString(), origin);
    QVERIFY(!lastCall().hints.contains(u"resident"_s));
}

void tst_Notifications::offersOnlyToOpenWhatCannotBeSeen()
{
    Notice notice = mail();
    notice.canBeSeen = false;
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    QCOMPARE(actionNames(lastCall()), QStringList(u"default"_s));
    QCOMPARE(lastCall().hints.value(u"category"_s), QVariant(u"network.error"_s));
}

void tst_Notifications::namesTheSourceOnce_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("summary");
    QTest::newRow("both") << u"Lunch?"_s << u"Work"_s << u"Lunch? – Work"_s;
    QTest::newRow("named in the title") << u"3 new in work"_s << u"Work"_s << u"3 new in work"_s;
    QTest::newRow("of several sources") << u"3 new"_s << QString() << u"3 new"_s;
    QTest::newRow("no title") << QString() << u"Work"_s << u"Work"_s;
    QTest::newRow("nothing") << QString() << QString() << u"Tallybell"_s;
    QTest::newRow("a place holder in the title") << u"%2 %1"_s << u"Work"_s << u"%2 %1 – Work"_s;
}

void tst_Notifications::namesTheSourceOnce()
{
    QFETCH(QString, title);
    QFETCH(QString, source);
    Notice notice = mail();
    notice.title = title;
    notice.sourceTitle = source;
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    QTEST(lastCall().summary, "summary");
}

void tst_Notifications::cleansTexts_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("summary");
    QTest::addColumn<QString>("shown");
    QTest::newRow("control characters")
        << u"a\x01\u0007\tb\x7f\u0085"_s << u"c\x1b[31md"_s << u"a b"_s << u"c [31md"_s;
    QTest::newRow("NUL") << u"a\0b"_s << u"c\0d"_s << u"a b"_s << u"c d"_s;
    QTest::newRow("line ends") << u"one\r\ntwo\u2028three"_s << u"one\r\n\n\n  two \u2029three"_s
                               << u"one two three"_s << u"one\ntwo\nthree"_s;
    QTest::newRow("too many lines")
        << u"t"_s << u"1\n2\n3\n4\n5\n6\n7\n8"_s << u"t"_s << u"1\n2\n3\n4\n5\n6"_s;
    QTest::newRow("directions") << u"\u202egnp.exe\u2066"_s << u"\u202ax\u202c"_s << u"gnp.exe"_s
                                << u"x"_s;
    QTest::newRow("half a character")
        << u"a"_s + QChar(0xd83d) << QChar(0xdc4b) + u"b"_s << u"a\ufffd"_s << u"\ufffdb"_s;
    QTest::newRow("beyond the first plane")
        << u"👋🏽 hi"_s << u"👩‍👧"_s << u"👋🏽 hi"_s << u"👩‍👧"_s;
    QTest::newRow("too long") << QString(200'000, u'x') << QString(200'000, u'y')
                              << QString(119, u'x') + u'…' << QString(399, u'y') + u'…';
    QTest::newRow("nothing but what is left out")
        << u"\u202e\n\t"_s << u"\x01\n\x02"_s << u"Tallybell"_s << QString();
}

void tst_Notifications::cleansTexts()
{
    QFETCH(QString, title);
    QFETCH(QString, body);
    Notice notice = mail();
    notice.sourceTitle.clear();
    notice.title = title;
    notice.body = body;
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    QTEST(lastCall().summary, "summary");
    QTEST(lastCall().body, "shown");
}

// At every offset, for the limit is at a fixed place: the last character is whole or not there.
void tst_Notifications::cutsNoCharacterInHalf()
{
    const QString family = u"👩‍👩‍👧"_s;
    for (int offset = 0; offset < family.size(); ++offset) {
        Notice notice = mail(u"work/%1"_s.arg(offset));
        notice.sourceTitle.clear();
        notice.title = QString(offset, u'x') + family.repeated(40);
        m_notifications->show(notice, false);
        QTRY_COMPARE(m_daemon->calls.size(), offset + 1);
        QString summary = lastCall().summary;
        QVERIFY(summary.size() <= 120);
        QVERIFY(summary.endsWith(u'…'));
        summary.chop(1);
        summary.remove(0, offset);
        QCOMPARE(summary, family.repeated(summary.size() / family.size()));
    }
}

void tst_Notifications::asksOnceForEachService()
{
    for (int i = 0; i < 5; ++i)
        m_notifications->show(mail(u"work/%1"_s.arg(i)), false);
    QTRY_COMPARE(m_daemon->calls.size(), 5);
    QCOMPARE(m_daemon->abilityQuestions, 1);
    QCOMPARE(m_daemon->nameQuestions, 1);
    m_daemon->stop();
    m_daemon->abilities.removeOne(u"actions"_s);
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(m_daemon->abilityQuestions, 2);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 6);
    QVERIFY(lastCall().actions.isEmpty());
    QCOMPARE(m_daemon->abilityQuestions, 2);
    QCOMPARE(m_daemon->nameQuestions, 2);
}

// Nobody's Inhibited is asked for where it is not said to be there.
void tst_Notifications::startsNothingToAskByItself()
{
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    QCOMPARE(m_daemon->other, QStringList());
    QVERIFY(!m_notifications->isInhibited());
}

void tst_Notifications::replacesTheOneWithTheSameKey()
{
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    const uint id = lastCall().id;
    settle();
    Notice notice = mail();
    notice.title = u"Dinner?"_s;
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().replaced, id);
    QCOMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(m_daemon->shown.value(id).summary, u"Dinner? – Work"_s);
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    QCOMPARE(lastCall().replaced, 0U);
}

void tst_Notifications::popsUpWithNewsInThePlaceOfWhatExpired_data()
{
    QTest::addColumn<bool>("isPlasma");
    QTest::newRow("Plasma, which shows nothing in its place") << true;
    QTest::newRow("others, which do") << false;
}

void tst_Notifications::popsUpWithNewsInThePlaceOfWhatExpired()
{
    QFETCH(bool, isPlasma);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    if (isPlasma)
        m_daemon->actAsPlasma();
    QStringList popups;
    for (int i = 1; i < 5; ++i) {
        Notice notice = mail();
        notice.title = u"%1 new"_s.arg(i);
        popups.append(notice.title + u" – Work"_s);
        m_notifications->show(notice, false);
        QTRY_COMPARE(m_daemon->calls.size(), i);
        QTRY_COMPARE(m_daemon->popups, popups);
        settle();
        m_daemon->popups = popups;
        m_daemon->expire(lastCall().id);
    }
    QCOMPARE(m_daemon->shown.size(), 1); // rather than stacked
    QCOMPARE(m_daemon->closed.size(), isPlasma ? 3 : 0);
    QCOMPARE(dismissed.count(), 0);
    m_daemon->invoke(lastCall().id, u"default"_s);
    settle();
    QCOMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][0].value<Notice>().title, u"4 new"_s);
    QVERIFY(m_daemon->shown.isEmpty());
}

void tst_Notifications::popsUpOnceWithWhatCameMeanwhile()
{
    showOneThatExpires();
    m_daemon->hold();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_notifications->show(mail(), false);
    m_notifications->show(update(), false);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->calls.size(), 3);
    QTRY_COMPARE(m_daemon->popups, QStringList({u"Lunch? – Work"_s, u"Dinner? – Work"_s}));
    QCOMPARE(m_daemon->mostShown, 1); // the old one goes first
    QCOMPARE(m_daemon->closed, QList<uint>({m_daemon->calls[0].id, m_daemon->calls[1].id}));
}

void tst_Notifications::popsUpWhereNothingIsClosed()
{
    showOneThatExpires();
    m_daemon->setClosing(false);
    m_notifications->show(update(), false);
    QTRY_COMPARE(m_daemon->popups, QStringList(u"Dinner? – Work"_s));
    const uint id = lastCall().id;
    settle();
    m_daemon->close(m_daemon->calls.constFirst().id, 3); // at last
    m_notifications->correct(correction());
    QTRY_COMPARE(m_daemon->calls.size(), 3);
    QCOMPARE(lastCall().replaced, id);
}

void tst_Notifications::popsUpAgainAfterARefusal()
{
    showOneThatExpires();
    m_daemon->setRefusing(true);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->setRefusing(false);
    settle();
    m_daemon->popups.clear();
    m_notifications->correct(correction()); // of nothing
    m_notifications->show(update(), false);
    QTRY_COMPARE(m_daemon->popups, QStringList(u"Dinner? – Work"_s));
    QCOMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(m_daemon->closed.size(), 1);
}

void tst_Notifications::forgetsOneThatExpired()
{
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    m_daemon->close(lastCall().id, 1);
    settle();
    m_notifications->withdraw(mail().key); // there is nothing to close
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().replaced, 0U);
    QCOMPARE(m_daemon->closed, QList<uint>());
    QCOMPARE(dismissed.count(), 0);
}

void tst_Notifications::correctsWhatIsShown()
{
    m_notifications->show(mail(), true);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_notifications->correct(correction());
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().replaced, id);
    QCOMPARE(lastCall().hints.value(u"urgency"_s).toInt(), 0);
    QCOMPARE(lastCall().hints.value(u"suppress-sound"_s), QVariant(true));
    settle();
    QCOMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(m_daemon->shown.first().summary, u"Breakfast? – Work"_s);
}

// It is no news; what it corrects stays where it is.
void tst_Notifications::correctsWithoutPoppingUp()
{
    showOneThatExpires();
    const uint id = lastCall().id;
    m_notifications->correct(correction());
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().replaced, id);
    QCOMPARE(m_daemon->shown.value(id).summary, u"Breakfast? – Work"_s);
    QCOMPARE(m_daemon->popups, QStringList());
    QCOMPARE(m_daemon->closed, QList<uint>());
}

void tst_Notifications::correctsNothingThatIsGone_data()
{
    QTest::addColumn<uint>("reason");
    QTest::newRow("expired") << 1U;
    QTest::newRow("dismissed") << 2U;
    QTest::newRow("closed by a call") << 3U;
}

void tst_Notifications::correctsNothingThatIsGone()
{
    QFETCH(uint, reason);
    m_notifications->correct(mail(u"never shown"_s));
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    m_daemon->close(lastCall().id, reason);
    settle();
    m_notifications->correct(correction());
    settle();
    QCOMPARE(m_daemon->calls.size(), 1);
    QVERIFY(m_daemon->shown.isEmpty());
    m_notifications->show(mail(), false); // news is shown, as ever
    QTRY_COMPARE(m_daemon->calls.size(), 2);
}

// It would hang there as a new one.
void tst_Notifications::takesACorrectionBackWhoseNoticeEndsMeanwhile()
{
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->hold();
    m_notifications->correct(correction());
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->close(id, 2);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->closed.size(), 1);
    settle();
    QVERIFY(m_daemon->shown.isEmpty());
    QCOMPARE(dismissed.count(), 1);
}

void tst_Notifications::dropsACorrectionOfWhatWasRefused()
{
    m_daemon->setRefusing(true);
    m_daemon->hold();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    m_notifications->correct(correction());
    m_daemon->release();
    m_daemon->setRefusing(false);
    settle();
    QCOMPARE(m_daemon->calls.size(), 1);
    QVERIFY(m_daemon->shown.isEmpty());
}

// Nobody has seen it yet: it comes right, with its sound, and as urgent as it was.
void tst_Notifications::correctsWhatWaits()
{
    m_daemon->stop();
    QTRY_VERIFY(!m_notifications->isAvailable());
    m_notifications->show(mail(), true);
    m_notifications->correct(correction());
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    settle();
    QCOMPARE(m_daemon->calls.size(), 1);
    QCOMPARE(lastCall().summary, u"Breakfast? – Work"_s);
    QCOMPARE(lastCall().hints.value(u"urgency"_s).toInt(), 1);
    QVERIFY(lastCall().hints.contains(u"sound-name"_s));
}

void tst_Notifications::keepsOneWhoseReplacementIsRefused()
{
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->setRefusing(true);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->setRefusing(false);
    settle();
    m_notifications->withdraw(mail().key);
    QTRY_COMPARE(m_daemon->closed, QList<uint>{id});
    QVERIFY(m_daemon->shown.isEmpty());
}

void tst_Notifications::endsAsOneNotificationWithTheLastValue()
{
    m_daemon->hold();
    Notice notice = mail();
    m_notifications->show(notice, false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    for (int i = 2; i < 10; ++i) {
        notice.title = u"%1 new"_s.arg(i);
        m_notifications->show(notice, false);
    }
    m_notifications->show(mail(u"work/2"_s), false); // has a way of its own
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->calls.size(), 3);
    settle();
    QCOMPARE(m_daemon->calls.size(), 3);
    QCOMPARE(m_daemon->shown.size(), 2);
    QCOMPARE(lastCall().replaced, m_daemon->calls.constFirst().id);
    QCOMPARE(lastCall().summary, u"9 new – Work"_s);
}

void tst_Notifications::withdrawsWhatIsShown()
{
    m_notifications->show(mail(), false);
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    settle();
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->withdraw(u"nobody/1"_s);
    m_notifications->withdraw(mail().key);
    m_notifications->withdraw(mail().key);
    settle();
    QCOMPARE(m_daemon->closed.size(), 1);
    QCOMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(dismissed.count(), 0); // we took it away, not the user
}

void tst_Notifications::withdrawsWhatIsOnItsWay()
{
    m_daemon->hold();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    m_notifications->show(mail(), false);
    m_notifications->withdraw(mail().key);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->closed.size(), 1);
    settle();
    QVERIFY(m_daemon->shown.isEmpty());
    QCOMPARE(m_daemon->calls.size(), 1);
}

void tst_Notifications::withdrawsNewsOnItsWayToPlasma()
{
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    showOneThatExpires();
    m_daemon->hold();
    m_notifications->show(update(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_notifications->withdraw(mail().key);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->closed, QList<uint>({m_daemon->calls[0].id, m_daemon->calls[1].id}));
    settle();
    QVERIFY(m_daemon->shown.isEmpty());
    QCOMPARE(dismissed.count(), 0);
}

void tst_Notifications::showsAgainWhatWasWithdrawnOnItsWay()
{
    m_daemon->hold();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    m_notifications->withdraw(mail().key);
    Notice notice = mail();
    notice.title = u"Dinner?"_s;
    m_notifications->show(notice, false);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    settle();
    QCOMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(m_daemon->shown.first().summary, u"Dinner? – Work"_s);
}

void tst_Notifications::withdrawsAll()
{
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    settle();
    m_daemon->hold();
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_notifications->withdrawAll();
    m_daemon->release();
    QTRY_COMPARE(m_daemon->closed.size(), 2);
    QVERIFY(m_daemon->shown.isEmpty());
}

void tst_Notifications::takesTheOldestAwayFromAHundredAndOne()
{
    const auto show = [this](int number) {
        Notice notice = mail(u"work/%1"_s.arg(number));
        notice.title = u"Message %1"_s.arg(number);
        m_notifications->show(notice, false);
    };
    for (int i = 0; i < 100; ++i)
        show(i);
    show(0); // now 1 is the oldest
    QTRY_COMPARE(m_daemon->shown.size(), 100);
    const auto call = std::find_if(
        m_daemon->calls.cbegin(), m_daemon->calls.cend(),
        [](const NotificationDaemon::Call &one) { return one.summary == u"Message 1 – Work"_s; });
    QVERIFY(call != m_daemon->calls.cend());
    const uint oldest = call->id;
    QCOMPARE(m_daemon->closed, QList<uint>());
    show(100);
    QTRY_COMPARE(m_daemon->closed, QList<uint>{oldest});
    QTRY_COMPARE(m_daemon->shown.size(), 100);
}

void tst_Notifications::passesOnWhatTheUserDid_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("token");
    QTest::addColumn<std::optional<Notifications::Action>>("passedOn");
    using Action = Notifications::Action;
    QTest::newRow("open") << u"default"_s << QString() << std::optional(Action::Open);
    QTest::newRow("open, with a token")
        << u"default"_s << u"kwin-7"_s << std::optional(Action::Open);
    QTest::newRow("seen") << u"mark-seen"_s << QString() << std::optional(Action::MarkSeen);
    QTest::newRow("snooze") << u"snooze"_s << u"t"_s << std::optional(Action::Snooze);
    QTest::newRow("never offered")
        << u"delete"_s << u"t"_s << std::optional<Notifications::Action>();
    QTest::newRow("too long a token")
        << u"snooze"_s << QString(100'000, u't') << std::optional(Action::Snooze);
}

void tst_Notifications::passesOnWhatTheUserDid()
{
    QFETCH(QString, action);
    QFETCH(QString, token);
    QFETCH(std::optional<Notifications::Action>, passedOn);
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    settle();
    m_daemon->invoke(lastCall().id, action, token);
    settle();
    QCOMPARE(invoked.count(), passedOn ? 1 : 0);
    if (!passedOn)
        return;
    QCOMPARE(invoked[0][0].value<Notice>(), mail(u"work/2"_s));
    QCOMPARE(invoked[0][1].value<Notifications::Action>(), *passedOn);
    QCOMPARE(invoked[0][2].toString(), token.size() > 1000 ? QString() : token);
}

void tst_Notifications::passesOnOnlyTheTokenOfTheSameNotification()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint first = lastCall().id;
    m_notifications->show(mail(u"work/2"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    const uint second = lastCall().id;
    settle();
    m_daemon->invoke(first, u"never offered"_s, u"of the first"_s);
    m_daemon->invoke(second, u"default"_s);
    settle();
    QCOMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][0].value<Notice>(), mail(u"work/2"_s));
    QCOMPARE(invoked[0][2].toString(), QString());
}

void tst_Notifications::closesWhatWasActedOn()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->invoke(id, u"default"_s);
    m_daemon->close(id, 2); // as most services do after an action
    m_daemon->invoke(id, u"default"_s); // once is enough
    settle();
    QCOMPARE(m_daemon->closed, QList<uint>{id});
    QCOMPARE(invoked.count(), 1);
    QCOMPARE(dismissed.count(), 1); // and by whoever knows it by its key to be forgotten, once
}

// What the user saw, and not what comes in its place.
void tst_Notifications::passesOnAClickOnWhatIsBeingReplaced()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->hold();
    m_notifications->show(update(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->invoke(id, u"default"_s, u"token"_s);
    m_daemon->close(id, 2); // as most services do after an action
    QTRY_COMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][0].value<Notice>(), mail());
    QCOMPARE(invoked[0][2].toString(), u"token"_s);
    m_daemon->release();
    settle();
    QCOMPARE(dismissed.count(), 0); // the update is there
    QCOMPARE(m_daemon->shown.size(), 1);
    m_daemon->invoke(m_daemon->shown.firstKey(), u"default"_s);
    settle();
    QCOMPARE(invoked.count(), 2);
    QCOMPARE(invoked[1][0].value<Notice>(), update());
    QCOMPARE(dismissed.count(), 1);
    QVERIFY(m_daemon->shown.isEmpty());
}

// It crosses the call that closes it on the bus.
void tst_Notifications::passesOnAClickOnWhatIsBeingClosedForNews()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    showOneThatExpires();
    m_notifications->show(update(), false);
    m_daemon->invoke(lastCall().id, u"default"_s, u"token"_s); // before it has read anything
    QTRY_COMPARE(m_daemon->popups, QStringList(u"Dinner? – Work"_s));
    settle();
    QCOMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][0].value<Notice>(), mail());
    QCOMPARE(invoked[0][2].toString(), u"token"_s);
    QCOMPARE(dismissed.count(), 0);
    QCOMPARE(m_daemon->shown.size(), 1);
    m_daemon->invoke(m_daemon->shown.firstKey(), u"default"_s);
    settle();
    QCOMPARE(invoked.count(), 2);
    QCOMPARE(invoked[1][0].value<Notice>(), update());
    QCOMPARE(invoked[1][2].toString(), QString());
    QCOMPARE(dismissed.count(), 1);
}

void tst_Notifications::closesTheCorrectionOfWhatWasActedOn()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->hold();
    m_notifications->correct(correction());
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    m_daemon->invoke(id, u"mark-seen"_s);
    m_daemon->release();
    QTRY_COMPARE(m_daemon->closed, QList<uint>{id});
    settle();
    QCOMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][0].value<Notice>(), mail());
    QCOMPARE(dismissed.count(), 1);
    QVERIFY(m_daemon->shown.isEmpty());
}

void tst_Notifications::ignoresIdsOfOthers()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    for (const uint id : {0U, 1U, 999U, 4'294'967'295U}) {
        m_daemon->invoke(id, u"default"_s, u"token"_s);
        m_daemon->close(id, 2);
    }
    settle();
    QCOMPARE(invoked.count(), 0);
    QCOMPARE(dismissed.count(), 0);
    QCOMPARE(m_daemon->closed, QList<uint>());
}

void tst_Notifications::ignoresOthersThanTheService()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    Impostor impostor;
    impostor.say(u"ActivationToken"_s, {id, u"stolen"_s});
    impostor.say(u"ActionInvoked"_s, {id, u"default"_s});
    impostor.say(u"NotificationClosed"_s, {id, 2U});
    settle();
    QCOMPARE(invoked.count(), 0);
    QCOMPARE(dismissed.count(), 0);
    m_daemon->invoke(id, u"default"_s);
    QTRY_COMPARE(invoked.count(), 1);
    QCOMPARE(invoked[0][2].toString(), QString());
}

void tst_Notifications::tellsWhatTheUserDismissed_data()
{
    QTest::addColumn<uint>("reason");
    QTest::addColumn<qsizetype>("told");
    QTest::newRow("expired") << 1U << qsizetype(0);
    QTest::newRow("dismissed") << 2U << qsizetype(1);
    QTest::newRow("closed by a call") << 3U << qsizetype(0);
    QTest::newRow("undefined") << 4U << qsizetype(0);
}

void tst_Notifications::tellsWhatTheUserDismissed()
{
    QFETCH(uint, reason);
    QFETCH(qsizetype, told);
    QSignalSpy dismissed(m_notifications.get(), &Notifications::dismissed);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    m_daemon->close(lastCall().id, reason);
    settle();
    QCOMPARE(dismissed.count(), told);
    if (told > 0)
        QCOMPARE(dismissed[0][0].toString(), mail().key);
}

void tst_Notifications::mayBeDeletedInASlot_data()
{
    QTest::addColumn<bool>("atFirst");
    QTest::newRow("that it is gone") << true;
    QTest::newRow("that it was acted on") << false;
}

void tst_Notifications::mayBeDeletedInASlot()
{
    QFETCH(bool, atFirst);
    if (atFirst)
        connect(m_notifications.get(), &Notifications::dismissed, this,
                [this] { m_notifications.reset(); });
    else
        connect(m_notifications.get(), &Notifications::invoked, this,
                [this] { m_notifications.reset(); });
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle();
    m_daemon->invoke(lastCall().id, u"default"_s, u"token"_s);
    QTRY_VERIFY(!m_notifications);
}

void tst_Notifications::mayBeDeletedWhenInhibited()
{
    connect(m_notifications.get(), &Notifications::inhibitedChanged, this,
            [this] { m_notifications.reset(); });
    m_daemon->stop();
    m_notifications->show(mail(), false); // and would be sent afterwards
    m_daemon->abilities.append(u"inhibitions"_s);
    m_daemon->setInhibited(true);
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(!m_notifications);
}

void tst_Notifications::forgetsIdsWhenTheServiceRestarts()
{
    QSignalSpy invoked(m_notifications.get(), &Notifications::invoked);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->stop();
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(m_daemon->abilityQuestions, 2);
    settle();
    m_daemon->invoke(id, u"default"_s); // of another notification now
    settle();
    QCOMPARE(invoked.count(), 0);
    m_notifications->withdraw(mail().key);
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    QCOMPARE(lastCall().replaced, 0U);
    QCOMPARE(m_daemon->closed, QList<uint>());
}

void tst_Notifications::sendsWhatWaitedToTheNextService()
{
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    settle(); // it has an id, which the next service does not know
    m_daemon->hold();
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->calls.size(), 2);
    Notice notice = mail();
    notice.title = u"Dinner?"_s;
    m_notifications->show(notice, false);
    m_daemon->stop();
    QTRY_VERIFY(!m_notifications->isAvailable());
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(lastCall().summary, u"Dinner? – Work"_s);
    QCOMPARE(lastCall().replaced, 0U);
}

void tst_Notifications::showsWhatWaitedForTheService()
{
    m_notifications.reset();
    m_daemon->stop();
    m_notifications = std::make_unique<Notifications>(1h);
    m_notifications->show(mail(), false);
    m_notifications->show(mail(u"work/2"_s), false);
    m_notifications->withdraw(u"work/2"_s);
    for (int i = 3; i < 10; ++i) {
        Notice notice = mail(u"work/%1"_s.arg(i));
        notice.title = QString::number(i);
        m_notifications->show(notice, false);
    }
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(m_daemon->shown.size(), 8);
    settle();
    QStringList summaries;
    for (const NotificationDaemon::Call &call : std::as_const(m_daemon->calls))
        summaries.append(call.summary.left(call.summary.indexOf(u' ')));
    QCOMPARE(summaries.join(u' '), u"Lunch? 3 4 5 6 7 8 9"_s); // as they came
}

void tst_Notifications::showsNothingOldToAServiceThatComesLate()
{
    m_notifications.reset();
    m_daemon->stop();
    m_notifications = std::make_unique<Notifications>(0ms);
    m_notifications->show(mail(), false);
    // The answer of the bus comes after the one that nobody is there. A timer as short as the patience
    // that began then ends after it; an answer might overtake both.
    QVERIFY(askTheBus());
    QTimer later;
    QSignalSpy isOver(&later, &QTimer::timeout);
    later.start(0ms);
    QVERIFY(isOver.wait());
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isAvailable());
    settle();
    QCOMPARE(m_daemon->calls.size(), 0);
}

void tst_Notifications::knowsWhetherAServiceIsThere()
{
    QTRY_VERIFY(m_notifications->isAvailable());
    m_daemon->stop();
    QTRY_VERIFY(!m_notifications->isAvailable());
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isAvailable());
}

void tst_Notifications::followsDoNotDisturb_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("ability");
    QTest::addColumn<QString>("interface");
    QTest::addColumn<QString>("property");
    QTest::newRow("Plasma") << u"Plasma"_s << u"inhibitions"_s << u"org.freedesktop.Notifications"_s
                            << u"Inhibited"_s;
    QTest::newRow("dunst") << u"dunst"_s << u"x-dunst-stack-tag"_s << u"org.dunstproject.cmd0"_s
                           << u"paused"_s;
}

void tst_Notifications::followsDoNotDisturb()
{
    QFETCH(QString, name);
    QFETCH(QString, ability);
    QFETCH(QString, interface);
    QFETCH(QString, property);
    m_daemon->stop();
    m_daemon->name = name;
    m_daemon->abilities.append(ability);
    m_daemon->inhibition = {{interface, property}};
    m_daemon->setInhibited(true);
    QSignalSpy changed(m_notifications.get(), &Notifications::inhibitedChanged);
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isInhibited());
    m_daemon->setInhibited(false);
    QTRY_VERIFY(!m_notifications->isInhibited());
    m_daemon->setInhibited(true);
    QTRY_VERIFY(m_notifications->isInhibited());
    m_daemon->setInhibited(true); // again
    m_daemon->setInhibited(false);
    QTRY_VERIFY(!m_notifications->isInhibited());
    QCOMPARE(changed.count(), 4);
}

void tst_Notifications::waitsUntilThereMayBeDisturbance()
{
    m_notifications->show(mail(u"before"_s), false);
    QTRY_COMPARE(m_daemon->calls.size(), 1);
    const uint id = lastCall().id;
    settle();
    m_daemon->stop();
    m_daemon->abilities.append(u"inhibitions"_s);
    m_daemon->setInhibited(true);
    QTRY_VERIFY(!m_notifications->isAvailable());
    m_notifications->show(mail(), true); // for a service that says no at once
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isInhibited());
    m_notifications->show(mail(u"work/2"_s), false);
    m_notifications->show(mail(u"work/3"_s), false);
    m_notifications->withdraw(u"work/2"_s);
    QVERIFY(askTheBus());
    QVERIFY(askTheBus());
    QCOMPARE(m_daemon->calls.size(), 1);
    m_daemon->setInhibited(false);
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    settle();
    QCOMPARE(m_daemon->calls.size(), 3);
    QCOMPARE(m_daemon->calls[1].hints.contains(u"sound-name"_s), true);
    QVERIFY(!m_daemon->closed.contains(id));
}

// For as long as patience has: a desktop that starts anew has the same user.
void tst_Notifications::staysInhibitedWhileTheServiceStartsAnew()
{
    m_daemon->stop();
    m_daemon->abilities.append(u"inhibitions"_s);
    m_daemon->setInhibited(true);
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isInhibited());
    QSignalSpy changed(m_notifications.get(), &Notifications::inhibitedChanged);
    for (int restart = 0; restart < 2; ++restart) {
        const int questions = m_daemon->abilityQuestions;
        m_daemon->stop();
        QTRY_VERIFY(!m_notifications->isAvailable());
        QVERIFY(m_daemon->start());
        QTRY_COMPARE(m_daemon->abilityQuestions, questions + 1);
        QTRY_VERIFY(m_notifications->server().has_value());
    }
    QCOMPARE(changed.count(), 0);
    m_daemon->stop();
    m_daemon->setInhibited(false);
    QVERIFY(m_daemon->start());
    QTRY_COMPARE(changed.count(), 1);
    QVERIFY(!m_notifications->isInhibited());
}

void tst_Notifications::waitsNotForEverForWhetherToDisturb()
{
    m_daemon->stop();
    m_daemon->abilities.append(u"inhibitions"_s);
    m_daemon->setSilent(true);
    QVERIFY(m_daemon->start());
    m_notifications->show(mail(), false);
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    QVERIFY(!m_notifications->isInhibited());
}

void tst_Notifications::followsTheSettingOfXfce()
{
    XfceSettings settings;
    QVERIFY(settings.start());
    settings.set(true);
    m_daemon->stop();
    m_daemon->name = u"Xfce Notify Daemon"_s;
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isInhibited());
    settings.set(false);
    QTRY_VERIFY(!m_notifications->isInhibited());
    settings.set(true);
    QTRY_VERIFY(m_notifications->isInhibited());
    settings.reset();
    QTRY_VERIFY(!m_notifications->isInhibited());
}

void tst_Notifications::isNotInhibitedByAServiceThatIsGone()
{
    m_notifications = std::make_unique<Notifications>(0ms);
    m_daemon->stop();
    m_daemon->abilities.append(u"inhibitions"_s);
    m_daemon->setInhibited(true);
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->isInhibited());
    m_daemon->stop();
    QTRY_VERIFY(!m_notifications->isInhibited());
}

void tst_Notifications::knowsWhoShowsThem()
{
    using Disturbing = NotificationServer::Disturbing;
    QSignalSpy changed(m_notifications.get(), &Notifications::serverChanged);
    QTRY_VERIFY(m_notifications->server().has_value());
    const QStringList abilities = m_daemon->abilities;
    QCOMPARE(*m_notifications->server(),
             (NotificationServer{u"Recorder"_s, u"the tests"_s, u"1"_s,
                                 QSet<QString>(abilities.cbegin(), abilities.cend()),
                                 Disturbing::Untold}));
    m_daemon->stop();
    QTRY_VERIFY(!m_notifications->server().has_value());
    m_daemon->name = u"\u202eevil\n"_s + QString(1000, u'x');
    m_daemon->abilities = QStringList{u"inhibitions"_s};
    m_daemon->setInhibited(true);
    QVERIFY(m_daemon->start());
    QTRY_VERIFY(m_notifications->server().has_value());
    QCOMPARE(m_notifications->server()->name, u"evil "_s + QString(54, u'x') + u'…');
    QCOMPARE(m_notifications->server()->disturbing, Disturbing::Unwanted);
    const auto before = changed.count();
    m_daemon->setInhibited(false);
    QTRY_COMPARE(m_notifications->server()->disturbing, Disturbing::Wanted);
    QCOMPARE(changed.count(), before + 1);
}

QTEST_GUILESS_MAIN(tst_Notifications)
#include "tst_notifications.moc"
