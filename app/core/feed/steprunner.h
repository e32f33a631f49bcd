// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>

QT_BEGIN_NAMESPACE
class QNetworkAccessManager;
QT_END_NAMESPACE

/*! How a row of steps ended. */
struct StepOutcome
{
    enum class Kind {
        Done,
        Transient, //!< The network, or a server in trouble: worth another try later.
        Unauthorized, //!< 401: the session, or what was sent to log in, does not count.
        Forbidden, //!< 403.
        MissingPermission, //!< A requirement does not hold.
        Refused, //!< The answer is not what the source file expects: trying again is no use.
    };

    Kind kind = Kind::Done;
    QString sentence; //!< What is wrong, where, and what to do; empty when Done.
    Variables extracted;
    std::optional<int> count; //!< The last one that a step had to find.
};

/*!
    Runs the steps of a source one after the other, each with the variables that those before it
    extracted, and stops at the first that fails. It is used once, and it never tries again.
*/
class StepRunner : public QObject
{
    Q_OBJECT

public:
    /*! \a manager is not owned and must outlive the runner. */
    StepRunner(QNetworkAccessManager *manager, const Source &source, const Variables &variables,
               QObject *parent = nullptr);

    /*! Finishes at once, though not before it returns, when \a steps is empty. */
    void run(const QList<Step> &steps);

    /*! Stops the request on its way; finished() will not be emitted. */
    void cancel();

Q_SIGNALS:
    /*! Once for each run(). A slot may delete the runner with deleteLater(). */
    void finished(const StepOutcome &outcome);

private:
    void next();
    void readAnswer();
    void finish(StepOutcome::Kind kind, const QString &sentence = {});
    void finishByStatus(int status);
    void finishByNetworkError();
    void letReplyGo();
    [[nodiscard]] bool isExpected(int status) const;
    [[nodiscard]] bool checkForm(bool isJson);
    [[nodiscard]] bool checkRequirements(const QJsonValue &root);
    [[nodiscard]] bool extract(const QJsonValue &root);
    [[nodiscard]] bool findCount(const QByteArray &body);
    [[nodiscard]] QString answerKind() const;

    QNetworkAccessManager *const m_manager;
    const Source m_source;
    Variables m_variables;
    QList<Step> m_steps; // the first is the one on its way
    QPointer<QNetworkReply> m_reply;
    QString m_place; // of the request, as sentences name it
    QTimer m_timer;
    bool m_isCancelled = false;
    StepOutcome m_outcome;
};
