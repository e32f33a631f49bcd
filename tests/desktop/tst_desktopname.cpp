// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/desktopname.h"

#include <QTest>

using namespace Qt::Literals;

class tst_DesktopName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheDesktopByItsName_data();
    void knowsTheDesktopByItsName();
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

QTEST_GUILESS_MAIN(tst_DesktopName)
#include "tst_desktopname.moc"
