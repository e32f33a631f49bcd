// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcecheck.h"

#include "hostprobe.h"
#include "streamprobe.h"

#include "core/feed/requesttemplate.h"
#include "core/feed/steprunner.h"
#include "core/secrets/secretstore.h"

#include <QNetworkProxyFactory>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds unlockLimit = 60s; // a person types a password

// What a login extracts besides the token may be anything. Shorter than this it is rather a number
// of seconds or a name.
constexpr qsizetype leastSecretLength = 8;

// The address that \a address gives whatever its unknown variables are; none where scheme, host or
// port depend on them.
std::optional<QUrl> originIn(const Template &address, const Variables &variables)
{
    const auto guess = [&address, &variables](const QString &filler) {
        Variables all = variables;
        const QStringList names = address.names();
        for (const QString &name : names) {
            if (!all.contains(name))
                all.insert(name, filler);
        }
        const QString text = address.render(all).value_or(QString());
        const QUrl url =
            text.startsWith(u'/') ? QUrl(all.value(u"base"_s)).resolved(QUrl(text)) : QUrl(text);
        return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery
                            | QUrl::RemoveFragment);
    };
    const QUrl url = guess(u"1"_s);
    const bool isHttp = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!isHttp || url.host().isEmpty() || url != guess(u"2"_s))
        return {};
    return url;
}

// What QNetworkAccessManager finds out for itself before each request.
QNetworkProxy wayTo(const QUrl &url, const QNetworkAccessManager &manager)
{
    const QNetworkProxyQuery query(url);
    QNetworkProxy proxy = manager.proxy();
    if (QNetworkProxyFactory *const factory = manager.proxyFactory())
        proxy = factory->queryProxy(query).value(0);
    else if (proxy.type() == QNetworkProxy::DefaultProxy)
        proxy = QNetworkProxyFactory::proxyForQuery(query).value(0);
    return proxy.type() == QNetworkProxy::DefaultProxy ? QNetworkProxy(QNetworkProxy::NoProxy)
                                                       : proxy;
}

// Step runner and secret store end their sentences with what to do, where they know.
std::pair<QString, QString> splitRemedy(const QString &sentences)
{
    const qsizetype end = sentences.lastIndexOf(". "_L1);
    if (end < 0)
        return {sentences, {}};
    return {sentences.left(end + 1), sentences.mid(end + 2)};
}

QString wanted(const QList<Step> &permissions)
{
    QStringList texts;
    for (const Step &step : permissions) {
        for (const Condition &condition : step.requirements)
            texts.append(condition.wanted());
    }
    return texts.join(u", "_s);
}

} // namespace

