// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "endinground.h"

#include "connectionsource.h"

#include <QCoreApplication>
#include <QNetworkProxy>
#include <QNetworkReply>

#include <algorithm>
#include <csignal>
#include <thread>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds patience = 30s; // for a phase
constexpr std::chrono::milliseconds sendingTime = 8s; // a beacon's deadline, on a busy machine
constexpr std::chrono::milliseconds quietTime = 400ms;
// 1.5 s are promised, and measured by others. This is long enough for several at once on a busy
// machine, and tells what hangs.
constexpr std::chrono::milliseconds orderlyTime = 15s;

QString sourceName(qsizetype feed)
{
    return u"feed%1"_s.arg(feed);
}

} // namespace

EndingRound::EndingRound(const RoundPlan &plan, const QList<WatchedPortal *> &portals,
                         const QElapsedTimer *clock, QObject *parent)
    : QObject(parent)
    , m_plan(plan)
    , m_portals(portals)
    , m_clock(clock)
    , m_app(std::make_unique<TallybellProcess>())
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(m_app.get(), &TallybellProcess::ended, this, &EndingRound::appEnded);
}

EndingRound::~EndingRound() = default;

std::chrono::milliseconds EndingRound::now() const
{
    return std::chrono::milliseconds(m_clock->elapsed());
}

void EndingRound::startTimer(std::chrono::milliseconds duration, const std::function<void()> &due)
{
    m_timer.disconnect(this);
    m_timer.callOnTimeout(this, due);
    m_timer.start(duration);
}

qsizetype EndingRound::sessionCount() const
{
    qsizetype count = 0;
    for (const WatchedPortal *const portal : m_used)
        count += portal->sessions().size();
    return count;
}

void EndingRound::addTo(QMap<QString, int> *tally) const
{
    ++(*tally)[u"rounds ended by "_s + m_plan.ending];
    ++(*tally)[u"rounds ended "_s + m_plan.phaseName()];
    for (const WatchedPortal *const portal : m_used) {
        for (const SessionRecord &record : portal->sessions())
            ++(*tally)[u"sessions "_s + record.fate()];
    }
}

void EndingRound::start()
{
    for (qsizetype feed = 0; feed < m_plan.portals.size(); ++feed) {
        WatchedPortal *const portal = m_portals.at(m_plan.portals.at(feed));
        if (!m_used.contains(portal)) {
            const auto &kind = RoundPlan::portalKinds().at(m_plan.portals.at(feed));
            if (!portal->start(kind.options, m_clock))
                qFatal("the portal %s does not start", kind.name);
            portal->beginRound();
            m_used.append(portal);
            connect(portal, &WatchedPortal::factSeen, this,
                    [this, portal](const QJsonObject &fact) { see(portal, fact); });
        }
        m_app->addSourceFile(sourceName(feed) + u".json"_s, connectionSource(portal->url()));
        (void)m_app->addSecrets(sourceName(feed), "tallybell");
    }
    m_app->standApart();
    m_app->startConfigured({u"--headless"_s});
    if (m_plan.phase == RoundPlan::Phase::AnyTime) {
        endAfterDelay();
        return;
    }
    startTimer(patience, [this] {
        m_complaint = u"What the round waits for did not happen."_s;
        kill();
    });
}

void EndingRound::see(WatchedPortal *portal, const QJsonObject &fact)
{
    using Phase = RoundPlan::Phase;
    const QString type = fact[u"type"].toString();
    if (m_stage == Stage::Ending) {
        if (m_plan.phase == Phase::CloseReceived && type == "close request"_L1 && ++m_seen == 1)
            endAfterDelay();
    } else if (m_stage != Stage::Running) {
        check();
    } else if (isTrigger(fact) && ++m_seen == m_plan.repetition) {
        m_timer.stop();
        endAfterDelay();
    } else if (m_cutSession.isEmpty() && type == "open"_L1
               && (m_plan.phase == Phase::StreamCut || m_plan.phase == Phase::StreamReopened)) {
        m_cutSession = fact[u"session"].toString();
        cut(portal, m_cutSession);
    }
}

bool EndingRound::isTrigger(const QJsonObject &fact) const
{
    using Phase = RoundPlan::Phase;
    const QString type = fact[u"type"].toString();
    const QString path = fact[u"path"].toString();
    const bool isRequest = type == "request"_L1;
    switch (m_plan.phase) {
    case Phase::AnyTime:
        return false;
    case Phase::LoginReceived:
        return isRequest && path == "/login"_L1;
    case Phase::PermissionsReceived:
        return isRequest && path == "/permissions"_L1;
    case Phase::CountReceived:
        return isRequest && path == "/count"_L1;
    case Phase::StreamRequested:
        return isRequest && path == "/stream"_L1;
    case Phase::StreamOpened:
    case Phase::Leaving:
    case Phase::CloseReceived:
        return type == "open"_L1;
    case Phase::StreamCut:
        return type == "closed"_L1 && fact[u"session"] == m_cutSession;
    case Phase::StreamReopened:
        return type == "open"_L1 && fact[u"session"] == m_cutSession;
    case Phase::TokenRenewed:
        return type == "renewed"_L1;
    }
    Q_UNREACHABLE();
}

