// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/tallybellprocess.h"
#include "desktop/leaving/processscope.h"
#include "harness/ssekitprocess.h"
#include "privatebus.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <memory>

using namespace Qt::Literals;

namespace {

/*! The user's systemd, as far as it starts units; it writes down which. */
class RecordingSystemd : public QDBusVirtualObject
{
    Q_OBJECT

public:
    RecordingSystemd()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"systemd"_s))
    {}
    ~RecordingSystemd() override
    {
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(u"systemd"_s);
    }

    [[nodiscard]] bool start()
    {
        return m_bus.registerVirtualObject(u"/org/freedesktop/systemd1"_s, this)
            && m_bus.registerService(u"org.freedesktop.systemd1"_s);
    }

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        if (message.member() != "StartTransientUnit"_L1)
            return false;
        signature = message.signature();
        unit = message.arguments().at(0).toString();
        mode = message.arguments().at(1).toString();
        const auto list = message.arguments().at(2).value<QDBusArgument>();
        list.beginArray();
        while (!list.atEnd()) {
            QString name;
            QDBusVariant value;
            list.beginStructure();
            list >> name >> value;
            list.endStructure();
            properties.insert(name, value.variant());
        }
        list.endArray();
        ++calls;
        return bus.send(refuses ? message.createErrorReply(QDBusError::AccessDenied, u"no"_s)
                                : message.createReply(QVariant::fromValue(
                                    QDBusObjectPath(u"/org/freedesktop/systemd1/job/1"_s))));
    }
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

    bool refuses = false;
    int calls = 0;
    QString signature;
    QString unit;
    QString mode;
    QVariantMap properties;

private:
    QDBusConnection m_bus;
};

} // namespace

class tst_ProcessScope : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void asksForAScopeWithTheProcess();
    void staysQuietWhereItIsRefused();
    void staysQuietWithoutSystemd();
    void givesTheFarewellProcessAScope();

private:
    Harness::PrivateBus m_bus;
};

void tst_ProcessScope::initTestCase()
{
    QVERIFY(m_bus.start());
}

void tst_ProcessScope::asksForAScopeWithTheProcess()
{
    RecordingSystemd systemd;
    QVERIFY(systemd.start());
    ProcessScope scope;
    QSignalSpy adopted(&scope, &ProcessScope::adopted);
    scope.adopt(4711);
    QVERIFY(adopted.wait());
    QCOMPARE(systemd.signature, u"ssa(sv)a(sa(sv))"_s);
    QCOMPARE(systemd.unit, u"tallybell-farewell-4711.scope"_s);
    QCOMPARE(systemd.mode, u"fail"_s);
    QCOMPARE(scope.name(), systemd.unit);
    QCOMPARE(qdbus_cast<QList<uint>>(systemd.properties[u"PIDs"_s]), QList<uint>{4711});
    QCOMPARE(systemd.properties[u"Slice"_s], u"app.slice"_s);
    QCOMPARE(systemd.properties[u"CollectMode"_s], u"inactive-or-failed"_s);
    const QVariant timeout = systemd.properties[u"TimeoutStopUSec"_s];
    QCOMPARE(timeout.metaType(), QMetaType::fromType<quint64>());
    QVERIFY(timeout.toULongLong() >= 5'000'000 && timeout.toULongLong() <= 10'000'000);
    QVERIFY(!systemd.properties[u"Description"_s].toString().isEmpty());
}

void tst_ProcessScope::staysQuietWhereItIsRefused()
{
    RecordingSystemd systemd;
    systemd.refuses = true;
    QVERIFY(systemd.start());
    ProcessScope scope;
    QSignalSpy adopted(&scope, &ProcessScope::adopted);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    scope.adopt(4711);
    QTRY_COMPARE(systemd.calls, 1);
    systemd.refuses = false;
    scope.adopt(4712); // answered after the first
    QVERIFY(adopted.wait());
    QCOMPARE(adopted.count(), 1);
    QCOMPARE(scope.name(), u"tallybell-farewell-4712.scope"_s);
}

void tst_ProcessScope::staysQuietWithoutSystemd()
{
    ProcessScope scope;
    QSignalSpy adopted(&scope, &ProcessScope::adopted);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    scope.adopt(4711);
    RecordingSystemd systemd;
    QVERIFY(systemd.start());
    scope.adopt(0); // there is no such process
    scope.adopt(4712);
    QVERIFY(adopted.wait());
    QCOMPARE(systemd.calls, 1);
}

void tst_ProcessScope::givesTheFarewellProcessAScope()
{
    RecordingSystemd systemd;
    QVERIFY(systemd.start());
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(systemd.calls, 1);
    const uint process = qdbus_cast<QList<uint>>(systemd.properties[u"PIDs"_s]).value(0);
    QFile name(u"/proc/%1/comm"_s.arg(process));
    QVERIFY(name.open(QIODevice::ReadOnly));
    QCOMPARE(name.readAll().trimmed(), "sselib-beacon");
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_ProcessScope)
#include "tst_processscope.moc"
