// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feedlist.h"
#include "notifierwatcher.h"
#include "ui/trayicon.h"

#include <QApplication>
#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <QtEndian>

#include <memory>

using namespace Qt::Literals;
using Status = CountModel::Status;

class tst_TrayIcon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();
    void tellsCountAndStateInItsToolTip();
    void tellsSinceWhenItIsStale();
    void showsTheFirstChangeAtOnceAndTheLastOneAlways();
    void showsAtMostFourChangesASecond();
    void sendsNothingWhileItLooksTheSame();
    void sendsThePictureOfEachSize_data();
    void sendsThePictureOfEachSize();
    void offersWhatFits();
    void keepsAmpersandsOfTheServer();
    void turnsClicksIntoRequests();

private:
    QVariant property(const QString &name);
    QString toolTip();
    void call(const QString &method);
    [[nodiscard]] static QStringList menuTexts();
    [[nodiscard]] static QAction *action(const QString &text);

    QThread m_thread;
    Harness::NotifierWatcher *m_panel = nullptr;
    std::unique_ptr<FeedList> m_feeds;
    std::unique_ptr<TrayIcon> m_icon;
    CountModel *m_model = nullptr;
};

void tst_TrayIcon::initTestCase()
{
    m_panel = new Harness::NotifierWatcher(u"panel"_s);
    m_panel->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_panel, &QObject::deleteLater);
    m_thread.start();
    bool started = false;
    QMetaObject::invokeMethod(
        m_panel, [&] { started = m_panel->start(); }, Qt::BlockingQueuedConnection);
    QVERIFY(started);
}

void tst_TrayIcon::cleanupTestCase()
{
    m_thread.quit();
    m_thread.wait();
}

void tst_TrayIcon::init()
{
    m_feeds = std::make_unique<FeedList>();
    m_model = m_feeds->add(u"work"_s, u"Work"_s);
    m_model->setCount(1);
    m_model->setStatus(Status::Live);
    const int registrations = m_panel->registrations;
    m_panel->newIcons = 0;
    m_panel->newToolTips = 0;
    m_icon = std::make_unique<TrayIcon>(m_feeds.get());
    QTRY_COMPARE(m_panel->registrations, registrations + 1);
    QTRY_COMPARE(m_panel->newIcons, 1);
    QTRY_COMPARE(m_panel->newToolTips, 1);
    m_panel->newIcons = 0;
    m_panel->newToolTips = 0;
}

void tst_TrayIcon::cleanup()
{
    m_icon.reset();
    m_feeds.reset();
}

