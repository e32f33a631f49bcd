// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/launcherbadge.h"
#include "privatebus.h"

#include <QCoreApplication>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::Literals;
using Harness::askTheBus;

namespace {

constexpr auto interface = "com.canonical.Unity.LauncherEntry"_L1;
constexpr auto uri = "application://org.tallybell.Tallybell.desktop"_L1;

/*! A dock, which writes down what it is told. */
class Dock : public QObject
{
    Q_OBJECT

public:
    Dock()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"dock"_s))
    {
        isListening = m_bus.connect(QString(), QString(), interface, u"Update"_s, this,
                                    SLOT(update(QDBusMessage)));
        // Answered by the bus, so that it knows that we listen.
        m_bus.call(QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/"_s,
                                                  u"org.freedesktop.DBus"_s, u"GetId"_s));
    }
    ~Dock() override
    {
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(u"dock"_s);
    }

    bool takeName() { return m_bus.registerService(u"com.canonical.Unity"_s); }
    bool loseName() { return m_bus.unregisterService(u"com.canonical.Unity"_s); }

    /*! Asks the sender of the last signal what it shows. */
    [[nodiscard]] QDBusPendingCall ask()
    {
        const QDBusMessage &last = updates.constLast();
        return m_bus.asyncCall(
            QDBusMessage::createMethodCall(last.service(), last.path(), interface, u"Query"_s));
    }

    [[nodiscard]] QVariantMap properties() const
    {
        return updates.isEmpty()
            ? QVariantMap()
            : qdbus_cast<QVariantMap>(updates.constLast().arguments().value(1));
    }

    bool isListening = false;
    QList<QDBusMessage> updates;

public Q_SLOTS:
    void update(const QDBusMessage &signal) { updates.append(signal); }

private:
    QDBusConnection m_bus;
};

} // namespace

class tst_LauncherBadge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void tellsCountAndUrgency();
    void saysNothingTwice();
    void saysNothingWhereNothingIsToBeShown();
    void neverShowsLessThanNothing();
    void tellsADockThatStarts();
    void answersWhoAsks();
    void takesTheNumberAwayAtTheEnd();

private:
    std::optional<Dock> m_dock;
    std::unique_ptr<LauncherBadge> m_badge;

    Harness::PrivateBus m_bus;
};

void tst_LauncherBadge::initTestCase()
{
    QVERIFY(m_bus.start());
}

void tst_LauncherBadge::init()
{
    m_dock.emplace();
    QVERIFY(m_dock->isListening);
    m_badge = std::make_unique<LauncherBadge>(u"org.tallybell.Tallybell"_s);
}

void tst_LauncherBadge::cleanup()
{
    m_badge.reset();
    m_dock.reset();
}

void tst_LauncherBadge::tellsCountAndUrgency()
{
    m_badge->show(128, true);
    QTRY_COMPARE(m_dock->updates.size(), 1);
    const QDBusMessage &signal = m_dock->updates.constFirst();
    // djb2 of the address, computed by hand and not by the code under test.
    QCOMPARE(signal.path(), u"/com/canonical/unity/launcherentry/3727540295"_s);
    QCOMPARE(signal.signature(), u"sa{sv}"_s);
    QCOMPARE(signal.arguments().constFirst().toString(), QString(uri));
    const QVariantMap properties = m_dock->properties();
    QCOMPARE(properties.value(u"count"_s).userType(), int(QMetaType::LongLong)); // 'x'
    QCOMPARE(properties.value(u"count"_s).toInt(), 128);
    QCOMPARE(properties.value(u"count-visible"_s), QVariant(true));
    QCOMPARE(properties.value(u"urgent"_s), QVariant(true));
    QCOMPARE(properties.size(), 3);
    m_badge->show(0, false);
    QTRY_COMPARE(m_dock->updates.size(), 2);
    QCOMPARE(m_dock->properties().value(u"count-visible"_s), QVariant(false));
    QCOMPARE(m_dock->properties().value(u"urgent"_s), QVariant(false));
}

void tst_LauncherBadge::saysNothingTwice()
{
    for (int i = 0; i < 5; ++i)
        m_badge->show(3, false);
    m_badge->show(3, true); // is another
    m_badge->show(3, true);
    m_badge->show(4, true);
    QTRY_COMPARE(m_dock->properties().value(u"count"_s).toInt(), 4);
    QCOMPARE(m_dock->updates.size(), 3);
}

void tst_LauncherBadge::saysNothingWhereNothingIsToBeShown()
{
    m_badge->show(0, false);
    QVERIFY(m_dock->takeName());
    QVERIFY(askTheBus());
    m_badge->show(1, false);
    QTRY_COMPARE(m_dock->updates.size(), 1);
    QCOMPARE(m_dock->properties().value(u"count"_s).toInt(), 1);
}

void tst_LauncherBadge::neverShowsLessThanNothing()
{
    m_badge->show(-3, false);
    m_badge->show(2, false);
    m_badge->show(-1, false);
    QTRY_COMPARE(m_dock->updates.size(), 2);
    QCOMPARE(m_dock->properties().value(u"count"_s).toInt(), 0);
    QCOMPARE(m_dock->properties().value(u"count-visible"_s), QVariant(false));
}

void tst_LauncherBadge::tellsADockThatStarts()
{
    m_badge->show(7, false);
    QTRY_COMPARE(m_dock->updates.size(), 1);
    QVERIFY(m_dock->takeName());
    QTRY_COMPARE(m_dock->updates.size(), 2);
    QCOMPARE(m_dock->properties().value(u"count"_s).toInt(), 7);
    QVERIFY(m_dock->loseName()); // says nothing to nobody
    QVERIFY(m_dock->takeName());
    QTRY_COMPARE(m_dock->updates.size(), 3);
    m_badge->show(8, false);
    QTRY_COMPARE(m_dock->properties().value(u"count"_s).toInt(), 8);
    QCOMPARE(m_dock->updates.size(), 4);
}

void tst_LauncherBadge::answersWhoAsks()
{
    m_badge->show(7, true);
    QTRY_COMPARE(m_dock->updates.size(), 1);
    QDBusPendingCallWatcher call(m_dock->ask());
    QSignalSpy finished(&call, &QDBusPendingCallWatcher::finished);
    QVERIFY(finished.wait());
    const QDBusMessage answer = call.reply();
    QCOMPARE(answer.signature(), u"sa{sv}"_s);
    QCOMPARE(answer.arguments().constFirst().toString(), QString(uri));
    QCOMPARE(qdbus_cast<QVariantMap>(answer.arguments().value(1)), m_dock->properties());
}

void tst_LauncherBadge::takesTheNumberAwayAtTheEnd()
{
    m_badge->show(7, true);
    m_badge.reset();
    QTRY_COMPARE(m_dock->updates.size(), 2);
    QCOMPARE(m_dock->properties().value(u"count-visible"_s), QVariant(false));
    QCOMPARE(m_dock->properties().value(u"urgent"_s), QVariant(false));
}

QTEST_GUILESS_MAIN(tst_LauncherBadge)
#include "tst_launcherbadge.moc"
