// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/secrets/prompter.h"

#include <QDialog>

#include <deque>
#include <functional>
#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

/*! A secret that a person is asked for. */
struct SecretQuestion
{
    QString title; //!< The source's, for people.
    QString label; //!< The secret's, for people.
    QString remark; //!< A sentence on why it is asked for; may be empty.
    bool canRemember = false; //!< There is a keyring to put it in.
};

/*! What the person wrote. */
struct GivenSecret
{
    QString secret;
    bool remember = false; //!< Put it into the keyring.
};

/*!
    The one window that asks, for secrets and for what logins prompt. It blocks nothing.

    Questions wait in a queue, one is shown at a time. The window comes to the front when there is a
    question and none was there; then it is left alone. "Not now" and Escape decline the question
    that is shown, closing the window declines all that wait. It asks nothing a second time.
*/
class QuestionWindow : public QDialog, public Prompter
{
    Q_OBJECT

public:
    using SecretTaker = std::function<void(const std::optional<GivenSecret> &given)>;

    explicit QuestionWindow(QWidget *parent = nullptr);
    ~QuestionWindow() override;

    /*! As Prompter::ask(). */
    void askSecret(const SecretQuestion &question, QObject *context, const SecretTaker &answer);
    void ask(const PromptQuestion &question, QObject *context, const Answer &answer) override;

    /*! How many questions wait for their answer, the one that is shown included. */
    [[nodiscard]] qsizetype questionCount() const { return qsizetype(m_questions.size()); }

public Q_SLOTS:
    void accept() override;
    void reject() override;

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    struct Question
    {
        QObject *context; // only compared: it may be half gone
        PromptQuestion prompt;
        QString remark;
        bool isSecret;
        bool canRemember;
        SecretTaker answer;
    };

    void append(Question question);
    void takeBack(QObject *context);
    void answerFirst(const std::optional<GivenSecret> &given);
    void showFirst();
    void showPicture(const QByteArray &bytes);
    void showHowManyWait();
    void wipe();
    void offerToContinue();

    std::deque<Question> m_questions; // the first one is shown

    QLabel *m_title;
    QLabel *m_remark;
    QLabel *m_picture;
    QLabel *m_label;
    QLineEdit *m_field;
    QCheckBox *m_reveal;
    QCheckBox *m_remember;
    QLabel *m_waiting;
    QPushButton *m_decline;
    QPushButton *m_continue;
};
