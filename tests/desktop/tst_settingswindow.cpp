// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/settings.h"
#include "ui/settingswindow.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeEdit>
#include <QToolButton>

using namespace Qt::Literals;

namespace {

template <typename Widget>
Widget *named(QWidget &window, const QString &text)
{
    const auto widgets = window.findChildren<Widget *>();
    for (Widget *widget : widgets) {
        if (widget->accessibleName() == text || widget->property("text").toString() == text)
            return widget;
    }
    qFatal("no %s", qPrintable(text));
}

} // namespace

class tst_SettingsWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatIsChosen();
    void takesEachChoiceAtOnce();
    void offersOnlyWhatHasAnEffect();
    void followsWhatIsChosenElsewhere();
    void saysWhatIsWrongWithTheFile();
    void savesItsPicture();
};

void tst_SettingsWindow::showsWhatIsChosen()
{
    Settings settings;
    Choices choices;
    choices.counting = Choices::Counting::New;
    choices.cap = Choices::Cap::Thousands;
    choices.panel = Choices::Panel::MonoDark;
    choices.numberOnly = true;
    choices.quietHours = {true, QTime(18, 30), QTime(8, 0), {6, 7}};
    settings.set(choices);
    SettingsWindow window(&settings);
    QCOMPARE(window.findChild<QComboBox *>(u"counting"_s)->currentIndex(), 1);
    QCOMPARE(window.findChild<QComboBox *>(u"cap"_s)->currentIndex(), 3);
    QCOMPARE(window.findChild<QComboBox *>(u"panel"_s)->currentIndex(), 3);
    QVERIFY(named<QCheckBox>(window, u"The number alone, larger"_s)->isChecked());
    QCOMPARE(named<QTimeEdit>(window, u"Quiet from"_s)->time(), QTime(18, 30));
    QVERIFY(named<QToolButton>(window, QLocale().standaloneDayName(6))->isChecked());
    QVERIFY(!named<QToolButton>(window, QLocale().standaloneDayName(1))->isChecked());
    QCOMPARE(settings.choices(), choices); // to look is not to change
}

void tst_SettingsWindow::takesEachChoiceAtOnce()
{
    Settings settings;
    SettingsWindow window(&settings);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const QSignalSpy changed(&settings, &Settings::changed);

    Choices expected;
    QTest::keyClick(window.findChild<QComboBox *>(u"counting"_s), Qt::Key_Down);
    expected.counting = Choices::Counting::New;
    QCOMPARE(settings.choices(), expected);
    window.findChild<QComboBox *>(u"cap"_s)->setCurrentIndex(0);
    expected.cap = Choices::Cap::Nine;
    QCOMPARE(settings.choices(), expected);
    window.findChild<QComboBox *>(u"panel"_s)->setCurrentIndex(2);
    expected.panel = Choices::Panel::MonoLight;
    QCOMPARE(settings.choices(), expected);
    named<QCheckBox>(window, u"The number alone, larger"_s)->click();
    expected.numberOnly = true;
    named<QCheckBox>(window, u"No icon while nothing waits"_s)->click();
    expected.hideWhenZero = true;
    named<QCheckBox>(window, u"With a &sound"_s)->click();
    expected.sounds = true;
    named<QCheckBox>(window, u"&Quiet hours, without notifications"_s)->click();
    expected.quietHours.isOn = true;
    named<QTimeEdit>(window, u"Quiet until"_s)->setTime(QTime(8, 15));
    expected.quietHours.to = QTime(8, 15);
    named<QToolButton>(window, QLocale().standaloneDayName(3))->click();
    expected.quietHours.days.removeAll(3);
    QCOMPARE(settings.choices(), expected);
    named<QCheckBox>(window, u"&Notify me of what comes"_s)->click();
    expected.notifies = false;
    QCOMPARE(settings.choices(), expected);
    QCOMPARE(changed.count(), 10);
}

void tst_SettingsWindow::offersOnlyWhatHasAnEffect()
{
    Settings settings;
    SettingsWindow window(&settings);
    QVERIFY(!named<QTimeEdit>(window, u"Quiet from"_s)->isEnabled());
    Choices choices;
    choices.quietHours.isOn = true;
    settings.set(choices);
    QVERIFY(named<QTimeEdit>(window, u"Quiet from"_s)->isEnabled());
    choices.notifies = false;
    choices.counting = Choices::Counting::Nothing;
    settings.set(choices);
    QVERIFY(!named<QTimeEdit>(window, u"Quiet from"_s)->isEnabled());
    QVERIFY(!named<QCheckBox>(window, u"With a &sound"_s)->isEnabled());
    QVERIFY(!window.findChild<QComboBox *>(u"cap"_s)->isEnabled());
}

void tst_SettingsWindow::followsWhatIsChosenElsewhere()
{
    Settings settings;
    SettingsWindow window(&settings);
    const QSignalSpy changed(&settings, &Settings::changed);
    Choices choices;
    choices.cap = Choices::Cap::NineHundredNinetyNine;
    choices.notifies = false;
    settings.set(choices);
    QCOMPARE(window.findChild<QComboBox *>(u"cap"_s)->currentIndex(), 2);
    QCOMPARE(changed.count(), 1); // to show is not to change
}

void tst_SettingsWindow::saysWhatIsWrongWithTheFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"settings.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{");
    file.close();
    Settings settings(path);
    SettingsWindow window(&settings);
    QCOMPARE(window.findChild<QLabel *>(u"error"_s)->text(), settings.error());
    QVERIFY(!settings.error().isEmpty());
    named<QCheckBox>(window, u"With a &sound"_s)->click();
    QVERIFY(window.findChild<QLabel *>(u"error"_s)->text().contains(u"left as it is"_s));
}

// TALLYBELL_PICTURES names a folder, for a person's eye.
void tst_SettingsWindow::savesItsPicture()
{
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (folder.isEmpty())
        QSKIP("TALLYBELL_PICTURES is not set");
    Settings settings;
    Choices choices;
    choices.quietHours.isOn = true;
    settings.set(choices);
    SettingsWindow window(&settings);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QVERIFY(window.grab().save(folder + "/settings.png"_L1));
}

QTEST_MAIN(tst_SettingsWindow)
#include "tst_settingswindow.moc"
