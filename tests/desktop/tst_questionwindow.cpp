// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ui/questionwindow.h"
#include "ui/strangepicture.h"

#include <QAccessible>
#include <QApplication>
#include <QBuffer>
#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QtEndian>

#include <memory>

using namespace Qt::Literals;
using Kind = PromptQuestion::Kind;

namespace {

// What became of a question.
struct Fate
{
    int answers = 0;
    std::optional<QString> text;
    bool remember = false;
};

QByteArray encoded(const QImage &image, const char *format)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return buffer.data();
}

QImage captcha(QSize size = {180, 60})
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(QColor(u"#e8e4d8"_s));
    QPainter painter(&image);
    QFont font = painter.font();
    font.setPixelSize(size.height() / 2);
    font.setItalic(true);
    painter.setFont(font);
    painter.drawText(image.rect(), Qt::AlignCenter, u"x7 kQ 2m"_s);
    painter.drawLine(0, size.height() / 3, size.width(), size.height() / 2);
    return image;
}

quint32 pngChecksum(QByteArrayView bytes)
{
    quint32 sum = 0xffffffff;
    for (const char byte : bytes) {
        sum ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320U : 0);
    }
    return ~sum;
}

// A PNG of some 70 bytes that claims to have these sides.
QByteArray bomb(quint32 width, quint32 height)
{
    constexpr qsizetype header = 12; // where "IHDR" begins, which the checksum goes over
    QByteArray png = encoded(captcha({8, 8}), "png");
    qToBigEndian(width, png.data() + header + 4);
    qToBigEndian(height, png.data() + header + 8);
    qToBigEndian(pngChecksum(QByteArrayView(png).sliced(header, 17)), png.data() + header + 17);
    return png;
}

} // namespace

class tst_QuestionWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksForASecret();
    void hidesWhatIsTypedUntilToldOtherwise();
    void offersToRememberOnlyWhereItCan();
    void needsAnAnswerToContinue();
    void comesToTheFrontOnce();
    void asksOneAfterTheOther();
    void declinesTheOneThatIsShown_data();
    void declinesTheOneThatIsShown();
    void declinesAllWhenItIsClosed();
    void takesBackTheQuestionsOfWhoIsGone();
    void mayBeAskedFromWithinAnAnswer();
    void mayEndFromWithinAnAnswer();
    void keepsNothingOfAnAnswer();
    void readsPromptsAsPeopleWriteThem_data();
    void readsPromptsAsPeopleWriteThem();
    void showsAPicture_data();
    void showsAPicture();
    void refusesAHostilePicture_data();
    void refusesAHostilePicture();
    void showsALabelAsText();
    void tellsItsNamesToScreenReaders();
    void savesItsPicture_data();
    void savesItsPicture();

private:
    void askSecret(Fate *fate, QObject *context, const QString &label = u"Password"_s,
                   bool canRemember = true, const QString &remark = {});
    void ask(Fate *fate, Kind kind, const QByteArray &image = {});
    [[nodiscard]] QLineEdit *field() const { return m_window->findChild<QLineEdit *>(); }
    [[nodiscard]] QLabel *label(const QString &name) const
    {
        return m_window->findChild<QLabel *>(name);
    }
    template <typename Button>
    [[nodiscard]] Button *button(const QString &text) const;

    std::unique_ptr<QObject> m_context;
    std::unique_ptr<QuestionWindow> m_window;
};

void tst_QuestionWindow::init()
{
    m_context = std::make_unique<QObject>();
    m_window = std::make_unique<QuestionWindow>();
}

void tst_QuestionWindow::cleanup()
{
    m_window.reset();
    m_context.reset();
}

template <typename Button>
Button *tst_QuestionWindow::button(const QString &text) const
{
    const auto buttons = m_window->findChildren<Button *>();
    for (Button *candidate : buttons) {
        if (candidate->text() == text)
            return candidate;
    }
    return nullptr;
}

