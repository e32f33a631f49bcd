// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/tray/panelcolour.h"

#include <QGuiApplication>
#include <QPalette>
#include <QTest>

using namespace Qt::Literals;

class tst_PanelColour : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isGuessed_data();
    void isGuessed();
};

void tst_PanelColour::isGuessed_data()
{
    QTest::addColumn<QByteArray>("desktop");
    QTest::addColumn<QColor>("windows");
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light windows") << "XFCE"_ba << QColor(0xef, 0xef, 0xef) << false;
    QTest::newRow("dark windows") << "XFCE"_ba << QColor(0x2e, 0x34, 0x36) << true;
    QTest::newRow("light windows below GNOME's black bar")
        << "GNOME"_ba << QColor(0xef, 0xef, 0xef) << true;
}

void tst_PanelColour::isGuessed()
{
    QFETCH(QByteArray, desktop);
    QFETCH(QColor, windows);
    qputenv("XDG_CURRENT_DESKTOP", desktop);
    QGuiApplication::setPalette(QPalette(windows));
    QTEST(panelIsDark(), "isDark");
}

QTEST_MAIN(tst_PanelColour)
#include "tst_panelcolour.moc"
