// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feedlist.h"
#include "core/tray/badgefor.h"
#include "desktop/tray/desktoptray.h"
#include "ui/badge/badgeimage.h"
#include "ui/badge/badgetheme.h"

#include <QGuiApplication>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::Literals;
using Status = CountModel::Status;

namespace {

constexpr int iconSize = 22; // the panel's default

}

/*
    The whole way to the user's eye: a real panel that is started together with us shows the icon.
    The panel is a process of its own and draws what it was sent.
*/
class tst_TrayPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void showsThePicture_data();
    void showsThePicture();
    void comesBackWithTheNumber();

private:
    [[nodiscard]] static QImage panel();
    [[nodiscard]] static bool contains(const QImage &panel, const QImage &picture);
    void show(std::optional<int> count, Status status);
    void createTray();

    std::unique_ptr<FeedList> m_feeds;
    std::unique_ptr<DesktopTray> m_tray;
    CountModel *m_model = nullptr;
};

// The corner of the screen where with_display.sh puts the panel and its first icons.
QImage tst_TrayPanel::panel()
{
    QScreen *const screen = QGuiApplication::primaryScreen();
    return screen->grabWindow(0, 0, 0, 200, 40).toImage().convertToFormat(QImage::Format_RGB32);
}

// Somewhere in the panel, each opaque pixel of the picture: neither scaled nor cut.
bool tst_TrayPanel::contains(const QImage &panel, const QImage &picture)
{
    const auto near = [](QRgb one, QRgb other) {
        return qAbs(qRed(one) - qRed(other)) < 4 && qAbs(qGreen(one) - qGreen(other)) < 4
            && qAbs(qBlue(one) - qBlue(other)) < 4;
    };
    const auto isAt = [&](int left, int top) {
        for (int y = 0; y < picture.height(); ++y) {
            const auto *const wanted = reinterpret_cast<const QRgb *>(picture.constScanLine(y));
            const auto *const shown =
                reinterpret_cast<const QRgb *>(panel.constScanLine(top + y)) + left;
            for (int x = 0; x < picture.width(); ++x) {
                if (qAlpha(wanted[x]) == 255 && !near(wanted[x], shown[x]))
                    return false;
            }
        }
        return true;
    };
    for (int top = 0; top <= panel.height() - picture.height(); ++top) {
        for (int left = 0; left <= panel.width() - picture.width(); ++left) {
            if (isAt(left, top))
                return true;
        }
    }
    return false;
}

void tst_TrayPanel::show(std::optional<int> count, Status status)
{
    if (count)
        m_model->setCount(*count);
    if (status != Status::Live)
        m_model->setStale();
    m_model->setStatus(status);
    TrayFace face;
    face.badge = badgeFor(m_feeds->summary(), {}, false, false);
    m_tray->show(face);
}

void tst_TrayPanel::createTray()
{
    m_tray =
        std::make_unique<DesktopTray>(TrayPictures{&badgeImage, &badgeIconName, badgeThemePath()});
    QSignalSpy available(m_tray.get(), &DesktopTray::available);
    QVERIFY2(available.wait(20000), "the panel has not come");
}

void tst_TrayPanel::initTestCase()
{
    m_feeds = std::make_unique<FeedList>();
    m_model = m_feeds->add(u"work"_s, u"Work"_s);
    createTray();
}

void tst_TrayPanel::cleanupTestCase()
{
    m_tray.reset();
    m_feeds.reset();
}

void tst_TrayPanel::showsThePicture_data()
{
    QTest::addColumn<int>("count"); // -1: none
    QTest::addColumn<Status>("status");
    QTest::addColumn<Badge>("badge");
    QTest::newRow("unknown") << -1 << Status::Connecting << Badge();
    QTest::newRow("nothing-waiting") << 0 << Status::Live << Badge{{}, Badge::State::Live};
    QTest::newRow("7") << 7 << Status::Live << Badge{u"7"_s, Badge::State::Live};
    QTest::newRow("42") << 42 << Status::Live << Badge{u"42"_s, Badge::State::Live};
    QTest::newRow("many") << 345 << Status::Live << Badge{u"99+"_s, Badge::State::Live};
    QTest::newRow("reconnecting") << 12 << Status::Reconnecting
                                  << Badge{u"12"_s, Badge::State::Reconnecting};
    QTest::newRow("login-needed") << 12 << Status::LoginNeeded
                                  << Badge{u"12"_s, Badge::State::LoginNeeded};
}

void tst_TrayPanel::showsThePicture()
{
    QFETCH(int, count);
    QFETCH(Status, status);
    QFETCH(Badge, badge);
    show(count < 0 ? std::nullopt : std::optional(count), status);
    const QImage picture = badgeImage(badge, iconSize);
    QTRY_VERIFY_WITH_TIMEOUT(contains(panel(), picture), 30000);
    for (const Badge &other :
         {Badge{u"8"_s, Badge::State::Live}, Badge{u"43"_s, Badge::State::Live}})
        QVERIFY(!contains(panel(), badgeImage(other, iconSize)));

    // For a person's eye.
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(panel().save(
            u"%1/panel-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
}

void tst_TrayPanel::comesBackWithTheNumber()
{
    show(5, Status::Live);
    const QImage five = badgeImage({u"5"_s, Badge::State::Live}, iconSize);
    QTRY_VERIFY_WITH_TIMEOUT(contains(panel(), five), 30000);
    m_tray.reset();
    QTRY_VERIFY_WITH_TIMEOUT(!contains(panel(), five), 30000);
    createTray();
    show({}, Status::Live);
    QTRY_VERIFY_WITH_TIMEOUT(contains(panel(), five), 30000);
}

QTEST_MAIN(tst_TrayPanel)
#include "tst_tray_panel.moc"
