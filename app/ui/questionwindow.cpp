// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "questionwindow.h"

#include "applicationicon.h"
#include "strangepicture.h"

#include <QApplication>
#include <QCheckBox>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::Literals;

namespace {

constexpr int margin = 18;
constexpr int leastWidth = 380;
constexpr QSize pictureSpace(leastWidth - 2 * margin - 16, 160);
constexpr qsizetype longestLabel = 200; // characters; some are a server's
constexpr int longestAnswer = 4096; // characters

using Kind = PromptQuestion::Kind;

QString remarkFor(Kind kind)
{
    switch (kind) {
    case Kind::Captcha:
        return QuestionWindow::tr("The server wants to know what its picture says.");
    case Kind::OneTimeCode:
        return QuestionWindow::tr("The server wants a one-time code, which holds for a minute or "
                                  "so.");
    case Kind::Text:
        break;
    }
    return QuestionWindow::tr("The server wants to know this to log you in.");
}

// What people put around or between the characters of such an answer is not a part of it.
QString cleaned(const QString &text, const PromptQuestion &prompt, bool isSecret)
{
    if (isSecret || prompt.kind == Kind::Text)
        return text;
    QString cleaned = text.simplified();
    if (prompt.kind == Kind::OneTimeCode)
        cleaned.remove(u' ');
    return cleaned;
}

QLabel *createLabel(const QString &name)
{
    auto *const label = new QLabel;
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText); // its text may be a server's
    label->setWordWrap(true);
    return label;
}

} // namespace

QuestionWindow::QuestionWindow(QWidget *parent)
    : QDialog(parent)
{
    setWindowIcon(applicationIcon());
    m_title = createLabel(u"title"_s);
    QFont bold = font();
    bold.setPointSizeF(bold.pointSizeF() * 1.3);
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_remark = createLabel(u"remark"_s);
    m_picture = createLabel(u"picture"_s);
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setFrameShape(QFrame::StyledPanel);
    m_picture->setMargin(6);
    m_label = createLabel(u"label"_s);
    m_field = new QLineEdit;
    m_field->setMaxLength(longestAnswer);
    m_label->setBuddy(m_field);
    m_reveal = new QCheckBox(tr("&Show what I type"));
    m_remember = new QCheckBox(tr("&Remember in the keyring"));
    m_waiting = createLabel(u"waiting"_s);
    m_decline = new QPushButton(tr("&Not now"));
    m_decline->setAutoDefault(false);
    m_continue = new QPushButton(tr("&Continue"));
    m_continue->setDefault(true);

    connect(m_reveal, &QCheckBox::toggled, m_field, [this](bool isRevealed) {
        m_field->setEchoMode(isRevealed ? QLineEdit::Normal : QLineEdit::Password);
        m_field->setFocus();
    });
    connect(m_field, &QLineEdit::textChanged, this, &QuestionWindow::offerToContinue);
    connect(m_decline, &QPushButton::clicked, this, &QuestionWindow::reject);
    connect(m_continue, &QPushButton::clicked, this, &QuestionWindow::accept);

    auto *const fields = new QVBoxLayout;
    fields->setSpacing(6);
    fields->addWidget(m_label);
    fields->addWidget(m_field);
    fields->addWidget(m_reveal);
    fields->addWidget(m_remember);

    auto *const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_waiting, 1);
    buttons->addWidget(m_decline);
    buttons->addWidget(m_continue);

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(12);
    layout->addWidget(m_title);
    layout->addWidget(m_remark);
    layout->addWidget(m_picture);
    layout->addLayout(fields);
    layout->addStretch();
    layout->addLayout(buttons);
    setMinimumWidth(leastWidth);
    resize(leastWidth, height());
}

QuestionWindow::~QuestionWindow() = default;

void QuestionWindow::askSecret(const SecretQuestion &question, QObject *context,
                               const SecretTaker &answer)
{
    append({context,
            {{}, question.title, question.label, Kind::Text, {}},
            question.remark,
            true,
            question.canRemember,
            answer});
}

void QuestionWindow::ask(const PromptQuestion &question, QObject *context, const Answer &answer)
{
    append({context, question, remarkFor(question.kind), false, false,
            [answer](const std::optional<GivenSecret> &given) {
                answer(given ? std::optional(given->secret) : std::nullopt);
            }});
}