void tst_QuestionWindow::askSecret(Fate *fate, QObject *context, const QString &label,
                                   bool canRemember, const QString &remark)
{
    m_window->askSecret({u"Work"_s, label, remark, canRemember}, context,
                        [fate](const std::optional<GivenSecret> &given) {
                            ++fate->answers;
                            if (given) {
                                fate->text = given->secret;
                                fate->remember = given->remember;
                            }
                        });
}

void tst_QuestionWindow::ask(Fate *fate, Kind kind, const QByteArray &image)
{
    m_window->ask({u"work"_s, u"Work"_s, u"What is asked"_s, kind, image}, m_context.get(),
                  [fate](const std::optional<QString> &text) {
                      ++fate->answers;
                      fate->text = text;
                  });
}

void tst_QuestionWindow::asksForASecret()
{
    QVERIFY(!m_window->isVisible());
    Fate fate;
    askSecret(&fate, m_context.get(), u"Password"_s, true, u"The server refused the last one."_s);
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(!m_window->isModal());
    QCOMPARE(label(u"title"_s)->text(), u"Work"_s);
    QCOMPARE(label(u"label"_s)->text(), u"Password"_s);
    QCOMPARE(label(u"remark"_s)->text(), u"The server refused the last one."_s);
    QVERIFY(!label(u"picture"_s)->isVisible());
    QTest::keyClicks(field(), u" hunter2 "_s);
    QCOMPARE(fate.answers, 0);
    QTest::keyClick(field(), Qt::Key_Return);
    QCOMPARE(fate.answers, 1);
    QCOMPARE(fate.text, u" hunter2 "_s);
    QVERIFY(fate.remember);
    QVERIFY(!m_window->isVisible());
    QCOMPARE(m_window->questionCount(), 0);
}

void tst_QuestionWindow::hidesWhatIsTypedUntilToldOtherwise()
{
    Fate fate;
    askSecret(&fate, m_context.get());
    QCOMPARE(field()->echoMode(), QLineEdit::Password);
    QVERIFY(field()->inputMethodHints().testFlag(Qt::ImhHiddenText));
    auto *const reveal = button<QCheckBox>(u"&Show what I type"_s);
    reveal->click();
    QCOMPARE(field()->echoMode(), QLineEdit::Normal);
    askSecret(&fate, m_context.get());
    m_window->reject();
    QCOMPARE(field()->echoMode(), QLineEdit::Password); // the next one
    QVERIFY(!reveal->isChecked());
}

void tst_QuestionWindow::offersToRememberOnlyWhereItCan()
{
    auto *const remember = button<QCheckBox>(u"&Remember in the keyring"_s);
    Fate without;
    askSecret(&without, m_context.get(), u"Password"_s, false);
    QVERIFY(!remember->isVisible());
    field()->setText(u"x"_s);
    m_window->accept();
    QVERIFY(!without.remember);

    Fate with;
    askSecret(&with, m_context.get(), u"Password"_s, true);
    QVERIFY(remember->isVisible());
    QVERIFY(remember->isChecked());
    remember->click();
    field()->setText(u"x"_s);
    m_window->accept();
    QCOMPARE(with.text, u"x"_s);
    QVERIFY(!with.remember);
}

void tst_QuestionWindow::needsAnAnswerToContinue()
{
    Fate fate;
    askSecret(&fate, m_context.get());
    auto *const next = button<QPushButton>(u"&Continue"_s);
    QVERIFY(!next->isEnabled());
    QTest::keyClick(field(), Qt::Key_Return);
    QCOMPARE(fate.answers, 0);
    field()->setText(u"x"_s);
    QVERIFY(next->isEnabled());
    next->click();
    QCOMPARE(fate.answers, 1);
}

void tst_QuestionWindow::comesToTheFrontOnce()
{
    QWidget other;
    other.show();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    Fate fate;
    askSecret(&fate, m_context.get());
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    other.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    // Another question leaves the user where he is now, and so does an answer.
    QSignalSpy changed(qApp, &QGuiApplication::focusWindowChanged);
    askSecret(&fate, m_context.get());
    askSecret(&fate, m_context.get());
    m_window->reject();
    QCOMPARE(m_window->questionCount(), 2);
    QApplication::sync();
    QVERIFY(!changed.wait(200)); // nothing tells that nothing comes
    QVERIFY(other.isActiveWindow());
}

