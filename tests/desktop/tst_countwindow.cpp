// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feedlist.h"
#include "core/journal.h"
#include "core/seen/seenmark.h"
#include "ui/countwindow.h"

#include <QAccessible>
#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::Literals;
using Status = CountModel::Status;

class tst_CountWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsTheNumberAndTheState();
    void showsNoNumberWhereNoneIsKnown();
    void showsSinceWhenTheNumberIsStale();
    void wrapsTheSentenceThatBelongsToTheState();
    void listsWhatHappenedNewestFirst();
    void showsEachOfSeveralSources();
    void catchesUpWhenItIsShownAgain();
    void offersWhatFits_data();
    void offersWhatFits();
    void turnsButtonsAndKeysIntoRequests();
    void hidesWhereThereIsATray();
    void asksToQuitWhereThereIsNone();
    void togglesAtAClickOnTheTray();
    void standsNextToThePointer_data();
    void standsNextToThePointer();
    void marksWhatWaitsAsSeenAndTakesItBack();
    void saysWhatWentWrongAtAClick();
    void explainsThatThereIsNothingToCount();
    void tellsItsNamesToScreenReaders();
    void hasAnIcon();
    void savesItsPicture_data();
    void savesItsPicture();

private:
    [[nodiscard]] QString text(const QString &name) const
    {
        return m_window->findChild<QLabel *>(name)->text();
    }
    [[nodiscard]] QPushButton *button(const QString &text) const;
    void show();

    std::unique_ptr<FeedList> m_feeds;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<CountWindow> m_window;
    CountModel *m_model = nullptr;
};

void tst_CountWindow::init()
{
    m_feeds = std::make_unique<FeedList>();
    m_journal = std::make_unique<Journal>(m_feeds.get());
    m_model = m_feeds->add(u"work"_s, u"Work"_s);
    m_window = std::make_unique<CountWindow>(m_feeds.get(), m_journal.get());
}

void tst_CountWindow::cleanup()
{
    m_window.reset();
    m_journal.reset();
    m_feeds.reset();
}

QPushButton *tst_CountWindow::button(const QString &text) const
{
    const auto buttons = m_window->findChildren<QPushButton *>();
    for (QPushButton *candidate : buttons) {
        if (candidate->text() == text)
            return candidate;
    }
    return nullptr;
}

void tst_CountWindow::show()
{
    m_window->present();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void tst_CountWindow::showsTheNumberAndTheState()
{
    show();
    m_model->setCount(3);
    m_model->setStatus(Status::Live);
    QTRY_COMPARE(text(u"state"_s), u"Connected"_s);
    QCOMPARE(text(u"number"_s), u"3"_s);
    QCOMPARE(text(u"caption"_s), u"waiting"_s);
    m_model->setCount(0);
    QTRY_COMPARE(text(u"number"_s), u"0"_s);
}

void tst_CountWindow::showsNoNumberWhereNoneIsKnown()
{
    show();
    QCOMPARE(text(u"number"_s), u"–"_s);
    m_model->setStatus(Status::Live);
    QTRY_COMPARE(text(u"state"_s), u"Connected"_s);
    QCOMPARE(text(u"number"_s), u"–"_s);
}

void tst_CountWindow::showsSinceWhenTheNumberIsStale()
{
    show();
    m_model->setCount(3);
    m_model->setStatus(Status::Live);
    QTRY_COMPARE(text(u"state"_s), u"Connected"_s);
    const auto *const number = m_window->findChild<QLabel *>(u"number"_s);
    const QColor fresh = number->palette().color(QPalette::WindowText);
    m_model->setStale();
    m_model->setStatus(Status::Reconnecting);
    QTRY_COMPARE(text(u"state"_s), u"Not connected, trying again"_s);
    QCOMPARE(text(u"number"_s), u"3"_s);
    QVERIFY(text(u"caption"_s)
                .contains(QLocale().toString(m_model->updatedAt().time(), QLocale::ShortFormat)));
    QVERIFY(number->palette().color(QPalette::WindowText) != fresh);
}

void tst_CountWindow::wrapsTheSentenceThatBelongsToTheState()
{
    show();
    auto *const detail = m_window->findChild<QLabel *>(u"detail"_s);
    QVERIFY(!detail->isVisible());
    const QString sentence =
        u"The permission <b>counter.read</b> is missing, and without it the number "
        "cannot be fetched; somebody who administers the server can give it."_s;
    m_model->setStatus(Status::NotPermitted, sentence);
    QTRY_VERIFY(detail->isVisible());
    QCOMPARE(detail->text(), sentence);
    QCOMPARE(detail->textFormat(), Qt::PlainText); // a server's markup is not ours
    QTRY_VERIFY(detail->height() >= 2 * detail->fontMetrics().height());
    QVERIFY(detail->textInteractionFlags() & Qt::TextSelectableByMouse);
}

void tst_CountWindow::listsWhatHappenedNewestFirst()
{
    show();
    m_model->reportOpened();
    m_model->setCount(3);
    m_model->setCount(4);
    m_model->reportClosed();
    const auto *const list = m_window->findChild<QListView *>();
    QTRY_COMPARE(list->model()->rowCount(), 4);
    QTRY_VERIFY(list->visualRect(list->model()->index(3, 0)).isValid());
    const auto rect = [&](int row) { return list->visualRect(list->model()->index(row, 0)); };
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"Connection closed"_s);
    QVERIFY(rect(0).bottom() < rect(3).top());
    QCOMPARE(list->model()->index(3, 0).data().toString(), u"Connection open"_s);
}