// The item lives in this process: only asynchronous calls come back.
QVariant tst_TrayIcon::property(const QString &name)
{
    QStringList items;
    QMetaObject::invokeMethod(
        m_panel, [&] { items = m_panel->items(); }, Qt::BlockingQueuedConnection);
    QDBusMessage question =
        QDBusMessage::createMethodCall(items.constLast(), u"/StatusNotifierItem"_s,
                                       u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << u"org.kde.StatusNotifierItem"_s << name;
    QDBusPendingCallWatcher pending(QDBusConnection::sessionBus().asyncCall(question));
    QSignalSpy finished(&pending, &QDBusPendingCallWatcher::finished);
    if (!finished.wait())
        return {};
    return QDBusPendingReply<QDBusVariant>(pending).value().variant();
}

void tst_TrayIcon::call(const QString &method)
{
    QStringList items;
    QMetaObject::invokeMethod(
        m_panel, [&] { items = m_panel->items(); }, Qt::BlockingQueuedConnection);
    QDBusMessage message = QDBusMessage::createMethodCall(
        items.constLast(), u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s, method);
    message << 10 << 10;
    QDBusConnection::sessionBus().asyncCall(message);
}

QString tst_TrayIcon::toolTip()
{
    const auto argument = property(u"ToolTip"_s).value<QDBusArgument>();
    QString iconName;
    QString title;
    argument.beginStructure();
    argument >> iconName;
    argument.beginArray();
    argument.endArray();
    argument >> title;
    argument.endStructure();
    return title;
}

QStringList tst_TrayIcon::menuTexts()
{
    QStringList texts;
    const auto widgets = QApplication::topLevelWidgets();
    for (const QWidget *widget : widgets) {
        const auto *const menu = qobject_cast<const QMenu *>(widget);
        const auto actions = menu ? menu->actions() : QList<QAction *>();
        for (const QAction *candidate : actions) {
            if (candidate->isVisible() && !candidate->isSeparator())
                texts.append(candidate->text());
        }
    }
    return texts;
}

QAction *tst_TrayIcon::action(const QString &text)
{
    const auto widgets = QApplication::topLevelWidgets();
    for (const QWidget *widget : widgets) {
        const auto actions = widget->actions();
        for (QAction *candidate : actions) {
            if (candidate->text() == text)
                return candidate;
        }
    }
    return nullptr;
}

void tst_TrayIcon::tellsCountAndStateInItsToolTip()
{
    QCOMPARE(toolTip(), u"Tallybell: 1 waiting – Connected"_s);
    QCOMPARE(menuTexts().constFirst(), u"1 waiting – Connected"_s);
    m_model->setCount(0);
    QTRY_COMPARE(toolTip(), u"Tallybell: Nothing waiting – Connected"_s);
    m_model->setStatus(Status::Failed, u"The server says no."_s);
    QTRY_COMPARE(toolTip(), u"Tallybell: Nothing waiting – Failed\nThe server says no."_s);
    QCOMPARE(menuTexts().at(1), u"The server says no."_s);
}

void tst_TrayIcon::tellsSinceWhenItIsStale()
{
    m_model->setStale();
    m_model->setStatus(Status::Reconnecting);
    const QString time = QLocale().toString(m_model->updatedAt().time(), QLocale::ShortFormat);
    QTRY_COMPARE(toolTip(),
                 u"Tallybell: 1 waiting as of %1 – Not connected, trying again"_s.arg(time));
}

void tst_TrayIcon::showsTheFirstChangeAtOnceAndTheLastOneAlways()
{
    QTRY_VERIFY(toolTip().contains(u"1 waiting"_s));
    m_model->setCount(2);
    QTRY_COMPARE_WITH_TIMEOUT(m_panel->newIcons, 1, 200);
    for (int count = 3; count <= 50; ++count)
        m_model->setCount(count);
    QTRY_COMPARE(m_panel->newIcons, 2);
    QCOMPARE(toolTip(), u"Tallybell: 50 waiting – Connected"_s);
    QCOMPARE(m_panel->newIcons, 2);
}

void tst_TrayIcon::showsAtMostFourChangesASecond()
{
    // 0.6 s of a storm: at the start, after 0.25 s and 0.5 s, and the rest once more after 0.75 s.
    QElapsedTimer elapsed;
    elapsed.start();
    int count = 0;
    QTimer storm;
    connect(&storm, &QTimer::timeout, this, [&] {
        m_model->setCount(++count % 90 + 2);
        if (elapsed.elapsed() > 600)
            storm.stop();
    });
    storm.start(0);
    QTRY_VERIFY(!storm.isActive());
    const QString last = u"Tallybell: %1 waiting – Connected"_s.arg(*m_model->count());
    QTRY_COMPARE(toolTip(), last);
    const qint64 periods = elapsed.elapsed() / 237 + 1; // coarse timers: 5 % early
    QVERIFY(count > 10);
    QVERIFY2(m_panel->newIcons <= periods, qPrintable(QString::number(m_panel->newIcons)));
    QVERIFY(m_panel->newIcons >= 3);
}

void tst_TrayIcon::sendsNothingWhileItLooksTheSame()
{
    m_model->setCount(121);
    QTRY_COMPARE(m_panel->newIcons, 1);
    QTRY_COMPARE(m_panel->newToolTips, 1);
    m_model->setCount(130); // "99+" both
    QTRY_COMPARE(m_panel->newToolTips, 2); // the icon would have been announced before
    QCOMPARE(m_panel->newIcons, 1);
    m_model->setStatus(Status::Connecting);
    m_model->setStatus(Status::Live);
    m_model->setCount(131);
    QTRY_COMPARE(m_panel->newToolTips, 3);
    QCOMPARE(m_panel->newIcons, 1);
}

void tst_TrayIcon::sendsThePictureOfEachSize_data()
{
    QTest::addColumn<QByteArray>("desktop");
    QTest::addColumn<QList<int>>("expected");
    QTest::newRow("a panel that chooses")
        << QByteArray("ubuntu:GNOME") << QList<int>{16, 22, 24, 32, 48};
    // Qt insists on a size above 22, and gets the largest.
    QTest::newRow("a panel that takes the largest") << QByteArray("XFCE") << QList<int>{16, 22, 22};
}

void tst_TrayIcon::sendsThePictureOfEachSize()
{
    QFETCH(QByteArray, desktop);
    qputenv("XDG_CURRENT_DESKTOP", desktop);
    cleanup();
    init();
    qunsetenv("XDG_CURRENT_DESKTOP");
    m_model->setCount(42);
    QTRY_COMPARE(m_panel->newIcons, 1);
    const auto argument = property(u"IconPixmap"_s).value<QDBusArgument>();
    QList<int> sizes;
    argument.beginArray();
    while (!argument.atEnd()) {
        int width = 0;
        int height = 0;
        QByteArray bytes;
        argument.beginStructure();
        argument >> width >> height >> bytes;
        argument.endStructure();
        sizes.append(width);
        // Big-endian ARGB, not premultiplied.
        const QImage expected =
            badgeImage({u"42"_s, Badge::State::Live}, width).convertToFormat(QImage::Format_ARGB32);
        QCOMPARE(height, width);
        QCOMPARE(bytes.size(), qsizetype(width) * width * 4);
        for (int i = 0; i < width * width; ++i) {
            const auto pixel = qFromBigEndian<quint32>(bytes.constData() + i * 4);
            const QRgb wanted = expected.pixel(i % width, i / width);
            QCOMPARE(qAlpha(pixel), qAlpha(wanted));
            if (qAlpha(wanted) == 255)
                QCOMPARE(pixel, wanted);
        }
    }
    argument.endArray();
    QTEST(sizes, "expected");
}

void tst_TrayIcon::offersWhatFits()
{
    QAction *const open = action(u"&Open connection"_s);
    QAction *const close = action(u"&Close connection"_s);
    QVERIFY(!open->isEnabled());
    QVERIFY(close->isEnabled());
    m_model->setStatus(Status::LoginNeeded);
    QTRY_VERIFY(open->isEnabled());
    QVERIFY(!close->isEnabled());
    m_model->setStatus(Status::Connecting);
    QTRY_VERIFY(close->isEnabled());
    CountModel *const second = m_feeds->add(u"home"_s, u"Home"_s); // is off
    QTRY_VERIFY(open->isEnabled());
    QVERIFY(close->isEnabled());
    second->setStatus(Status::Live);
    QTRY_VERIFY(!open->isEnabled());
}

void tst_TrayIcon::keepsAmpersandsOfTheServer()
{
    m_model->setStatus(Status::Failed, u"Ask Mia & Ben."_s);
    QTRY_COMPARE(menuTexts().at(1), u"Ask Mia && Ben."_s);
}

void tst_TrayIcon::turnsClicksIntoRequests()
{
    QSignalSpy toggle(m_icon.get(), &TrayIcon::windowToggleRequested);
    QSignalSpy homepage(m_icon.get(), &TrayIcon::homepageRequested);
    call(u"Activate"_s);
    QVERIFY(toggle.wait());
    QCOMPARE(homepage.count(), 0);
    call(u"SecondaryActivate"_s);
    QVERIFY(homepage.wait());
    QCOMPARE(toggle.count(), 1);

    QSignalSpy open(m_icon.get(), &TrayIcon::openRequested);
    QSignalSpy close(m_icon.get(), &TrayIcon::closeRequested);
    QSignalSpy window(m_icon.get(), &TrayIcon::windowRequested);
    QSignalSpy quit(m_icon.get(), &TrayIcon::quitRequested);
    action(u"&Close connection"_s)->trigger();
    action(u"&Show window"_s)->trigger();
    action(u"&Quit"_s)->trigger();
    QCOMPARE(close.count(), 1);
    QCOMPARE(window.count(), 1);
    QCOMPARE(quit.count(), 1);
    m_model->setStatus(Status::Off);
    QTRY_VERIFY(action(u"&Open connection"_s)->isEnabled());
    action(u"&Open connection"_s)->trigger();
    QCOMPARE(open.count(), 1);
}

QTEST_MAIN(tst_TrayIcon)
#include "tst_trayicon.moc"
