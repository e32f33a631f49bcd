// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feed/countrule.h"
#include "core/feed/requesttemplate.h"

#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QSslCertificate>
#include <QTimer>

QT_BEGIN_NAMESPACE
class QNetworkAccessManager;
QT_END_NAMESPACE

class AnswerCache;

/*! How a row of steps ended. */
struct StepOutcome
{
    enum class Kind {
        Done,
        Transient, //!< The network, or a server in trouble: worth another try later.
        Unauthorized, //!< 401: the session, or what was sent to log in, does not count.
        SecretRefused, //!< The source says that this answer refuses the secret for good.
        Forbidden, //!< 403.
        MissingPermission, //!< A requirement does not hold.
        Refused, //!< The answer is not what the source file expects: trying again is no use.
        Declined, //!< A question has no answer: a person said so, or there is none to ask.
    };

    Kind kind = Kind::Done;
    QString sentence; //!< What is wrong, where, and what to do; empty when Done.
    Variables extracted;
    std::optional<FoundCount> count; //!< The last one that a step had to find.
    std::chrono::milliseconds notBefore{0}; //!< What a Retry-After asks for.
    bool isWebPage = false; //!< HTML came where JSON was expected: perhaps a login page.
};

class StepRunner;

/*! Cancels \a runner, if there is one, and deletes it later; nothing is heard of it any more. */
void drop(QPointer<StepRunner> &runner);

/*! What an answer that a source's "errors" name means for the flow. */
[[nodiscard]] StepOutcome::Kind kindOf(ErrorClass::Meaning meaning);

/*! What an answer with \a status means that was not expected. */
[[nodiscard]] StepOutcome::Kind kindOfStatus(int status);

/*!
    Runs the steps of a source one after the other, each with the variables that those before it
    extracted, and stops at the first that fails. It is used once, and never tries again by itself.
*/
class StepRunner : public QObject
{
    Q_OBJECT

public:
    /*! \a manager is not owned and must outlive the runner. */
    StepRunner(QNetworkAccessManager *manager, const Source &source, const Variables &variables,
               QObject *parent = nullptr);

    /*! Who answers the questions of steps; none by default. Not owned. */
    void setPrompter(Prompter *prompter) { m_prompter = prompter; }

    /*! Where answers with an ETag are kept; none by default. Not owned. */
    void setAnswerCache(AnswerCache *cache) { m_cache = cache; }

    /*! Authorities that are trusted besides the system's; none by default. */
    void setCaCertificates(const QList<QSslCertificate> &certificates)
    {
        m_caCertificates = certificates;
    }

    /*! Finishes at once, though not before it returns, when \a steps is empty. */
    void run(const QList<Step> &steps);

    /*!
        Drops the request that is on its way and sends the same one again, not before it returns: the
        connection may lead nowhere any more. A question to a person stays as it is.

        What may be good for one time only is not sent twice: what a person answered, what an earlier
        answer of this run gave for a request that changes something, and what the answer is to
        replace. The server may have used it up. Such a request stays on its way until it is answered
        or its time is over.
    */
    void askAgain();

    /*! A request is on its way. */
    [[nodiscard]] bool isAsking() const { return m_reply; }

    /*! Stops the request on its way; finished() will not be emitted. */
    void cancel();

Q_SIGNALS:
    /*! A step gave \a variables a value, which the next request may use: not sent before it returns. */
    void extracted(const Variables &variables);
    /*! Once for each run(). A slot may delete the runner with deleteLater(). */
    void finished(const StepOutcome &outcome);

private:
    void next();
    void ask(const Step::Prompt &prompt);
    void request(const Step &step);
    void send();
    void repeat();
    [[nodiscard]] bool sendsWhatIsGoodForOnce() const;
    void readAnswer();
    void interpret(int status, const QByteArray &body);
    void stepDone();
    [[nodiscard]] bool checkErrors(int status, const QJsonValue &root);
    void finish(StepOutcome::Kind kind, const QString &sentence = {});
    void finishByStatus(int status);
    void finishByNetworkError();
    void letReplyGo();
    [[nodiscard]] bool isExpected(int status) const;
    [[nodiscard]] bool isWebPage() const;
    [[nodiscard]] bool checkForm(bool isJson);
    [[nodiscard]] bool checkExpectations(const QJsonValue &root);
    [[nodiscard]] bool checkRequirements(const QJsonValue &root);
    [[nodiscard]] bool extract(const QJsonValue &root, const QByteArray &body);
    [[nodiscard]] std::optional<QString> find(const Extraction &extraction, const QJsonValue &root,
                                              const QByteArray &body) const;
    void keep(const QString &name, const QString &value);
    [[nodiscard]] bool findCount(const QByteArray &body);
    [[nodiscard]] QString answerKind() const;
    [[nodiscard]] QString statusSentence(int status) const;

    QNetworkAccessManager *const m_manager;
    const Source m_source;
    Variables m_variables;
    Variables m_extracted; // by the step on its way
    QSet<QString> m_answers; // of a person, by their variables
    QList<Step> m_steps; // the first is the one on its way
    RenderedRequest m_request; // of it
    QPointer<QNetworkReply> m_reply;
    Prompter *m_prompter = nullptr;
    AnswerCache *m_cache = nullptr;
    QList<QSslCertificate> m_caCertificates;
    QString m_place; // of the request, as sentences name it
    QTimer m_timer;
    bool m_isCancelled = false;
    StepOutcome m_outcome;
};