void tst_CountWindow::showsEachOfSeveralSources()
{
    show();
    auto *const sources = m_window->findChild<QWidget *>(u"sources"_s);
    const auto lines = [sources] {
        QStringList texts;
        const auto labels = sources->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            texts.append(label->text());
        return texts;
    };
    m_model->setCount(3);
    m_model->setStatus(CountModel::Status::Live);
    QTRY_COMPARE(text(u"number"_s), u"3"_s);
    QVERIFY(!sources->isVisible()); // one source is the sum

    CountModel *const broken = m_feeds->add(u"mail"_s, u"Mail"_s);
    broken->setCount(4);
    broken->setStale();
    broken->setStatus(CountModel::Status::Failed, u"The server is gone."_s);
    QTRY_COMPARE(text(u"number"_s), u"7"_s);
    QVERIFY(sources->isVisible());
    QVERIFY(!m_window->findChild<QLabel *>(u"state"_s)->isVisible());
    const QStringList shown = lines();
    QCOMPARE(shown.size(), 6);
    QCOMPARE(shown.at(0), m_model->title());
    QCOMPARE(shown.at(1), u"3"_s);
    QCOMPARE(shown.at(2), u"Connected"_s);
    QCOMPARE(shown.at(3), u"Mail"_s);
    QCOMPARE(shown.at(4), u"4"_s);
    QVERIFY2(shown.at(5).startsWith(u"Failed · as of "_s), qPrintable(shown.at(5)));
    QVERIFY2(shown.at(5).endsWith(u"\nThe server is gone."_s), qPrintable(shown.at(5)));
}

void tst_CountWindow::catchesUpWhenItIsShownAgain()
{
    show();
    m_model->setCount(3);
    QTRY_COMPARE(text(u"number"_s), u"3"_s);
    m_window->hide();
    m_model->setCount(4);
    show();
    QCOMPARE(text(u"number"_s), u"4"_s);
}

void tst_CountWindow::offersWhatFits_data()
{
    QTest::addColumn<Status>("status");
    QTest::addColumn<bool>("open");
    QTest::newRow("off") << Status::Off << true;
    QTest::newRow("failed") << Status::Failed << true;
    QTest::newRow("login needed") << Status::LoginNeeded << true;
    QTest::newRow("not permitted") << Status::NotPermitted << true;
    QTest::newRow("connecting") << Status::Connecting << false;
    QTest::newRow("live") << Status::Live << false;
    QTest::newRow("reconnecting") << Status::Reconnecting << false;
}

void tst_CountWindow::offersWhatFits()
{
    QFETCH(Status, status);
    m_model->setStatus(status);
    show();
    QTEST(button(u"&Open"_s)->isEnabled(), "open");
    QTEST(!button(u"&Close"_s)->isEnabled(), "open");
    QVERIFY(button(u"&Quit"_s)->isEnabled());
}

