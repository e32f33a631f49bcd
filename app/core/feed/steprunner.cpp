// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "steprunner.h"

#include "countrule.h"
#include "requesttemplate.h"

#include "core/source/jsonpointer.h"
#include "core/source/jsontext.h"

#include <QJsonArray>
#include <QLoggingCategory>
#include <QNetworkAccessManager>
#include <QUuid>

#include <algorithm>

using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.step", QtInfoMsg)

constexpr qint64 maximumAnswer = 8 * 1024 * 1024; // bytes

bool isTransient(int status)
{
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

// What an extraction keeps of a JSON value: the text of a string, a number or a truth value.
std::optional<QString> toText(const std::optional<QJsonValue> &value)
{
    if (!value || value->isObject() || value->isArray() || value->isNull())
        return {};
    return value->toVariant().toString();
}

bool holds(const Requirement &requirement, const QJsonValue &root)
{
    const std::optional<QJsonValue> value = resolvePointer(root, requirement.pointer);
    if (requirement.exists && *requirement.exists != value.has_value())
        return false;
    if (requirement.equals && value != requirement.equals)
        return false;
    if (requirement.containsAny.isEmpty())
        return true;
    const QJsonArray array = value.value_or(QJsonValue()).toArray();
    return std::any_of(requirement.containsAny.begin(), requirement.containsAny.end(),
                       [&array](const QJsonValue &wanted) { return array.contains(wanted); });
}

// Whether nothing can be found in an answer that is not JSON.
bool needsJson(const Step &step)
{
    return !step.requirements.isEmpty()
        || (step.count && step.count->reduce != CountLocation::Reduce::Lines)
        || std::any_of(step.extractions.begin(), step.extractions.end(),
                       [](const Step::Extraction &extraction) { return !extraction.fallback; });
}

QString describe(const Requirement &requirement)
{
    QStringList wanted;
    for (const QJsonValue &value : requirement.containsAny)
        wanted.append(value.toVariant().toString());
    if (requirement.equals)
        wanted.append(requirement.equals->toVariant().toString());
    return wanted.isEmpty() ? requirement.pointer : wanted.join(u", ");
}

} // namespace

StepRunner::StepRunner(QNetworkAccessManager *manager, const Source &source,
                       const Variables &variables, QObject *parent)
    : QObject(parent)
    , m_manager(manager)
    , m_source(source)
    , m_variables(variables)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        finish(StepOutcome::Kind::Transient, tr("%1 did not answer in time.").arg(m_place));
    });
}

void StepRunner::run(const QList<Step> &steps)
{
    m_steps = steps;
    // Queued: the caller has connected and returned before it hears of the end.
    QMetaObject::invokeMethod(this, &StepRunner::next, Qt::QueuedConnection);
}

void StepRunner::cancel()
{
    m_isCancelled = true;
    m_timer.stop();
    letReplyGo();
}

void StepRunner::next()
{
    if (m_isCancelled)
        return;
    if (m_steps.isEmpty()) {
        finish(StepOutcome::Kind::Done);
        return;
    }
    const Step &step = m_steps.constFirst();
    RenderedRequest rendered = renderStep(m_source, step, m_variables);
    if (!rendered.error.isEmpty()) {
        finish(StepOutcome::Kind::Refused, rendered.error);
        return;
    }
    // QNetworkAccessManager sends a POST again when the connection drops before the answer.
    if (step.method != "GET" && step.method != "HEAD"
        && !rendered.request.hasRawHeader("Idempotency-Key"))
        rendered.request.setRawHeader("Idempotency-Key",
                                      QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    m_place = rendered.place;
    qCDebug(log).noquote() << step.method << m_place;
    m_timer.start(step.timeout.count() > 0 ? step.timeout : m_source.timeout);
    m_reply = m_manager->sendCustomRequest(rendered.request, step.method, rendered.body);
    connect(m_reply, &QNetworkReply::finished, this, &StepRunner::readAnswer);
    // Nothing is read before the end. Not downloadProgress(), which leaves out what comes at once.
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        if (m_reply->bytesAvailable() > maximumAnswer)
            finish(StepOutcome::Kind::Refused,
                   tr("%1 answered with more than this app takes in. Check the address.")
                       .arg(m_place));
    });
}

void StepRunner::readAnswer()
{
    m_timer.stop();
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QNetworkReply::NetworkError error = m_reply->error();
    if (status == 0 || error == QNetworkReply::InsecureRedirectError) {
        finishByNetworkError();
    } else if (!isExpected(status)) {
        finishByStatus(status);
    } else if (error != QNetworkReply::NoError && status < 400) {
        finishByNetworkError(); // cut in the middle of the body
    } else {
        const QByteArray body = m_reply->readAll();
        const std::optional<QJsonValue> json = parseJson(body);
        const QJsonValue root = json.value_or(QJsonValue());
        if (checkForm(json.has_value()) && checkRequirements(root) && extract(root)
            && findCount(body)) {
            m_steps.removeFirst();
            letReplyGo();
            next();
        }
    }
}

