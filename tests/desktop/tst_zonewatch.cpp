// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/awake/zonewatch.h"

#include <QDateTime>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

bool s_hasOwnMounts = false;

// A process whose mounts are its own: nothing of the computer's is touched. While there is one
// thread only.
bool enterOwnMounts()
{
    const QByteArray map = "0 " + QByteArray::number(::getuid()) + " 1\n";
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    const int file = ::open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    const bool isMapped =
        file != -1 && ::write(file, map.constData(), size_t(map.size())) == map.size();
    ::close(file);
    return isMapped && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/*! A folder with the file that names the time zone. */
class ZoneFolder
{
public:
    ZoneFolder() { link(u"Europe/Berlin"_s); }

    [[nodiscard]] QString path() const { return m_folder.path(); }

    // As timedated does.
    void replace(const QString &zone)
    {
        QVERIFY(QFile::link(fileOf(zone), m_folder.filePath(u"new"_s)));
        QVERIFY(::rename(qPrintable(m_folder.filePath(u"new"_s)),
                         qPrintable(m_folder.filePath(u"localtime"_s)))
                == 0);
    }
    // As ln -sf does.
    void link(const QString &zone)
    {
        QFile::remove(m_folder.filePath(u"localtime"_s));
        QVERIFY(QFile::link(fileOf(zone), m_folder.filePath(u"localtime"_s)));
    }
    // As cp does.
    void copy(const QString &zone)
    {
        QFile::remove(m_folder.filePath(u"localtime"_s));
        QVERIFY(QFile::copy(fileOf(zone), m_folder.filePath(u"localtime"_s)));
    }
    void writeAnotherFile()
    {
        QFile other(m_folder.filePath(u"hostname"_s));
        QVERIFY(other.open(QIODevice::WriteOnly));
        QVERIFY(other.write("x") == 1);
    }

private:
    static QString fileOf(const QString &zone) { return u"/usr/share/zoneinfo/"_s + zone; }

    QTemporaryDir m_folder;
};

} // namespace

class tst_ZoneWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void noticesAnotherZone_data();
    void noticesAnotherZone();
    void saysNothingOfOtherFiles();
    void watchesNothingWhereThereIsNothing();
    void comesWhenLocalTimeIsAnother();
};

void tst_ZoneWatch::initTestCase()
{
    if (!QFile::exists(u"/usr/share/zoneinfo/Asia/Tokyo"_s))
        QSKIP("There are no time zones.");
}

void tst_ZoneWatch::noticesAnotherZone_data()
{
    using Change = void (ZoneFolder::*)(const QString &);
    QTest::addColumn<Change>("change");
    QTest::newRow("replaced") << Change(&ZoneFolder::replace);
    QTest::newRow("linked") << Change(&ZoneFolder::link);
    QTest::newRow("copied") << Change(&ZoneFolder::copy);
}

void tst_ZoneWatch::noticesAnotherZone()
{
    using Change = void (ZoneFolder::*)(const QString &);
    QFETCH(Change, change);
    ZoneFolder folder;
    const ZoneWatch watch(folder.path());
    QVERIFY(watch.isWatching());
    QSignalSpy changed(&watch, &ZoneWatch::changed);
    (folder.*change)(u"Asia/Tokyo"_s);
    QVERIFY(changed.wait());
    changed.clear();
    (folder.*change)(u"Europe/Berlin"_s);
    QVERIFY(changed.wait());
}

void tst_ZoneWatch::saysNothingOfOtherFiles()
{
    ZoneFolder folder;
    const ZoneWatch watch(folder.path());
    QSignalSpy changed(&watch, &ZoneWatch::changed);
    folder.writeAnotherFile();
    QVERIFY(!changed.wait(100));
}

void tst_ZoneWatch::watchesNothingWhereThereIsNothing()
{
    const ZoneWatch watch(u"/nonexistent"_s);
    QVERIFY(!watch.isWatching());
}

// What is told is also what this process goes by.
void tst_ZoneWatch::comesWhenLocalTimeIsAnother()
{
    if (!s_hasOwnMounts)
        QSKIP("The kernel grants no mounts of the test's own.");
    ZoneFolder folder;
    QCOMPARE(::mount(qPrintable(folder.path()), "/etc", nullptr, MS_BIND, nullptr), 0);
    QCOMPARE(QDateTime(QDate(2026, 3, 2), QTime(12, 0)).offsetFromUtc(), 3600);
    {
        const ZoneWatch watch;
        QSignalSpy changed(&watch, &ZoneWatch::changed);
        folder.replace(u"Asia/Tokyo"_s);
        QVERIFY(changed.wait());
        QCOMPARE(QDateTime(QDate(2026, 3, 2), QTime(12, 0)).offsetFromUtc(), 9 * 3600);
    }
    QCOMPARE(::umount("/etc"), 0);
}

int main(int argc, char *argv[])
{
    qunsetenv("TZ");
    s_hasOwnMounts = enterOwnMounts();
    QCoreApplication app(argc, argv);
    tst_ZoneWatch test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_zonewatch.moc"