void tst_CountWindow::turnsButtonsAndKeysIntoRequests()
{
    show();
    QSignalSpy open(m_window.get(), &CountWindow::openRequested);
    QSignalSpy close(m_window.get(), &CountWindow::closeRequested);
    QSignalSpy quit(m_window.get(), &CountWindow::quitRequested);
    QTest::mouseClick(button(u"&Open"_s), Qt::LeftButton);
    QCOMPARE(open.count(), 1);
    m_model->setStatus(Status::Live);
    QTRY_VERIFY(button(u"&Close"_s)->isEnabled());
    QTest::mouseClick(button(u"&Close"_s), Qt::LeftButton);
    QCOMPARE(close.count(), 1);
    QTest::mouseClick(button(u"&Quit"_s), Qt::LeftButton);
    QCOMPARE(quit.count(), 1);
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_Q, Qt::ControlModifier);
    QCOMPARE(quit.count(), 2);
}

void tst_CountWindow::hidesWhereThereIsATray()
{
    m_window->setHasTray(true);
    show();
    QSignalSpy quit(m_window.get(), &CountWindow::quitRequested);
    m_window->close();
    QVERIFY(!m_window->isVisible());
    show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QVERIFY(!m_window->isVisible());
    QCOMPARE(quit.count(), 0);
}

void tst_CountWindow::asksToQuitWhereThereIsNone()
{
    show();
    QSignalSpy quit(m_window.get(), &CountWindow::quitRequested);
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QVERIFY(m_window->isVisible());
    QCOMPARE(quit.count(), 0);
    m_window->close();
    QCOMPARE(quit.count(), 1);
}

void tst_CountWindow::togglesAtAClickOnTheTray()
{
    m_window->setHasTray(true);
    m_window->toggle();
    QVERIFY(m_window->isVisible());
    m_window->toggle();
    QVERIFY(!m_window->isVisible());
    m_window->showMinimized();
    m_window->toggle();
    QVERIFY(m_window->isVisible());
    QVERIFY(!m_window->isMinimized());
}

void tst_CountWindow::standsNextToThePointer_data()
{
    QTest::addColumn<QPoint>("pixel");
    const QRect screen = QGuiApplication::primaryScreen()->geometry();
    QTest::newRow("top right corner") << screen.topRight() + QPoint(-10, 10);
    QTest::newRow("bottom right corner") << screen.bottomRight() - QPoint(10, 10);
    QTest::newRow("bottom left corner") << screen.bottomLeft() + QPoint(0, -1);
    QTest::newRow("the middle") << screen.center();
}

void tst_CountWindow::standsNextToThePointer()
{
    QFETCH(QPoint, pixel);
    m_window->setHasTray(true);
    m_window->toggle(pixel);
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    const QRect window = m_window->frameGeometry();
    QVERIFY2(screen.contains(window), qPrintable(QDebug::toString(window)));
    QVERIFY(!window.contains(pixel));
    QVERIFY(window.adjusted(-20, -20, 20, 20).contains(pixel));
    m_window->toggle(pixel);
    QVERIFY(!m_window->isVisible());

    m_window->toggle(QPoint(50'000, -50'000)); // on no screen: the desktop chooses
    QVERIFY(m_window->isVisible());
}

void tst_CountWindow::marksWhatWaitsAsSeenAndTakesItBack()
{
    SeenMark seen(m_feeds.get());
    m_window->followSeen(&seen);
    connect(m_window.get(), &CountWindow::markSeenRequested, &seen, &SeenMark::markAll);
    connect(m_window.get(), &CountWindow::undoSeenRequested, &seen, &SeenMark::undo);
    auto *const mark = m_window->findChild<QPushButton *>(u"mark"_s);
    show();
    QVERIFY(!mark->isVisible());
    m_model->setCount(3);
    QTRY_VERIFY(mark->isVisible());
    QCOMPARE(text(u"caption"_s), u"waiting"_s);
    QTest::mouseClick(mark, Qt::LeftButton);
    QTRY_COMPARE(mark->text(), u"&Undo"_s);
    QCOMPARE(text(u"caption"_s), u"waiting, 0 new"_s);
    QCOMPARE(m_model->newCount(), 0);
    m_model->setCount(5);
    QTRY_COMPARE(mark->text(), u"&Mark seen"_s);
    QCOMPARE(text(u"caption"_s), u"waiting, 2 new"_s);
    QTest::mouseClick(mark, Qt::LeftButton);
    QTRY_COMPARE(mark->text(), u"&Undo"_s);
    QTest::mouseClick(mark, Qt::LeftButton);
    QTRY_COMPARE(m_model->newCount(), 2);
}