// The four below finish the run themselves when they return false.

bool StepRunner::checkForm(bool isJson)
{
    if (isJson || !needsJson(m_steps.constFirst()))
        return true;
    finish(StepOutcome::Kind::Refused,
           tr("The answer of %1 is not JSON. %2").arg(m_place, answerKind()));
    return false;
}

bool StepRunner::checkRequirements(const QJsonValue &root)
{
    for (const Requirement &requirement : m_steps.constFirst().requirements) {
        if (!holds(requirement, root)) {
            finish(StepOutcome::Kind::MissingPermission,
                   tr("You are not permitted to see this count: “%1” is missing. Ask whoever "
                      "manages %2.")
                       .arg(describe(requirement), m_reply->url().host()));
            return false;
        }
    }
    return true;
}

bool StepRunner::extract(const QJsonValue &root)
{
    const QMap<QString, Step::Extraction> &extractions = m_steps.constFirst().extractions;
    for (auto entry = extractions.begin(); entry != extractions.end(); ++entry) {
        std::optional<QString> value = toText(resolvePointer(root, entry->pointer));
        if (!value)
            value = entry->fallback;
        if (!value) {
            finish(StepOutcome::Kind::Refused,
                   tr("The answer of %1 has nothing at “%2”, where “%3” should be. %4")
                       .arg(m_place, entry->pointer, entry.key(), answerKind()));
            return false;
        }
        m_variables.insert(entry.key(), *value);
        m_outcome.extracted.insert(entry.key(), *value);
    }
    return true;
}

bool StepRunner::findCount(const QByteArray &body)
{
    const std::optional<CountLocation> &location = m_steps.constFirst().count;
    if (!location)
        return true;
    m_outcome.count = countIn(body, *location);
    if (!m_outcome.count)
        finish(StepOutcome::Kind::Refused,
               tr("The answer of %1 has no number at “%2”. %3")
                   .arg(m_place, location->pointer, answerKind()));
    return m_outcome.count.has_value();
}

// What came instead is often the whole explanation: a login page, for instance.
QString StepRunner::answerKind() const
{
    const QString type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString().left(100);
    return tr("It is %1. Check the address in the source file.")
        .arg(type.isEmpty() ? tr("without a content type") : type);
}

void StepRunner::finishByStatus(int status)
{
    const QString phrase =
        m_reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString().left(100);
    const QString answer = tr("%1 answered %2 %3.").arg(m_place, QString::number(status), phrase);
    if (status == 401)
        finish(StepOutcome::Kind::Unauthorized, answer);
    else if (status == 403)
        finish(StepOutcome::Kind::Forbidden, answer);
    else if (isTransient(status))
        finish(StepOutcome::Kind::Transient, answer);
    else
        finish(StepOutcome::Kind::Refused,
               answer + u' ' + tr("Check the address in the source file."));
}

void StepRunner::finishByNetworkError()
{
    switch (m_reply->error()) {
    case QNetworkReply::SslHandshakeFailedError:
        finish(StepOutcome::Kind::Refused,
               tr("The secure connection to %1 was refused: %2. The server's certificate must be "
                  "trusted, valid and made for this host.")
                   .arg(m_reply->url().host(), m_reply->errorString()));
        break;
    case QNetworkReply::InsecureRedirectError:
        finish(StepOutcome::Kind::Refused,
               tr("%1 redirects to another server, which is not followed. Put the final address "
                  "into the source file.")
                   .arg(m_place));
        break;
    default:
        finish(StepOutcome::Kind::Transient,
               tr("%1 cannot be reached: %2.").arg(m_place, m_reply->errorString()));
    }
}

void StepRunner::finish(StepOutcome::Kind kind, const QString &sentence)
{
    m_timer.stop();
    m_steps.clear();
    letReplyGo();
    m_outcome.kind = kind;
    m_outcome.sentence = sentence;
    Q_EMIT finished(m_outcome);
}

// abort() emits from within itself, and a reply must not be deleted inside its own signal.
void StepRunner::letReplyGo()
{
    if (QNetworkReply *const reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

bool StepRunner::isExpected(int status) const
{
    const QList<int> &expected = m_steps.constFirst().expectedStatus;
    return expected.isEmpty() ? status >= 200 && status <= 299 : expected.contains(status);
}
