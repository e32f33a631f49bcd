// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ui/openquestion.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::Literals;

namespace {

const QUrl address(u"mailto:a@b.example?subject=x"_s);

} // namespace

class tst_OpenQuestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void opensWhatTheUserAgreesTo();
    void opensNothingOtherwise_data();
    void opensNothingOtherwise();
    void asksAgainWithoutHavingLearnt();
    void dropsTheQuestionThatWaits();
    void showsTheAddressAsItIs_data();
    void showsTheAddressAsItIs();
    void savesItsPicture();

private:
    [[nodiscard]] QPushButton *button(const QString &text) const;

    std::unique_ptr<OpenQuestion> m_question;
    std::unique_ptr<QSignalSpy> m_agreed;
};

void tst_OpenQuestion::init()
{
    m_agreed.reset();
    m_question = std::make_unique<OpenQuestion>();
    m_agreed = std::make_unique<QSignalSpy>(m_question.get(), &OpenQuestion::agreed);
}

QPushButton *tst_OpenQuestion::button(const QString &text) const
{
    const auto buttons = m_question->findChildren<QPushButton *>();
    for (QPushButton *const button : buttons) {
        if (button->text() == text)
            return button;
    }
    qFatal("no %s", qPrintable(text));
}

void tst_OpenQuestion::opensWhatTheUserAgreesTo()
{
    m_question->ask(address);
    QVERIFY(QTest::qWaitForWindowActive(m_question.get()));
    QVERIFY(!m_question->isModal());
    button(u"&Open"_s)->click();
    QCOMPARE(m_agreed->count(), 1);
    QCOMPARE(m_agreed->constFirst().constFirst().toUrl(), address);
    QVERIFY(!m_question->isVisible());
}

void tst_OpenQuestion::opensNothingOtherwise_data()
{
    QTest::addColumn<int>("key"); // 0: the window is closed
    QTest::newRow("return") << int(Qt::Key_Return);
    QTest::newRow("space") << int(Qt::Key_Space);
    QTest::newRow("escape") << int(Qt::Key_Escape);
    QTest::newRow("a close of the window") << 0;
}

void tst_OpenQuestion::opensNothingOtherwise()
{
    QFETCH(int, key);
    m_question->ask(address);
    QVERIFY(QTest::qWaitForWindowActive(m_question.get()));
    QTRY_VERIFY(m_question->focusWidget());
    if (key != 0)
        QTest::keyClick(m_question->focusWidget(), Qt::Key(key));
    else
        QVERIFY(m_question->close());
    QTRY_VERIFY(!m_question->isVisible());
    QCOMPARE(m_agreed->count(), 0);
}

void tst_OpenQuestion::asksAgainWithoutHavingLearnt()
{
    m_question->ask(address);
    button(u"&Open"_s)->setFocus();
    button(u"&Open"_s)->click();
    m_question->ask(address);
    QVERIFY(QTest::qWaitForWindowActive(m_question.get()));
    QCOMPARE(m_question->focusWidget(), button(u"&Do not open"_s));
    QTest::keyClick(m_question->focusWidget(), Qt::Key_Return);
    QCOMPARE(m_agreed->count(), 1);
}

void tst_OpenQuestion::dropsTheQuestionThatWaits()
{
    m_question->ask(QUrl(u"tel:1"_s));
    m_question->ask(address);
    button(u"&Open"_s)->click();
    QCOMPARE(m_agreed->count(), 1);
    QCOMPARE(m_agreed->constFirst().constFirst().toUrl(), address);
}

void tst_OpenQuestion::showsTheAddressAsItIs_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("shown");
    QTest::newRow("short") << address << address.toString();
    QTest::newRow("letters that look like others")
        << QUrl(u"slack://b\u0430nk.example/"_s) << u"slack://xn--bnk-6cd.example/"_s;
    QTest::newRow("a text that turns") << QUrl(u"tel:1\u202e2"_s) << u"tel:1%E2%80%AE2"_s;
    QTest::newRow("a line end") << QUrl(u"mailto:a%0ACc:b"_s) << u"mailto:a%0ACc:b"_s;
    QTest::newRow("a place for another text") << QUrl(u"x-a:%251%252"_s) << u"x-a:%251%252"_s;
    QTest::newRow("long") << QUrl(u"mailto:a?body="_s + QString(5000, u'b'))
                          << QString(u"mailto:a?body="_s + QString(5000, u'b'));
}

void tst_OpenQuestion::showsTheAddressAsItIs()
{
    QFETCH(QUrl, url);
    QFETCH(QString, shown);
    m_question->ask(url);
    QCOMPARE(m_question->detailedText(), shown);
    if (shown.size() < 40)
        QVERIFY2(m_question->text().contains(shown), qPrintable(m_question->text()));
    QVERIFY(QTest::qWaitForWindowExposed(m_question.get()));
    QVERIFY2(m_question->width() < 800, qPrintable(QString::number(m_question->width())));
}

void tst_OpenQuestion::savesItsPicture()
{
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (folder.isEmpty())
        QSKIP("TALLYBELL_PICTURES is not set");
    m_question->ask(
        QUrl(u"slack://channel?team=T024BE7LD&id=C024BE91L&message=1700000000.000100"_s));
    QVERIFY(QTest::qWaitForWindowActive(m_question.get()));
    QVERIFY(m_question->grab().save(folder + "/openquestion.png"_L1));
}

QTEST_MAIN(tst_OpenQuestion)
#include "tst_openquestion.moc"