void tst_CountWindow::saysWhatWentWrongAtAClick()
{
    show();
    m_window->setTrouble(u"No program opens web pages."_s);
    QVERIFY(m_window->findChild<QLabel *>(u"trouble"_s)->isVisible());
    QCOMPARE(text(u"trouble"_s), u"No program opens web pages."_s);
    m_window->setTrouble({});
    QVERIFY(!m_window->findChild<QLabel *>(u"trouble"_s)->isVisible());
}

void tst_CountWindow::explainsThatThereIsNothingToCount()
{
    FeedList none;
    Journal journal(&none);
    CountWindow window(&none, &journal);
    window.setNotice(u"Put a source into the folder."_s);
    window.present();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const auto *const notice = window.findChild<QLabel *>(u"notice"_s);
    const auto *const number = window.findChild<QLabel *>(u"number"_s);
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->text(), u"Put a source into the folder."_s);
    QVERIFY(!number->isVisible());
    none.add(u"work"_s, u"Work"_s);
    QTRY_VERIFY(number->isVisible());
    QVERIFY(!notice->isVisible());
}

void tst_CountWindow::tellsItsNamesToScreenReaders()
{
    m_model->setCount(3);
    show();
    QList<QWidget *> widgets = {m_window->findChild<QListView *>(),
                                m_window->findChild<QLabel *>(u"number"_s)};
    const auto buttons = m_window->findChildren<QPushButton *>();
    for (QPushButton *candidate : buttons)
        widgets.append(candidate);
    QCOMPARE(widgets.size(), 7);
    for (QWidget *widget : std::as_const(widgets)) {
        QAccessibleInterface *const spoken = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(spoken);
        QVERIFY2(spoken->text(QAccessible::Name).size() > 3, qPrintable(widget->objectName()));
    }
    QCOMPARE(widgets.at(1)->accessibleName(), u"3 waiting"_s);
}

void tst_CountWindow::hasAnIcon()
{
    for (const int size : {16, 32, 64}) {
        const QImage image = m_window->windowIcon().pixmap(size).toImage();
        QCOMPARE(image.size(), QSize(size, size));
        QVERIFY(qAlpha(image.pixel(size / 2, size / 2)) > 0);
    }
}

void tst_CountWindow::savesItsPicture_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<Status>("status");
    QTest::newRow("live-light") << false << Status::Live;
    QTest::newRow("live-dark") << true << Status::Live;
    QTest::newRow("stale-light") << false << Status::Reconnecting;
    QTest::newRow("stale-dark") << true << Status::Reconnecting;
    QTest::newRow("login-light") << false << Status::LoginNeeded;
    QTest::newRow("off-dark") << true << Status::Off;
}

// TALLYBELL_PICTURES names a folder, for a person's eye.
void tst_CountWindow::savesItsPicture()
{
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (folder.isEmpty())
        QSKIP("TALLYBELL_PICTURES is not set");
    QFETCH(bool, dark);
    QFETCH(Status, status);
    const QPalette before = QApplication::palette();
    if (dark) {
        QPalette palette(QColor(0x2b, 0x2e, 0x33));
        palette.setColor(QPalette::Base, QColor(0x1f, 0x22, 0x26));
        QApplication::setPalette(palette);
    }
    m_model->reportOpened();
    for (const int count : {3, 4, 7, 6, 5, 12})
        m_model->setCount(count);
    m_model->setStatus(Status::Live);
    m_model->setSeen(8);
    const SeenMark seen(m_feeds.get());
    m_window->followSeen(&seen);
    if (status != Status::Live) {
        m_model->setStale();
        m_model->reportClosed();
        m_model->setStatus(status,
                           status == Status::Reconnecting
                               ? u"The server closed the connection. Trying again in 8 seconds."_s
                               : status == Status::LoginNeeded
                               ? u"The server at work.example.org refused the password of mia."_s
                               : QString());
    }
    show();
    m_window->repaint();
    QVERIFY(m_window->grab().save(
        u"%1/window-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
    QApplication::setPalette(before);

    FeedList none;
    Journal journal(&none);
    CountWindow empty(&none, &journal);
    empty.setNotice(
        u"Describe a server in a file in ~/.config/tallybell/sources, or start Tallybell "
        "with --demo to see it at work."_s);
    empty.present();
    QVERIFY(QTest::qWaitForWindowExposed(&empty));
    QVERIFY(empty.grab().save(folder + u"/window-empty.png"_s));
}

QTEST_MAIN(tst_CountWindow)
#include "tst_countwindow.moc"