void EndingRound::cut(const WatchedPortal *portal, const QString &session)
{
    QNetworkRequest request(portal->url("/cut?session=" + session.toLatin1()));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    QNetworkReply *const reply = m_network.post(request, QByteArray());
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

void EndingRound::endAfterDelay()
{
    using Phase = RoundPlan::Phase;
    const bool isLeavingFirst =
        m_plan.phase == Phase::Leaving || m_plan.phase == Phase::CloseReceived;
    if (m_stage == Stage::Running && isLeavingFirst) {
        m_stage = Stage::Ending;
        m_ending = now();
        m_seen = 0;
        m_app->send(SIGTERM);
        if (m_plan.phase == Phase::CloseReceived) { // which calls again
            killIfLate();
            return;
        }
    }
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(m_plan.delay);
    const auto rest = m_plan.delay - whole; // less than a timer can do
    startTimer(whole, [this, rest, isLeavingFirst] {
        std::this_thread::sleep_for(rest);
        if (isLeavingFirst)
            kill();
        else
            end();
    });
}

void EndingRound::end()
{
    if (m_stage != Stage::Running)
        return;
    m_stage = Stage::Ending;
    m_ending = now();
    if (m_plan.ending == "quit"_L1)
        quitByCommand();
    else
        m_app->send(RoundPlan::signalNumber(m_plan.ending));
    if (m_plan.ending == "SIGTERM and SIGKILL"_L1)
        m_app->send(SIGKILL);
    killIfLate();
}

void EndingRound::killIfLate()
{
    startTimer(orderlyTime, [this] {
        m_isLate = true;
        kill();
    });
}

// Before it is there to be told, there is nobody to tell: then the round ends by a signal.
void EndingRound::quitByCommand()
{
    connect(&m_command, &QProcess::finished, this, [this](int code) {
        if (code != 0 && m_app->isRunning())
            m_app->send(SIGTERM);
    });
    m_command.setProcessEnvironment(m_app->environment());
    m_command.start(QCoreApplication::applicationDirPath() + "/tallybell"_L1,
                    {u"quit"_s, u"--config"_s, m_app->configDirectory()});
}

void EndingRound::kill()
{
    if (m_app->isRunning())
        m_app->send(SIGKILL);
}

void EndingRound::appEnded()
{
    if (m_stage == Stage::Running && m_complaint.isEmpty())
        m_complaint = u"The app ended by itself."_s;
    m_stage = Stage::Awaiting;
    m_end = now();
    m_lateness = 0ms;
    m_exitCode = m_app->waitForExit();
    startTimer(sendingTime, [this] { judge(); });
    check();
}

// Whether all close requests are there that have to come, whenever the log says something.
void EndingRound::check()
{
    const bool isComplete =
        std::none_of(m_used.cbegin(), m_used.cend(), [](const WatchedPortal *portal) {
            return std::any_of(portal->sessions().cbegin(), portal->sessions().cend(),
                               [](const SessionRecord &record) { return record.isAwaited(); });
        });
    if (m_stage == Stage::Awaiting && isComplete) {
        m_stage = Stage::Quiet;
        m_lateness = now() - m_end;
        m_timer.start(quietTime);
    } else if (m_stage == Stage::Quiet && !isComplete) { // a request that was still on its way
        m_stage = Stage::Awaiting;
        m_timer.start(sendingTime);
    }
}

void EndingRound::judge()
{
    m_stage = Stage::Judged;
    m_timer.stop();
    QStringList faults = findFaults();
    if (!m_complaint.isEmpty())
        faults.prepend(m_complaint);
    m_complaint.clear();
    if (!faults.isEmpty()) {
        m_complaint = m_plan.describe() + u"\n  "_s + faults.join(u"\n  "_s);
        m_complaint +=
            u"\nended by us at %1, gone at %2 ms; the app said:\n"_s.arg(m_ending.count())
                .arg(m_end.count());
        m_complaint += QString::fromUtf8(m_app->errors());
        for (const WatchedPortal *const portal : std::as_const(m_used))
            m_complaint += u"the portal %1:\n"_s.arg(portal->url().toString())
                + QString::fromUtf8(portal->lines()) + u'\n';
    }
    Q_EMIT finished();
}

QStringList EndingRound::findFaults() const
{
    QStringList faults;
    for (const WatchedPortal *const portal : m_used) {
        const QString place = portal->url().toString();
        const auto &sessions = portal->sessions();
        for (auto session = sessions.cbegin(); session != sessions.cend(); ++session) {
            const QString complaint = session->complaint(m_ending);
            if (!complaint.isEmpty())
                faults.append(u"%1 at %2: %3"_s.arg(session.key(), place, complaint));
        }
        if (portal->strangers() > 0)
            faults.append(u"%1: %2 close requests for no session of this round"_s.arg(place).arg(
                portal->strangers()));
    }
    if (m_isLate)
        faults.append(u"the app did not end in time"_s);
    // A signal that comes before the program is ready to handle it ends it all the same.
    if (m_plan.isOrderly() && !m_isLate && sessionCount() > 0 && m_exitCode != 0)
        faults.append(m_exitCode ? u"the app ended with %1"_s.arg(*m_exitCode)
                                 : u"the app crashed"_s);
    return faults;
}