SourceCheck::SourceCheck(const Source &source, SecretStore *secrets,
                         std::chrono::milliseconds limit, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_secrets(secrets)
    , m_limit(limit)
    , m_network(source)
    , m_variables(source.variables)
    , m_farewell(source, m_network.cookies())
{
    m_farewell.setDeadline(limit);
    // Some keep a token or password in the source file itself.
    m_redaction.hide(m_variables.value(m_source.tokenVariable));
    m_redaction.hide(m_variables.value(u"password"_s));
    m_secretTimer.setSingleShot(true);
    connect(&m_secretTimer, &QTimer::timeout, this, [this] {
        finishStage(CheckResult::bad(m_stage, CheckEnd::LoginNeeded,
                                     tr("The keyring did not give the secrets in time."),
                                     tr("Unlock the keyring, then check again.")));
    });
}

SourceCheck::~SourceCheck() = default;

void SourceCheck::start()
{
    QMetaObject::invokeMethod(this, &SourceCheck::probeHost, Qt::QueuedConnection);
}

void SourceCheck::stop()
{
    if (!m_isLeaving) {
        m_end = CheckEnd::Failed;
        leave(tr("Interrupted."));
    }
}

void SourceCheck::probeHost()
{
    if (m_isLeaving)
        return;
    beginStage();
    QString certificateError;
    m_caCertificates = Network::certificates(m_source, &certificateError);
    if (reportUnusable(certificateError))
        return;
    m_farewell.setCaCertificates(m_caCertificates);
    const std::optional<QUrl> address = knownAddress();
    if (!address) {
        // With all variables known, it is no address at all.
        const QStringList names = m_source.stream.url.names();
        const bool isComplete = !m_source.stream.url.isEmpty()
            && std::all_of(names.begin(), names.end(),
                           [this](const QString &name) { return m_variables.contains(name); });
        if (isComplete && reportUnusable(renderStream(m_source, m_variables).error))
            return;
        const QString why = tr("The host is known only after the login.");
        for (CheckStage stage : {CheckStage::Dns, CheckStage::Connect, CheckStage::Tls})
            report(CheckResult::skipped(stage, why));
        readSecrets();
        return;
    }
    const QNetworkProxy proxy = wayTo(*address, *m_network.stream());
    if (proxy.type() != QNetworkProxy::NoProxy)
        m_proxyName = proxy.hostName() + u':' + QString::number(proxy.port());
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.addCaCertificates(m_caCertificates);
    m_hostProbe = new HostProbe(*address, m_proxyName, m_limit, tls, this);
    connect(m_hostProbe, &HostProbe::stageDone, this, &SourceCheck::report);
    connect(m_hostProbe, &HostProbe::passed, this, [this] {
        m_hostProbe->deleteLater();
        readSecrets();
    });
    m_hostProbe->start();
}

// The stream's; where that is not known yet, the one of the first request.
std::optional<QUrl> SourceCheck::knownAddress() const
{
    std::optional<QUrl> origin = originIn(m_source.stream.url, m_variables);
    for (const QList<Step> *steps : {&m_source.login, &m_source.permissions, &m_source.snapshot}) {
        for (const Step &step : *steps) {
            if (!origin)
                origin = originIn(step.url, m_variables);
        }
    }
    return origin;
}

// One after the other: a keyring asks its user once.
void SourceCheck::readSecrets()
{
    if (!m_secretTimer.isActive()) {
        beginStage();
        m_secretTimer.start(m_limit);
    }
    for (auto secret = m_source.secrets.begin(); secret != m_source.secrets.end(); ++secret) {
        const QString &name = secret.key();
        if (m_variables.contains(name))
            continue;
        const Source::SecretDeclaration &declaration = *secret;
        m_secrets->read({m_source.name, name, m_source.title, declaration.label}, this,
                        [this, name, declaration](const SecretAnswer &answer) {
                            if (m_stage == CheckStage::Login && m_secretTimer.isActive())
                                takeSecret(name, declaration, answer);
                        });
        return;
    }
    m_secretTimer.stop();
    logIn();
}

void SourceCheck::takeSecret(const QString &name, const Source::SecretDeclaration &declaration,
                             const SecretAnswer &answer)
{
    if (answer.kind == SecretAnswer::Kind::Locked) {
        m_secretTimer.start(std::max(unlockLimit, m_limit));
        return;
    }
    if (answer.kind == SecretAnswer::Kind::Missing && declaration.required) {
        m_secretTimer.stop();
        const auto [finding, remedy] = splitRemedy(answer.sentence);
        finishStage(CheckResult::bad(m_stage, CheckEnd::LoginNeeded, finding, remedy));
        return;
    }
    m_redaction.hide(answer.secret);
    m_variables.insert(name, answer.secret);
    readSecrets();
}

void SourceCheck::logIn()
{
    if (m_source.login.isEmpty()) {
        finishStage(CheckResult::skipped(
            m_stage,
            m_source.secrets.isEmpty()
                ? tr("The source needs no login.")
                : tr("The source needs no login: its secrets go along with each request.")));
        authorize();
        return;
    }
    runSteps(m_source.login, [this](const StepOutcome &outcome) {
        if (outcome.kind != StepOutcome::Kind::Done) {
            finishStage(failure(outcome));
            return;
        }
        openSession();
        finishStage(CheckResult::good(m_stage,
                                      outcome.extracted.contains(m_source.tokenVariable)
                                          ? tr("The server lets you in, and gave a token.")
                                          : tr("The server lets you in.")));
        authorize();
    });
}

void SourceCheck::authorize()
{
    if (m_isLeaving)
        return;
    beginStage();
    if (m_source.permissions.isEmpty()) {
        finishStage(CheckResult::skipped(m_stage, tr("The source asks for no permission.")));
        countFirst();
        return;
    }
    runSteps(m_source.permissions, [this](const StepOutcome &outcome) {
        if (outcome.kind != StepOutcome::Kind::Done) {
            finishStage(failure(outcome));
            return;
        }
        const QString names = wanted(m_source.permissions);
        finishStage(CheckResult::good(m_stage,
                                      names.isEmpty()
                                          ? tr("You may see the count.")
                                          : tr("You may see the count: %1.").arg(names)));
        countFirst();
    });
}

void SourceCheck::countFirst()
{
    if (m_isLeaving)
        return;
    beginStage();
    if (m_source.snapshot.isEmpty()) {
        finishStage(CheckResult::skipped(m_stage, tr("The source fetches no number by itself.")));
        openStream();
        return;
    }
    runSteps(m_source.snapshot, [this](const StepOutcome &outcome) {
        if (outcome.kind != StepOutcome::Kind::Done) {
            finishStage(failure(outcome));
            return;
        }
        finishStage(CheckResult::good(m_stage,
                                      outcome.count
                                          ? tr("The number is %1.").arg(outcome.count->count)
                                          : tr("The server answered.")));
        openStream();
    });
}

void SourceCheck::openStream()
{
    if (m_isLeaving)
        return;
    beginStage();
    if (m_source.stream.url.isEmpty()) {
        finishStage(
            CheckResult::skipped(m_stage,
                                 tr("The source has no stream: the count is asked for every %n s.",
                                    nullptr, int(m_source.pollInterval.count()))));
        leave(tr("The source has no stream."));
        return;
    }
    const RenderedRequest rendered = renderStream(m_source, m_variables);
    if (reportUnusable(rendered.error))
        return;
    std::chrono::milliseconds openLimit = m_limit;
    if (m_source.stream.openTimeout > 0ms)
        openLimit = std::min(openLimit, m_source.stream.openTimeout);
    m_streamProbe =
        new StreamProbe(m_network.stream(), {openLimit, m_limit, m_plainRequestsWork}, this);
    connect(m_streamProbe, &StreamProbe::opened, this, &SourceCheck::openSession);
    connect(m_streamProbe, &StreamProbe::stageDone, this, &SourceCheck::report);
    connect(m_streamProbe, &StreamProbe::passed, this, [this] { leave({}); });
    m_streamProbe->open(rendered, m_source.stream.method, m_caCertificates);
}

// What is not reached is listed, and whoever is in the middle of something stops.
void SourceCheck::leave(const QString &why)
{
    if (std::exchange(m_isLeaving, true))
        return;
    m_secretTimer.stop();
    if (m_hostProbe) {
        m_hostProbe->disconnect(this);
        m_hostProbe->deleteLater();
    }
    if (m_streamProbe) {
        m_streamProbe->disconnect(this);
        m_streamProbe->close();
        m_streamProbe->deleteLater();
    }
    drop(m_runner);
    while (m_stage < CheckStage::Close)
        report(CheckResult::skipped(m_stage, why));
    beginStage();
    if (m_source.close.isEmpty()) {
        finishStage(CheckResult::skipped(m_stage, tr("The source has no close request.")));
        finish();
    } else if (!m_farewell.isOpen()) {
        finishStage(CheckResult::skipped(m_stage, tr("There is no session to close.")));
        finish();
    } else {
        const auto occasion = m_farewell.isWanted(Farewell::Occasion::Quit)
            ? Farewell::Occasion::Quit
            : Farewell::Occasion::Logout;
        m_farewell.send(occasion, this,
                        [this](const StepOutcome &outcome) { finishLeaving(outcome); });
    }
}

void SourceCheck::finishLeaving(const StepOutcome &outcome)
{
    const std::chrono::milliseconds duration(m_elapsed.elapsed());
    if (outcome.kind != StepOutcome::Kind::Done)
        finishStage(failure(outcome));
    else if (duration > m_source.closeBudget)
        finishStage(CheckResult::warning(
            m_stage, tr("The server knows that you leave, but took its time."),
            tr("On the way out the app waits only %1 ms (\"budgetMs\"): let the server answer "
               "sooner.")
                .arg(m_source.closeBudget.count())));
    else
        finishStage(CheckResult::good(m_stage, tr("The server knows that you leave.")));
    finish();
}

// Ends the walk where a request cannot even be made.
bool SourceCheck::reportUnusable(const QString &error)
{
    if (error.isEmpty())
        return false;
    const auto [finding, remedy] = splitRemedy(error);
    finishStage(
        CheckResult::bad(m_stage, CheckEnd::BadConfiguration, finding,
                         remedy.isEmpty() ? tr("Give it a value in the source file.") : remedy));
    return true;
}

void SourceCheck::runSteps(const QList<Step> &steps, const Next &next)
{
    const bool isRequest = !steps.constFirst().prompt && !steps.constFirst().when;
    if (isRequest && reportUnusable(renderStep(m_source, steps.constFirst(), m_variables).error))
        return;
    StepRunner *const runner = new StepRunner(m_network.steps(), m_source, m_variables, this);
    m_runner = runner;
    runner->setCaCertificates(m_caCertificates);
    connect(runner, &StepRunner::extracted, this, &SourceCheck::take);
    connect(runner, &StepRunner::finished, this, [this, runner, next](const StepOutcome &outcome) {
        runner->deleteLater();
        m_runner = nullptr;
        take(outcome.extracted); // of a step that failed all the same
        m_plainRequestsWork = outcome.kind == StepOutcome::Kind::Done;
        next(outcome);
    });
    runner->run(steps);
}

void SourceCheck::take(const Variables &extracted)
{
    for (auto value = extracted.begin(); value != extracted.end(); ++value) {
        if (value.key() == m_source.tokenVariable || value->size() >= leastSecretLength)
            m_redaction.hide(*value);
    }
    m_variables.insert(extracted);
    m_farewell.update(extracted);
    if (m_stage == CheckStage::Login && extracted.contains(m_source.tokenVariable))
        openSession(); // not only when the whole login is done: the next step may use it
}

void SourceCheck::openSession()
{
    m_farewell.open(m_variables);
}

CheckResult SourceCheck::failure(const StepOutcome &outcome) const
{
    auto [finding, remedy] = splitRemedy(outcome.sentence);
    const bool isLogin = m_stage == CheckStage::Login;
    CheckEnd end = CheckEnd::Failed;
    QString fallback;
    switch (outcome.kind) {
    case StepOutcome::Kind::Done:
        Q_UNREACHABLE();
    case StepOutcome::Kind::Transient:
        end = CheckEnd::CannotConnect;
        fallback = m_proxyName.isEmpty()
            ? tr("Try again later; if it stays so, look into the log of the server.")
            : tr("Try again later; if it stays so, look into the log of the server, and check that "
                 "the proxy %1 works.")
                  .arg(m_proxyName);
        break;
    case StepOutcome::Kind::SecretRefused:
        end = CheckEnd::LoginNeeded;
        fallback = tr("Check the user name and the secrets.");
        break;
    case StepOutcome::Kind::Declined:
        end = CheckEnd::LoginNeeded;
        fallback = tr("This login asks a person each time, which a check cannot: start the app.");
        break;
    case StepOutcome::Kind::Unauthorized:
        end = CheckEnd::LoginNeeded;
        fallback = isLogin
            ? tr("Check the user name and the secrets.")
            : tr("The session does not count here: let the source file send what the login gave "
                 "(\"http\": {\"auth\": …}).");
        break;
    case StepOutcome::Kind::Forbidden:
        if (isLogin)
            end = CheckEnd::LoginNeeded;
        fallback = isLogin ? tr("Check the user name and the secrets.")
                           : tr("Ask whoever manages the server for the permission.");
        break;
    case StepOutcome::Kind::MissingPermission:
        fallback = tr("Ask whoever manages the server for the permission.");
        break;
    case StepOutcome::Kind::Refused:
        fallback = tr("Compare the source file with what the server answers.");
        break;
    }
    return CheckResult::bad(m_stage, end, finding, remedy.isEmpty() ? fallback : remedy);
}

void SourceCheck::beginStage()
{
    m_elapsed.start();
}

void SourceCheck::finishStage(CheckResult result)
{
    if (result.verdict != CheckVerdict::Skipped)
        result.duration = std::chrono::milliseconds(m_elapsed.elapsed());
    report(result);
}

void SourceCheck::report(const CheckResult &result)
{
    CheckResult shown = result;
    shown.finding = m_redaction.of(result.finding);
    shown.remedy = m_redaction.of(result.remedy);
    if (m_end == CheckEnd::Good)
        m_end = result.end;
    if (result.stage < CheckStage::Close)
        m_stage = CheckStage(int(result.stage) + 1);
    Q_EMIT stageDone(shown);
    if (result.verdict == CheckVerdict::Bad && !m_isLeaving)
        leave(tr("Not reached."));
}

void SourceCheck::finish()
{
    m_variables.clear(); // the secrets with them
    Q_EMIT finished(m_end);
}