void QuestionWindow::append(Question question)
{
    connect(question.context, &QObject::destroyed, this, &QuestionWindow::takeBack,
            Qt::UniqueConnection);
    m_questions.push_back(std::move(question));
    if (m_questions.size() > 1) {
        showHowManyWait();
        return;
    }
    showFirst();
    show();
    raise();
    activateWindow();
    QApplication::alert(this); // where the window manager lets nobody take the focus
}

void QuestionWindow::takeBack(QObject *context)
{
    const bool isShown = !m_questions.empty() && m_questions.front().context == context;
    std::erase_if(m_questions,
                  [context](const Question &question) { return question.context == context; });
    if (isShown)
        showFirst();
    else
        showHowManyWait();
}

// The answer comes last: it may ask again, or be the end of this window.
void QuestionWindow::answerFirst(const std::optional<GivenSecret> &given)
{
    const SecretTaker answer = m_questions.front().answer;
    m_questions.pop_front();
    showFirst();
    answer(given);
}

void QuestionWindow::accept()
{
    if (m_questions.empty() || !m_continue->isEnabled())
        return;
    const Question &question = m_questions.front();
    answerFirst(GivenSecret{cleaned(m_field->text(), question.prompt, question.isSecret),
                            question.canRemember && m_remember->isChecked()});
}

void QuestionWindow::reject()
{
    if (!m_questions.empty())
        answerFirst({});
}

void QuestionWindow::closeEvent(QCloseEvent *event)
{
    event->accept();
    std::deque<Question> declined;
    m_questions.swap(declined);
    showFirst();
    // One context may take back what another one asked, by ending it.
    QList<QPointer<QObject>> contexts;
    for (const Question &question : declined)
        contexts.append(question.context);
    for (size_t index = 0; index < declined.size(); ++index) {
        if (contexts.at(qsizetype(index)))
            declined[index].answer({});
    }
}

void QuestionWindow::showFirst()
{
    wipe();
    if (m_questions.empty()) {
        hide();
        return;
    }
    const Question &question = m_questions.front();
    const PromptQuestion &prompt = question.prompt;
    const QString label = prompt.label.simplified().left(longestLabel);
    setWindowTitle(tr("Log in: %1").arg(prompt.title));
    m_title->setText(prompt.title);
    m_remark->setText(question.remark);
    m_remark->setVisible(!question.remark.isEmpty());
    m_label->setText(label);
    m_field->setAccessibleName(label);
    m_field->setAccessibleDescription(question.remark);
    m_field->setEchoMode(question.isSecret ? QLineEdit::Password : QLineEdit::Normal);
    m_field->setInputMethodHints(
        Qt::ImhNoAutoUppercase | Qt::ImhNoPredictiveText
        | (question.isSecret ? Qt::ImhHiddenText | Qt::ImhSensitiveData : Qt::ImhNone));
    m_field->setEnabled(true);
    m_reveal->setVisible(question.isSecret);
    m_remember->setVisible(question.canRemember);
    m_remember->setChecked(question.canRemember);
    m_picture->setVisible(prompt.kind == Kind::Captcha);
    if (prompt.kind == Kind::Captcha)
        showPicture(prompt.image);
    m_field->setFocus();
    showHowManyWait();
    offerToContinue();
    layout()->activate();
    resize(this->width(),
           layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(this->width())
                                         : layout()->totalSizeHint().height());
}

void QuestionWindow::showPicture(const QByteArray &bytes)
{
    const StrangePicture picture = StrangePicture::read(bytes);
    if (picture.image.isNull()) {
        m_picture->setText(picture.error + u' '
                           + tr("Without it there is nothing to answer: press “Not now”, then open "
                                "the connection again to get another one."));
        m_picture->setAccessibleName(m_picture->text());
        m_field->setEnabled(false);
        return;
    }
    QPixmap pixmap = QPixmap::fromImage(picture.image);
    if (pixmap.width() > pictureSpace.width() || pixmap.height() > pictureSpace.height())
        pixmap = pixmap.scaled(pictureSpace, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    m_picture->setPixmap(pixmap);
    m_picture->setAccessibleName(tr("The picture to read"));
}

void QuestionWindow::showHowManyWait()
{
    const qsizetype more = std::max<qsizetype>(0, questionCount() - 1);
    m_waiting->setText(more > 0 ? tr("%n more to answer", nullptr, int(more)) : QString());
}

// Nothing of an answer stays behind, not even for Undo.
void QuestionWindow::wipe()
{
    m_reveal->setChecked(false);
    m_field->setText({});
    m_picture->clear();
}

void QuestionWindow::offerToContinue()
{
    m_continue->setEnabled(m_field->isEnabled() && !m_field->text().isEmpty());
}