void tst_QuestionWindow::asksOneAfterTheOther()
{
    Fate first;
    Fate second;
    Fate third;
    askSecret(&first, m_context.get(), u"Password"_s);
    askSecret(&second, m_context.get(), u"Token"_s);
    QCOMPARE(label(u"waiting"_s)->text(), u"1 more to answer"_s);
    ask(&third, Kind::OneTimeCode);
    QCOMPARE(label(u"waiting"_s)->text(), u"2 more to answer"_s);
    QCOMPARE(label(u"label"_s)->text(), u"Password"_s);
    field()->setText(u"1"_s);
    m_window->accept();
    QCOMPARE(label(u"label"_s)->text(), u"Token"_s);
    QVERIFY(field()->text().isEmpty());
    field()->setText(u"2"_s);
    m_window->accept();
    QCOMPARE(label(u"label"_s)->text(), u"What is asked"_s);
    QCOMPARE(label(u"waiting"_s)->text(), QString());
    QCOMPARE(field()->echoMode(), QLineEdit::Normal);
    field()->setText(u"3"_s);
    m_window->accept();
    QCOMPARE(first.text, u"1"_s);
    QCOMPARE(second.text, u"2"_s);
    QCOMPARE(third.text, u"3"_s);
    QVERIFY(!m_window->isVisible());
}

void tst_QuestionWindow::declinesTheOneThatIsShown_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::newRow("Escape") << true;
    QTest::newRow("Not now") << false;
}

void tst_QuestionWindow::declinesTheOneThatIsShown()
{
    QFETCH(bool, byKey);
    Fate first;
    Fate second;
    askSecret(&first, m_context.get());
    askSecret(&second, m_context.get());
    field()->setText(u"half a pass"_s);
    if (byKey)
        QTest::keyClick(field(), Qt::Key_Escape);
    else
        button<QPushButton>(u"&Not now"_s)->click();
    QCOMPARE(first.answers, 1);
    QCOMPARE(first.text, std::nullopt);
    QCOMPARE(second.answers, 0);
    QVERIFY(m_window->isVisible());
    m_window->reject();
    QCOMPARE(second.answers, 1);
    QVERIFY(!m_window->isVisible());
    m_window->reject();
    QCOMPARE(second.answers, 1);
}

void tst_QuestionWindow::declinesAllWhenItIsClosed()
{
    Fate first;
    Fate second;
    askSecret(&first, m_context.get());
    ask(&second, Kind::Text);
    m_window->close();
    QCOMPARE(first.answers, 1);
    QCOMPARE(second.answers, 1);
    QCOMPARE(first.text, std::nullopt);
    QVERIFY(!m_window->isVisible());
    Fate third;
    askSecret(&third, m_context.get());
    QVERIFY(m_window->isVisible());
}

void tst_QuestionWindow::takesBackTheQuestionsOfWhoIsGone()
{
    Fate gone;
    Fate stays;
    auto source = std::make_unique<QObject>();
    askSecret(&gone, source.get(), u"Gone"_s);
    askSecret(&stays, m_context.get(), u"Stays"_s);
    askSecret(&gone, source.get(), u"Gone too"_s);
    field()->setText(u"half a pass"_s);
    source.reset();
    QCOMPARE(gone.answers, 0);
    QCOMPARE(m_window->questionCount(), 1);
    QCOMPARE(label(u"label"_s)->text(), u"Stays"_s);
    QVERIFY(field()->text().isEmpty());
    m_context.reset();
    QVERIFY(!m_window->isVisible());
    QCOMPARE(stays.answers, 0);
}

void tst_QuestionWindow::mayBeAskedFromWithinAnAnswer()
{
    Fate next;
    m_window->askSecret(
        {u"Work"_s, u"Password"_s, {}, false}, m_context.get(),
        [this, &next](const std::optional<GivenSecret> &) { ask(&next, Kind::OneTimeCode); });
    field()->setText(u"x"_s);
    m_window->accept();
    QVERIFY(m_window->isVisible());
    QCOMPARE(label(u"label"_s)->text(), u"What is asked"_s);
    QCOMPARE(next.answers, 0);
}

