// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ui/badge/badgeimage.h"
#include "ui/badge/badgetheme.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QSet>
#include <QSettings>
#include <QTest>

using namespace Qt::Literals;
using State = Badge::State;

class tst_BadgeTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesWhatItHas();
    void namesNothingElse();
    void showsEachNameAtEachSizeAsItIsDrawn();
    void tellsHostsOfEveryFolder();
    void staysSmall();
};

void tst_BadgeTheme::namesWhatItHas()
{
    QCOMPARE(badgeIconName({u"7"_s, State::Live}), u"org.tallybell.Tallybell-live-7"_s);
    QCOMPARE(badgeIconName({{}, State::Live}), u"org.tallybell.Tallybell-live-0"_s);
    QCOMPARE(badgeIconName({u"99+"_s, State::Stale}), u"org.tallybell.Tallybell-stale-99plus"_s);
    QCOMPARE(badgeIconName({u"9+"_s, State::Offline}), u"org.tallybell.Tallybell-offline-9plus"_s);
    QCOMPARE(badgeIconName({{}, State::LoginNeeded}), u"org.tallybell.Tallybell-login-needed-0"_s);
    // Without a number, the style makes no difference.
    QCOMPARE(badgeIconName({{}, State::Paused, Badge::Scheme::Colour, Badge::Style::NumberOnly}),
             u"org.tallybell.Tallybell-paused"_s);
    QSet<QString> names;
    for (const Badge &badge : themedBadges())
        names.insert(badgeIconName(badge));
    QCOMPARE(names.size(), themedBadges().size());
    QVERIFY(!names.contains(QString()));
}

void tst_BadgeTheme::namesNothingElse()
{
    for (const QString &text : {u"100"_s, u"8+"_s, u"999+"_s, u"1k"_s, u"0"_s, u"-3"_s, u"../7"_s})
        QCOMPARE(badgeIconName({text, State::Live}), QString());
    QCOMPARE(badgeIconName({u"7"_s, State::Unknown}), QString());
    QCOMPARE(badgeIconName({u"7"_s, State::Paused}), QString());
    QCOMPARE(badgeIconName({u"7"_s, State::Live, Badge::Scheme::MonoOnDark}), QString());
    QCOMPARE(badgeIconName({{}, State::Live, Badge::Scheme::MonoOnLight}), QString());
    QCOMPARE(badgeIconName({u"7"_s, State::Live, Badge::Scheme::Colour, Badge::Style::NumberOnly}),
             QString());
}

void tst_BadgeTheme::showsEachNameAtEachSizeAsItIsDrawn()
{
    QVERIFY2(QFileInfo(badgeThemePath()).isAbsolute(), "the theme is not beside the program");
    for (const int size : badgeSizes) {
        const QDir folder(u"%1/hicolor/%2x%2/status"_s.arg(badgeThemePath()).arg(size));
        for (const Badge &badge : themedBadges()) {
            const QString file = folder.filePath(badgeIconName(badge) + ".png"_L1);
            const QImage picture(file);
            QVERIFY2(!picture.isNull(), qPrintable(file));
            QVERIFY2(picture.convertToFormat(QImage::Format_ARGB32)
                         == badgeImage(badge, size).convertToFormat(QImage::Format_ARGB32),
                     qPrintable(file));
        }
        // And no file that nobody asks for.
        QCOMPARE(folder.entryList(QDir::Files).size(), themedBadges().size());
    }
}

void tst_BadgeTheme::tellsHostsOfEveryFolder()
{
    const QDir theme(badgeThemePath() + "/hicolor"_L1);
    QSettings index(theme.filePath(u"index.theme"_s), QSettings::IniFormat);
    QStringList told = index.value(u"Icon Theme/Directories"_s).toStringList();
    QStringList found;
    for (const QString &folder : theme.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        found.append(folder + "/status"_L1);
    told.sort();
    found.sort();
    QCOMPARE(told, found);
    for (const int size : badgeSizes) {
        if (!badgeSizes.contains(2 * size))
            continue;
        // Twice the scale: the picture of twice the size, not one drawn for half of it and enlarged.
        const QString folder = u"%1x%1@2/status"_s.arg(size);
        QVERIFY(told.contains(folder));
        const QImage picture(theme.filePath(folder + "/org.tallybell.Tallybell-live-42.png"_L1));
        QCOMPARE(picture.size(), QSize(2 * size, 2 * size));
    }
}

void tst_BadgeTheme::staysSmall()
{
    qint64 bytes = 0;
    QDirIterator files(badgeThemePath(), QDir::Files | QDir::NoSymLinks,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    QVERIFY2(bytes > 100'000 && bytes < 7'000'000, qPrintable(QString::number(bytes)));
}

QTEST_GUILESS_MAIN(tst_BadgeTheme)
#include "tst_badgetheme.moc"
