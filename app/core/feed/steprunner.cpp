// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "steprunner.h"

#include "answercache.h"
#include "requesttemplate.h"

#include "core/source/jsontext.h"
#include "core/source/stepvariables.h"

#include <sselib/retryafter.h>

#include <QLoggingCategory>
#include <QNetworkAccessManager>
#include <QNetworkCookie>
#include <QSslConfiguration>
#include <QUuid>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.step", QtInfoMsg)

constexpr qint64 maximumAnswer = 8 * 1024 * 1024; // bytes

bool isTransient(int status)
{
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

// Whether nothing can be found in an answer that is not JSON.
bool needsJson(const Step &step)
{
    return !step.requirements.isEmpty() || !step.expectations.isEmpty()
        || (step.count && step.count->reduce != CountLocation::Reduce::Lines)
        || std::any_of(step.extractions.begin(), step.extractions.end(),
                       [](const Extraction &extraction) {
                           return extraction.pointer && !extraction.fallback;
                       });
}

// What a server says of an error in the JSON of its answer.
QString messageIn(const QJsonValue &root)
{
    constexpr qsizetype longest = 200;
    return firstText(root, {u"/msg"_s, u"/message"_s, u"/error"_s, u"/detail"_s, u"/title"_s})
        .value_or(QString())
        .simplified()
        .left(longest);
}

QByteArray imageIn(const QString &text)
{
    const qsizetype comma = text.startsWith("data:"_L1) ? text.indexOf(u',') : -1;
    return QByteArray::fromBase64(text.sliced(comma + 1).toLatin1());
}

} // namespace

namespace {

// A 304 has not the headers and cookies of the answer that it stands for.
bool looksIntoHead(const Step &step)
{
    return std::any_of(step.extractions.begin(), step.extractions.end(),
                       [](const Extraction &extraction) {
                           return !extraction.header.isEmpty() || !extraction.cookie.isEmpty();
                       });
}

} // namespace

StepOutcome::Kind kindOf(ErrorClass::Meaning meaning)
{
    switch (meaning) {
    case ErrorClass::Meaning::Expired:
        return StepOutcome::Kind::Unauthorized;
    case ErrorClass::Meaning::Auth:
        return StepOutcome::Kind::SecretRefused;
    case ErrorClass::Meaning::Permission:
        return StepOutcome::Kind::Forbidden;
    case ErrorClass::Meaning::Rate:
    case ErrorClass::Meaning::Transient:
        return StepOutcome::Kind::Transient;
    case ErrorClass::Meaning::Gone:
    case ErrorClass::Meaning::Fatal:
        return StepOutcome::Kind::Refused;
    }
    Q_UNREACHABLE();
}

StepOutcome::Kind kindOfStatus(int status)
{
    if (status == 401)
        return StepOutcome::Kind::Unauthorized;
    if (status == 403)
        return StepOutcome::Kind::Forbidden;
    return isTransient(status) ? StepOutcome::Kind::Transient : StepOutcome::Kind::Refused;
}

void drop(QPointer<StepRunner> &runner)
{
    if (StepRunner *const dropped = std::exchange(runner, nullptr)) {
        dropped->cancel();
        dropped->deleteLater();
    }
}

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

void StepRunner::askAgain()
{
    if (!m_reply || sendsWhatIsGoodForOnce())
        return;
    m_timer.stop();
    letReplyGo();
    QMetaObject::invokeMethod(this, &StepRunner::repeat, Qt::QueuedConnection);
}

bool StepRunner::sendsWhatIsGoodForOnce() const
{
    const Step &step = m_steps.constFirst();
    const bool changesNothing = step.method == "GET" || step.method == "HEAD";
    const QSet<QString> names = namesUsedBy({step}, m_source);
    return std::any_of(names.begin(), names.end(), [&](const QString &name) {
        if (m_answers.contains(name))
            return true;
        if (changesNothing || m_variables.value(name).isEmpty())
            return false;
        // A token is there to be sent many times, unless it is given in exchange for the next one.
        const bool isGiven = name != m_source.tokenVariable && m_outcome.extracted.contains(name);
        return isGiven || step.extractions.contains(name);
    });
}

void StepRunner::repeat()
{
    if (!m_isCancelled && !m_reply && !m_steps.isEmpty())
        send();
}

void StepRunner::next()
{
    if (m_isCancelled)
        return;
    if (m_steps.isEmpty()) {
        finish(StepOutcome::Kind::Done);
        return;
    }
    const Step step = m_steps.constFirst();
    if (!step.isDue(m_variables))
        stepDone();
    else if (step.prompt)
        ask(*step.prompt);
    else
        request(step);
}

