// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "farewell.h"

#include "closedelivery.h"

#include "core/feed/cookiejar.h"
#include "core/source/stepvariables.h"

#include <QFile>
#include <QLoggingCategory>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.farewell", QtInfoMsg)

constexpr std::chrono::milliseconds keepLaterPause = 1s;
constexpr std::chrono::milliseconds keepAlivePeriod = 1h;

QString occasionName(Farewell::Occasion occasion)
{
    switch (occasion) {
    case Farewell::Occasion::Quit:
        return u"quit"_s;
    case Farewell::Occasion::Logout:
        return u"logout"_s;
    case Farewell::Occasion::Suspend:
        return u"suspend"_s;
    case Farewell::Occasion::BeforeReopen:
        return u"beforeReopen"_s;
    }
    Q_UNREACHABLE();
}

Variables those(const QSet<QString> &names, const Variables &variables)
{
    Variables found;
    for (const QString &name : names) {
        if (const auto variable = variables.constFind(name); variable != variables.constEnd())
            found.insert(name, *variable);
    }
    return found;
}

} // namespace

Farewell::Farewell(const Source &source, CookieJar *cookies, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_names(namesUsedBy(source.close, source))
    , m_connectionNames(namesOfConnection(source).intersect(m_names))
    , m_connectionSteps(stepsOfConnection(source.close, source))
    , m_loginSteps(stepsOfLogin(source.close, source))
    , m_maker(source, cookies)
    , m_folder(source)
    , m_late(source, &m_maker, &m_folder)
    , m_beacon(std::make_unique<Sse::Beacon>())
    , m_deadline(std::min(source.closeBudget, longestDeadline))
{
    m_keepLater.setSingleShot(true);
    m_keepLater.setInterval(keepLaterPause);
    connect(&m_keepLater, &QTimer::timeout, this, [this] { keep(Occasion::Quit); });
    m_keepAlive.setTimerType(Qt::VeryCoarseTimer);
    m_keepAlive.setInterval(keepAlivePeriod);
    connect(&m_keepAlive, &QTimer::timeout, this, [this] {
        m_kept.reset(); // its time is another one
        keep(Occasion::Quit);
    });
    connect(cookies, &CookieJar::changed, this, [this] {
        if (m_isOpen)
            hold();
    });
}

Farewell::~Farewell() = default;

void Farewell::setCaCertificates(const QList<QSslCertificate> &certificates)
{
    m_maker.setCaCertificates(certificates);
}

void Farewell::open(const Variables &variables)
{
    m_before.clear(); // which sends them
    const Variables used = those(m_names, variables);
    if (m_isOpen && used == m_variables)
        return;
    if (!std::exchange(m_isOpen, true))
        m_key = QUuid::createUuid();
    m_variables = used;
    hold();
}

void Farewell::update(const Variables &changed)
{
    if (!m_isOpen)
        return;
    bool isOther = false;
    for (auto variable = changed.begin(); variable != changed.end(); ++variable) {
        if (!m_names.contains(variable.key()))
            continue;
        const auto known = m_variables.constFind(variable.key());
        if (known == m_variables.constEnd() || *known != *variable) {
            if (variable.key() == m_source.tokenVariable)
                supersede();
            m_variables.insert(variable.key(), *variable);
            isOther = true;
        }
    }
    if (isOther)
        hold();
}

// A request of its own, with a key of its own, since the next session has its close request, too.
void Farewell::expectReplacement()
{
    m_replaced.clear();
    if (isWanted(Occasion::Quit))
        m_replaced =
            m_maker.make(m_loginSteps, variablesFor(Occasion::Quit), QUuid::createUuid()).requests;
}

void Farewell::supersede()
{
    if (m_replaced.isEmpty())
        return;
    auto beacon = std::make_unique<Sse::Beacon>();
    beacon->setDeadline(longestDeadline);
    beacon->hold(std::exchange(m_replaced, {}));
    // Where there is one already, the stream never had to do with this one: it goes at once.
    if (m_before.empty())
        m_before.push_back(std::move(beacon));
}

bool Farewell::isWanted(Occasion occasion) const
{
    if (!m_isOpen || m_source.close.isEmpty())
        return false;
    switch (occasion) {
    case Occasion::Quit:
        return m_source.closesOnQuit;
    case Occasion::Logout:
        return m_source.closesOnLogout;
    case Occasion::Suspend:
        return m_source.closesOnSuspend;
    case Occasion::BeforeReopen:
        return m_source.closesBeforeReopening;
    }
    Q_UNREACHABLE();
}

Variables Farewell::variablesFor(Occasion occasion) const
{
    Variables variables = m_variables;
    variables.insert(u"occasion"_s, occasionName(occasion));
    return variables;
}

void Farewell::hold()
{
    if (!isWanted(Occasion::Quit))
        return;
    const CloseRequest request = m_maker.make(m_source.close, variablesFor(Occasion::Quit), m_key);
    if (m_beacon->isHolding() && areEqual(request.requests, m_held))
        return;
    if (!m_kept)
        keep(Occasion::Quit); // before it is held, which then knows of the file
    else if (!m_keepLater.isActive())
        m_keepLater.start();
    m_held = request.requests;
    m_beacon->setDeadline(longestDeadline);
    if (m_held.isEmpty()) {
        m_beacon->release();
    } else if (!m_beacon->hold(m_held)) {
        m_beacon->release(); // what was held is not true any more
        qCWarning(log).noquote() << m_source.name << "has a close request that is too large";
    }
}

// Before it is held or sent: there may be no power any more to do it afterwards.
void Farewell::keep(Occasion occasion)
{
    if (!m_folder.isThere() || m_source.closeKeep == 0s)
        return;
    const CloseRequest request = m_maker.make(m_connectionSteps, variablesFor(occasion), m_key);
    if (request.requests.isEmpty())
        return;
    FarewellRecord record{
        m_key, {}, occasionName(occasion), request.origin(), those(m_connectionNames, m_variables)};
    if (m_kept) {
        record.time = m_kept->time;
        if (record == *m_kept)
            return;
    }
    record.time = QDateTime::currentDateTimeUtc();
    const QString error = m_folder.write(record);
    m_beacon->setReminder(error.isEmpty() ? m_folder.file(m_key) : QString());
    if (error.isEmpty()) {
        m_kept = record;
        m_keepAlive.start();
        return;
    }
    m_kept.reset();
    if (!std::exchange(m_hasWarned, true))
        qCWarning(log).noquote() << m_source.name << "keeps no close request:" << error;
}

void Farewell::send(Occasion occasion, QObject *owner, const Continuation &done)
{
    const bool isOver = occasion != Occasion::BeforeReopen;
    const Variables variables = variablesFor(occasion);
    const CloseRequest request =
        m_maker.make(m_source.close, variables, isOver ? m_key : QUuid::createUuid());
    auto beacon = std::make_unique<Sse::Beacon>();
    if (isOver) {
        keep(occasion);
        m_beacon.swap(beacon);
        forgetSession();
    }
    beacon->setDeadline(m_deadline);
    const auto *const delivery =
        new CloseDelivery(std::move(beacon), request, m_source, variables, this);
    connect(delivery, &CloseDelivery::finished, owner, done);
}

void Farewell::release()
{
    m_beacon->release();
    if (m_kept)
        QFile::remove(m_folder.file(m_key));
    forgetSession();
}

void Farewell::setAside()
{
    if (m_keepLater.isActive())
        keep(Occasion::Quit);
    auto aside = std::exchange(m_beacon, std::make_unique<Sse::Beacon>());
    auto all = std::exchange(m_before, {});
    if (aside->isHolding())
        all.push_back(std::move(aside));
    forgetSession();
    m_before = std::move(all);
}

void Farewell::forgetSession()
{
    m_isOpen = false;
    m_before.clear();
    m_replaced.clear();
    m_held.clear();
    m_variables.clear();
    m_kept.reset();
    m_keepLater.stop();
    m_keepAlive.stop();
    m_beacon->setReminder({});
}

void Farewell::sendKept(const Variables &variables)
{
    m_late.send(variables, m_kept ? m_folder.file(m_key) : QString());
}
