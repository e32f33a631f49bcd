// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/nginx.h"
#include "servers/request.h"
#include "servers/serverprogram.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QTest>

using namespace Qt::Literals;

namespace {

constexpr int patience = 20'000; // ms

// Debian has the version in its name.
QString findFpm()
{
    for (const QString &name : {u"php-fpm"_s, u"php-fpm8.2"_s}) {
        if (const QString program = findServer(name); !program.isEmpty())
            return program;
    }
    const QStringList others = QDir(u"/usr/sbin"_s).entryList({u"php-fpm*"_s}, QDir::Files);
    return others.isEmpty() ? QString() : u"/usr/sbin/"_s + others.constLast();
}

} // namespace

/*! Tallybell at a portal in PHP, whose two workers are soon busy. */
class tst_Php : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void countsWhatThePortalWrites();
    void goesOnWhenStreamsTakeAllWorkers();
    void comesBackWhenPhpWasKilled();

private:
    [[nodiscard]] bool startFpm();
    void setCount(int count);
    void watch(HeadlessApp &app);

    std::unique_ptr<Nginx> m_nginx;
    std::unique_ptr<ServerProgram> m_fpm;
    quint16 m_fpmPort = 0;
};

void tst_Php::initTestCase()
{
    QString missing = Nginx::missing();
    if (missing.isEmpty() && findFpm().isEmpty())
        missing = u"no PHP-FPM here (Debian: php-fpm)"_s;
    skipWithout(missing);
}

void tst_Php::init()
{
    m_nginx = std::make_unique<Nginx>();
    m_fpm = std::make_unique<ServerProgram>();
    m_fpmPort = freePort();
    setCount(3);
    QVERIFY2(startFpm(), m_fpm->output().constData());
    QVERIFY2(m_nginx->start(QFINDTESTDATA("php.conf.in"),
                            {{u"FPM_PORT"_s, QString::number(m_fpmPort)},
                             {u"SCRIPTS"_s, QFileInfo(QFINDTESTDATA("portal.php")).path()}}),
             m_nginx->complaints().constData());
}

void tst_Php::countsWhatThePortalWrites()
{
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    for (int count : {4, 12, 0}) {
        setCount(count);
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), count, patience);
    }
    QCOMPARE(app.counts(), (QList<int>{3, 4, 12, 0}));
    QCOMPARE(app.openings(), 1);
}

// Its stream and another one leave no worker for the count, which nginx lets wait without end.
void tst_Php::goesOnWhenStreamsTakeAllWorkers()
{
    OpenRequest other(m_nginx->url(u"/events"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!other.received().isEmpty(), patience);
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_VERIFY_WITH_TIMEOUT(app.detail().contains(u"/count did not answer in time"_s), patience);
    QCOMPARE(app.status(), u"live"_s);
    setCount(4);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QCOMPARE(app.openings(), 1);

    other.abort();
    QTRY_VERIFY_WITH_TIMEOUT(app.detail().isEmpty(), patience);
    QCOMPARE(app.status(), u"live"_s);
    QCOMPARE(app.closings(), 0);
    setCount(5);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 5, patience);
}

void tst_Php::comesBackWhenPhpWasKilled()
{
    HeadlessApp app;
    watch(app);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    m_fpm->kill();
    QTRY_VERIFY_WITH_TIMEOUT(app.detail().contains(u"502"_s), patience);
    QCOMPARE(app.status(), u"reconnecting"_s);
    QVERIFY(!app.isFresh());
    setCount(9);
    QVERIFY2(startFpm(), m_fpm->output().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 9, patience);
    QTRY_VERIFY(app.isFresh());
}

bool tst_Php::startFpm()
{
    const QString pool = m_nginx->folder() + u"/pool.conf"_s;
    const QStringList owner = Nginx::currentUser().split(u' ');
    return fillIn(QFINDTESTDATA("pool.conf.in"), pool,
                  {{u"FOLDER"_s, m_nginx->folder()},
                   {u"FPM_PORT"_s, QString::number(m_fpmPort)},
                   {u"USER"_s, owner.value(0)},
                   {u"GROUP"_s, owner.value(1)}})
        && m_fpm->start(findFpm(),
                        {u"--nodaemonize"_s, u"--allow-to-run-as-root"_s, u"--no-php-ini"_s,
                         u"--fpm-config"_s, pool},
                        m_fpmPort);
}

// In one go: PHP never reads half a file.
void tst_Php::setCount(int count)
{
    QSaveFile file(m_nginx->folder() + u"/count"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::number(count)) < 0
        || !file.commit())
        qFatal("no file for the count");
}

void tst_Php::watch(HeadlessApp &app)
{
    app.watch(QFINDTESTDATA("portal.json.in"), {{u"BASE"_s, m_nginx->url().toString()}});
}

QTEST_GUILESS_MAIN(tst_Php)
#include "tst_php.moc"
