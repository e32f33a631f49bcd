// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/desktopname.h"

#include <QGuiApplication>
#include <QPalette>
#include <QTest>

using namespace Qt::Literals;

class tst_DesktopName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheDesktopByItsName_data();
    void knowsTheDesktopByItsName();
    void guessesTheColourOfThePanel_data();
    void guessesTheColourOfThePanel();
};

void tst_DesktopName::knowsTheDesktopByItsName_data()
{
    QTest::addColumn<QByteArray>("told");
    QTest::addColumn<bool>("isGnome");
    QTest::newRow("it is told") << "GNOME"_ba << true;
    QTest::newRow("one that is derived from it") << "ubuntu:GNOME"_ba << true;
    QTest::newRow("one that is like it") << "GNOME-Flashback"_ba << false;
    QTest::newRow("another one") << "KDE"_ba << false;
    QTest::newRow("nothing is told") << ""_ba << false;
}

void tst_DesktopName::knowsTheDesktopByItsName()
{
    QFETCH(QByteArray, told);
    qputenv("XDG_CURRENT_DESKTOP", told);
    QTEST(isDesktop("GNOME"_L1), "isGnome");
}

void tst_DesktopName::guessesTheColourOfThePanel_data()
{
    QTest::addColumn<QByteArray>("desktop");
    QTest::addColumn<QColor>("windows");
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light windows") << "XFCE"_ba << QColor(0xef, 0xef, 0xef) << false;
    QTest::newRow("dark windows") << "XFCE"_ba << QColor(0x2e, 0x34, 0x36) << true;
    QTest::newRow("light windows below GNOME's black bar")
        << "GNOME"_ba << QColor(0xef, 0xef, 0xef) << true;
}

void tst_DesktopName::guessesTheColourOfThePanel()
{
    QFETCH(QByteArray, desktop);
    QFETCH(QColor, windows);
    qputenv("XDG_CURRENT_DESKTOP", desktop);
    QGuiApplication::setPalette(QPalette(windows));
    QTEST(panelIsDark(), "isDark");
}

QTEST_MAIN(tst_DesktopName)
#include "tst_desktopname.moc"