void tst_QuestionWindow::mayEndFromWithinAnAnswer()
{
    m_window->askSecret({u"Work"_s, u"Password"_s, {}, false}, m_context.get(),
                        [this](const std::optional<GivenSecret> &) { m_window.reset(); });
    field()->setText(u"x"_s);
    m_window->accept();
    QVERIFY(!m_window);
}

void tst_QuestionWindow::keepsNothingOfAnAnswer()
{
    Fate fate;
    askSecret(&fate, m_context.get());
    QTest::keyClicks(field(), u"hunter2"_s);
    m_window->accept();
    QVERIFY(field()->text().isEmpty());
    field()->undo();
    QVERIFY(field()->text().isEmpty());
}

void tst_QuestionWindow::readsPromptsAsPeopleWriteThem_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("read");
    QTest::newRow("a code in groups") << Kind::OneTimeCode << u" 123 456 "_s << u"123456"_s;
    QTest::newRow("a picture's words") << Kind::Captcha << u" two  words "_s << u"two words"_s;
    QTest::newRow("any text") << Kind::Text << u" as it is "_s << u" as it is "_s;
}

void tst_QuestionWindow::readsPromptsAsPeopleWriteThem()
{
    QFETCH(Kind, kind);
    QFETCH(QString, written);
    Fate fate;
    ask(&fate, kind, encoded(captcha(), "png"));
    QCOMPARE(field()->echoMode(), QLineEdit::Normal);
    QVERIFY(!button<QCheckBox>(u"&Remember in the keyring"_s)->isVisible());
    QVERIFY(!button<QCheckBox>(u"&Show what I type"_s)->isVisible());
    field()->setText(written);
    m_window->accept();
    QTEST(fate.text.value_or(QString()), "read");
}

void tst_QuestionWindow::showsAPicture_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QSize>("shown");
    QTest::newRow("PNG") << encoded(captcha(), "png") << QSize(180, 60);
    QTest::newRow("JPEG") << encoded(captcha(), "jpg") << QSize(180, 60);
    QTest::newRow("BMP") << encoded(captcha(), "bmp") << QSize(180, 60);
    QTest::newRow("GIF") << QByteArray::fromBase64(
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
                         << QSize(1, 1);
    QTest::newRow("wide") << encoded(captcha({1720, 100}), "png") << QSize(328, 19);
    QTest::newRow("high") << encoded(captcha({160, 1600}), "png") << QSize(16, 160);
}

void tst_QuestionWindow::showsAPicture()
{
    QFETCH(QByteArray, bytes);
    Fate fate;
    ask(&fate, Kind::Captcha, bytes);
    QVERIFY(label(u"picture"_s)->isVisible());
    QTEST(label(u"picture"_s)->pixmap().size(), "shown");
    QVERIFY(field()->isEnabled());
    askSecret(&fate, m_context.get());
    m_window->reject();
    QVERIFY(!label(u"picture"_s)->isVisible());
    QVERIFY(label(u"picture"_s)->pixmap().isNull());
}

void tst_QuestionWindow::refusesAHostilePicture_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const QString large = u"too large"_s;
    const QString broken = u"broken"_s;
    const QString strange = u"no picture of a kind"_s;
    QTest::newRow("none") << QByteArray() << u"sent no picture"_s;
    QTest::newRow("many bytes") << encoded(captcha(), "png")
            + QByteArray(StrangePicture::longestFile, '\0')
                                << large;
    QTest::newRow("many pixels in few bytes") << bomb(60000, 60000) << large;
    QTest::newRow("one pixel too wide") << bomb(StrangePicture::longestSide + 1, 1) << large;
    QTest::newRow("sides that overflow") << bomb(0x7fffffff, 0x7fffffff) << QString();
    QTest::newRow("no pixel") << bomb(0, 10) << broken;
    QTest::newRow("cut") << encoded(captcha(), "png").left(20) << broken;
    QTest::newRow("SVG, which can load files")
        << QByteArray(R"(<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>)")
        << strange;
    QTest::newRow("a login page") << QByteArray("<!DOCTYPE html><title>Log in</title>") << strange;
    QTest::newRow("XPM, which is a program's source")
        << QByteArray("/* XPM */\nstatic char *x[]") << strange;
}