void StepRunner::ask(const Step::Prompt &prompt)
{
    if (!m_prompter) {
        finish(StepOutcome::Kind::Declined,
               tr("“%1” has to be asked, and nobody is there to answer. Start Tallybell with its "
                  "window.")
                   .arg(prompt.label));
        return;
    }
    const QByteArray image = imageIn(prompt.image.render(m_variables).value_or(QString()));
    m_prompter->ask({m_source.name, m_source.title, prompt.label, prompt.kind, image}, this,
                    [this, prompt](const std::optional<QString> &text) {
                        if (m_isCancelled)
                            return;
                        if (!text) {
                            finish(StepOutcome::Kind::Declined,
                                   tr("“%1” was not answered. Open the connection again to be "
                                      "asked again.")
                                       .arg(prompt.label));
                            return;
                        }
                        m_answers.insert(prompt.variable);
                        keep(prompt.variable, *text);
                        stepDone();
                    });
}

void StepRunner::request(const Step &step)
{
    RenderedRequest rendered = renderStep(m_source, step, m_variables);
    m_place = rendered.place;
    if (!rendered.error.isEmpty()) {
        finish(StepOutcome::Kind::Refused, rendered.error);
        return;
    }
    // QNetworkAccessManager sends a POST again when the connection drops before the answer.
    if (step.method != "GET" && step.method != "HEAD"
        && !rendered.request.hasRawHeader("Idempotency-Key"))
        rendered.request.setRawHeader("Idempotency-Key",
                                      QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    if (m_cache && step.method == "GET" && !looksIntoHead(step)) {
        if (const QByteArray tag = m_cache->entityTag(rendered.request.url()); !tag.isEmpty())
            rendered.request.setRawHeader("If-None-Match", tag);
    }
    if (!m_caCertificates.isEmpty()) {
        QSslConfiguration tls = rendered.request.sslConfiguration();
        tls.addCaCertificates(m_caCertificates);
        rendered.request.setSslConfiguration(tls);
    }
    m_request = rendered;
    send();
}

void StepRunner::send()
{
    const Step &step = m_steps.constFirst();
    qCDebug(log).noquote() << step.method << m_place;
    m_timer.start(step.timeout.count() > 0 ? step.timeout : m_source.timeout);
    m_reply = m_manager->sendCustomRequest(m_request.request, step.method, m_request.body);
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
    const QUrl asked = m_reply->request().url();
    if (status == 0 || error == QNetworkReply::InsecureRedirectError
        || (error != QNetworkReply::NoError && status < 400)) { // cut in the middle of the body
        finishByNetworkError();
    } else if (status == 304 && m_cache && !m_cache->entityTag(asked).isEmpty()) {
        interpret(200, m_cache->body(asked));
    } else {
        const QByteArray body = m_reply->readAll();
        if (m_cache && status == 200 && m_steps.constFirst().method == "GET")
            m_cache->insert(asked, m_reply->rawHeader("ETag"), body);
        interpret(status, body);
    }
}

void StepRunner::interpret(int status, const QByteArray &body)
{
    const std::optional<QJsonValue> json = parseJson(body);
    const QJsonValue root = json.value_or(QJsonValue());
    if (!checkErrors(status, root))
        return;
    if (!isExpected(status)) {
        finishByStatus(status);
        return;
    }
    if (checkForm(json.has_value()) && checkExpectations(root) && checkRequirements(root)
        && extract(root, body) && findCount(body)) {
        letReplyGo();
        stepDone();
    }
}

void StepRunner::stepDone()
{
    m_steps.removeFirst();
    if (const Variables extracted = std::exchange(m_extracted, {}); !extracted.isEmpty())
        Q_EMIT this->extracted(extracted);
    next();
}

// The six below finish the run themselves when they return false.

// Some servers say 401 inside a 200.
bool StepRunner::checkErrors(int status, const QJsonValue &root)
{
    const QString type = m_reply->header(QNetworkRequest::ContentTypeHeader).toString();
    const auto found =
        std::find_if(m_source.errors.begin(), m_source.errors.end(), [&](const ErrorClass &error) {
            return (error.statuses.isEmpty() || error.statuses.contains(status))
                && (!error.contentType || error.contentType->match(type).hasMatch())
                && (!error.condition || error.condition->holds(root));
        });
    if (found == m_source.errors.end())
        return true;
    constexpr std::chrono::seconds politeWait{60};
    if (found->meaning == ErrorClass::Meaning::Rate)
        m_outcome.notBefore = politeWait;
    const StepOutcome::Kind kind = kindOf(found->meaning);
    m_outcome.isWebPage = kind == StepOutcome::Kind::Unauthorized && status < 400 && isWebPage();
    const QString message = messageIn(root);
    finish(kind,
           message.isEmpty() ? statusSentence(status)
                             : statusSentence(status) + u' ' + tr("It says: “%1”.").arg(message));
    return false;
}

bool StepRunner::checkForm(bool isJson)
{
    if (isJson || !needsJson(m_steps.constFirst()))
        return true;
    m_outcome.isWebPage = isWebPage();
    finish(StepOutcome::Kind::Refused,
           tr("The answer of %1 is not JSON. %2").arg(m_place, answerKind()));
    return false;
}

bool StepRunner::checkExpectations(const QJsonValue &root)
{
    if (allHold(m_steps.constFirst().expectations, root))
        return true;
    const QString message = messageIn(root);
    finish(StepOutcome::Kind::Refused,
           message.isEmpty()
               ? tr("The answer of %1 is not what the source file expects.").arg(m_place)
               : tr("The answer of %1 is not what the source file expects. It says: “%2”.")
                     .arg(m_place, message));
    return false;
}

bool StepRunner::checkRequirements(const QJsonValue &root)
{
    for (const Condition &requirement : m_steps.constFirst().requirements) {
        if (!requirement.holds(root)) {
            finish(StepOutcome::Kind::MissingPermission,
                   tr("You are not permitted to see this count: “%1” is missing. Ask whoever "
                      "manages %2.")
                       .arg(requirement.wanted(), m_reply->url().host()));
            return false;
        }
    }
    return true;
}

bool StepRunner::extract(const QJsonValue &root, const QByteArray &body)
{
    const QMap<QString, Extraction> extractions = m_steps.constFirst().extractions;
    for (auto entry = extractions.begin(); entry != extractions.end(); ++entry) {
        std::optional<QString> value = find(*entry, root, body);
        if (!value && entry->fallback) // rendered here: the variable may have a value already
            value = Template(*entry->fallback).render(m_variables);
        if (!value) {
            const QString place = !entry->header.isEmpty() ? QString::fromLatin1(entry->header)
                : !entry->cookie.isEmpty()                 ? QString::fromUtf8(entry->cookie)
                                                           : entry->pointer.value_or(QString());
            finish(StepOutcome::Kind::Refused,
                   tr("The answer of %1 has nothing at “%2”, where “%3” should be. %4")
                       .arg(m_place, place, entry.key(), answerKind()));
            return false;
        }
        keep(entry.key(), *value);
    }
    return true;
}

std::optional<QString> StepRunner::find(const Extraction &extraction, const QJsonValue &root,
                                        const QByteArray &body) const
{
    if (!extraction.header.isEmpty() && m_reply->hasRawHeader(extraction.header))
        return extraction.find({}, QString::fromUtf8(m_reply->rawHeader(extraction.header)));
    if (!extraction.cookie.isEmpty()) {
        const auto cookies =
            m_reply->header(QNetworkRequest::SetCookieHeader).value<QList<QNetworkCookie>>();
        for (const QNetworkCookie &cookie : cookies) {
            if (cookie.name() == extraction.cookie)
                return extraction.find({}, QString::fromUtf8(cookie.value()));
        }
    }
    if (!extraction.header.isEmpty() || !extraction.cookie.isEmpty())
        return {};
    return extraction.find(root, QString::fromUtf8(body));
}

void StepRunner::keep(const QString &name, const QString &value)
{
    m_variables.insert(name, value);
    m_extracted.insert(name, value);
    m_outcome.extracted.insert(name, value);
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

QString StepRunner::statusSentence(int status) const
{
    const QString phrase =
        m_reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString().left(100);
    return tr("%1 answered %2 %3.").arg(m_place, QString::number(status), phrase);
}

void StepRunner::finishByStatus(int status)
{
    const StepOutcome::Kind kind = kindOfStatus(status);
    const QString answer = statusSentence(status);
    if (status == 200 && expectsRedirect(m_steps.constFirst()) && isWebPage())
        finish(StepOutcome::Kind::Unauthorized,
               tr("%1 shows its form again: it does not accept what it was sent.").arg(m_place));
    else if (kind == StepOutcome::Kind::Refused)
        finish(kind, answer + u' ' + tr("Check the address in the source file."));
    else
        finish(kind, answer);
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
    if (kind == StepOutcome::Kind::Transient && m_reply) {
        const auto asked = Sse::parseRetryAfter(m_reply->rawHeader("Retry-After"),
                                                std::chrono::system_clock::now());
        m_outcome.notBefore = std::max(m_outcome.notBefore, asked.value_or(0ms));
    }
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

bool StepRunner::isWebPage() const
{
    return m_reply->header(QNetworkRequest::ContentTypeHeader)
        .toString()
        .startsWith("text/html"_L1);
}

bool StepRunner::isExpected(int status) const
{
    const QList<int> &expected = m_steps.constFirst().expectedStatus;
    return expected.isEmpty() ? status >= 200 && status <= 299 : expected.contains(status);
}