void tst_QuestionWindow::refusesAHostilePicture()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const StrangePicture picture = StrangePicture::read(bytes);
    QVERIFY(picture.image.isNull());
    QVERIFY2(picture.error.contains(sentence), qPrintable(picture.error));
    Fate fate;
    ask(&fate, Kind::Captcha, bytes);
    QVERIFY(label(u"picture"_s)->pixmap().isNull());
    QVERIFY(label(u"picture"_s)->text().startsWith(picture.error));
    QVERIFY(!field()->isEnabled());
    field()->setText(u"a guess"_s);
    m_window->accept();
    QCOMPARE(fate.answers, 0);
    m_window->reject();
    QCOMPARE(fate.answers, 1);
    askSecret(&fate, m_context.get());
    QVERIFY(field()->isEnabled());
}

void tst_QuestionWindow::showsALabelAsText()
{
    Fate fate;
    const QString evil = u"<img src=\"file:///etc/passwd\">"_s;
    askSecret(&fate, m_context.get(), evil + QString(5000, u'x'));
    QCOMPARE(label(u"label"_s)->textFormat(), Qt::PlainText);
    QVERIFY(label(u"label"_s)->text().startsWith(evil));
    QCOMPARE(label(u"label"_s)->text().size(), 200);
}

void tst_QuestionWindow::tellsItsNamesToScreenReaders()
{
    Fate fate;
    askSecret(&fate, m_context.get(), u"Password"_s, true, u"The server refused the last one."_s);
    QAccessibleInterface *const accessible = QAccessible::queryAccessibleInterface(field());
    QCOMPARE(accessible->text(QAccessible::Name), u"Password"_s);
    QCOMPARE(accessible->text(QAccessible::Description), u"The server refused the last one."_s);
    QVERIFY(accessible->state().passwordEdit);
    field()->setText(u"hunter2"_s);
    QVERIFY(!accessible->text(QAccessible::Value).contains(u"hunter2"_s));
    ask(&fate, Kind::Captcha, encoded(captcha(), "png"));
    m_window->reject();
    QCOMPARE(QAccessible::queryAccessibleInterface(label(u"picture"_s))->text(QAccessible::Name),
             u"The picture to read"_s);
}

void tst_QuestionWindow::savesItsPicture_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("secret") << 0;
    QTest::newRow("refused") << 1;
    QTest::newRow("captcha") << 2;
    QTest::newRow("hostile") << 3;
    QTest::newRow("code") << 4;
}

// For whoever wants to see it: TALLYBELL_SCREENSHOTS=FOLDER
void tst_QuestionWindow::savesItsPicture()
{
    QFETCH(int, number);
    Fate fate;
    if (number == 0)
        askSecret(&fate, m_context.get());
    else if (number == 1)
        askSecret(&fate, m_context.get(), u"Password"_s, true,
                  u"The server refused the last one."_s);
    else if (number == 2)
        ask(&fate, Kind::Captcha, encoded(captcha(), "png"));
    else if (number == 3)
        ask(&fate, Kind::Captcha, bomb(60000, 60000));
    else
        ask(&fate, Kind::OneTimeCode);
    if (number == 1) {
        askSecret(&fate, m_context.get());
        askSecret(&fate, m_context.get());
        field()->setText(u"hunter2"_s);
    }
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    const QPixmap picture = m_window->grab();
    QVERIFY(!picture.isNull());
    if (const QString folder = qEnvironmentVariable("TALLYBELL_SCREENSHOTS"); !folder.isEmpty())
        QVERIFY(picture.save(QDir(folder).filePath(
            u"question-%1.png"_s.arg(QString::fromLatin1(QTest::currentDataTag())))));
}

QTEST_MAIN(tst_QuestionWindow)
#include "tst_questionwindow.moc"
