// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "keyring.h"

#include <qt6keychain/keychain.h>

#include <utility>

using namespace std::chrono_literals;

namespace {

// Longer than any keyring needs that is open: KWallet, for instance, waits for its user without a word.
constexpr std::chrono::milliseconds patience = 1500ms;

constexpr qsizetype longestReason = 200; // characters

QString keyOf(const SecretRequest &request)
{
    return request.source + QLatin1Char('/') + request.variable;
}

// What the keyring says of itself, as a part of a sentence.
QString reasonOf(const QKeychain::Job *job)
{
    QString reason = job->errorString().simplified().left(longestReason);
    while (reason.endsWith(QLatin1Char('.')))
        reason.chop(1);
    return reason;
}

} // namespace

Keyring::Keyring(const QString &service, Unlocking unlocking, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_unlocking(unlocking)
{
    m_slowTimer.setSingleShot(true);
    m_slowTimer.setInterval(patience);
    connect(&m_slowTimer, &QTimer::timeout, this,
            [this] { tellLocked(tr("The keyring has not answered yet.")); });
    connect(&m_lock, &KeyringLock::checked, this, &Keyring::lockChecked);
    connect(&m_lock, &KeyringLock::dismissed, this, [this] {
        m_isDismissed = true;
        lockChecked(m_lock.state());
    });
}

Keyring::~Keyring() = default;

void Keyring::read(const SecretRequest &request, QObject *context, const Answer &answer)
{
    forgetReadersThatAreGone();
    if (m_readings.empty())
        m_hasAskedDesktop = m_isDismissed = false;
    m_readings.push_back({request, context, answer});
    m_slowTimer.start();
    m_lock.check();
}

void Keyring::lockChecked(KeyringLock::State state)
{
    forgetReadersThatAreGone();
    if (state != KeyringLock::State::Locked) {
        m_hasAskedDesktop = m_isDismissed = false;
        startReading();
        return;
    }
    m_isPresent = true;
    if (m_readings.empty())
        return;
    const bool isFirst =
        m_unlocking == Unlocking::AskDesktop && !std::exchange(m_hasAskedDesktop, true);
    if (isFirst)
        m_lock.unlock();
    if (m_unlocking == Unlocking::Wait)
        tellLocked(tr("The keyring is locked. Tallybell goes on as soon as it is unlocked."));
    else if (m_isDismissed)
        tellLocked(tr("The keyring stays locked. Unlock it, or close and open the connection to be "
                      "asked for its password again."));
    else
        tellLocked(tr("The keyring is locked. Tallybell goes on as soon as you have entered its "
                      "password, which your desktop asks for."));
}

void Keyring::startReading()
{
    for (Position reading = m_readings.begin(); reading != m_readings.end(); ++reading) {
        if (std::exchange(reading->isAsked, true))
            continue;
        // No child of ours: the libraries beneath do not forget a job that was deleted.
        auto *const job = new QKeychain::ReadPasswordJob(m_service);
        job->setKey(keyOf(reading->request));
        connect(job, &QKeychain::Job::finished, this,
                [this, reading](QKeychain::Job *done) { finishReading(reading, done); });
        job->start();
    }
}

void Keyring::finishReading(Position reading, QKeychain::Job *job)
{
    const Reading done = *reading;
    m_readings.erase(reading);
    if (m_readings.empty())
        m_slowTimer.stop();
    const SecretAnswer answer = answerOf(done.request, job);
    if (done.context)
        done.answer(answer);
}

SecretAnswer Keyring::answerOf(const SecretRequest &request, QKeychain::Job *job)
{
    using Kind = SecretAnswer::Kind;
    m_isPresent = true;
    switch (job->error()) {
    case QKeychain::NoError:
        return {Kind::Found, static_cast<QKeychain::ReadPasswordJob *>(job)->textData(), {}};
    case QKeychain::EntryNotFound:
        return {Kind::Missing, {}, tr("“%1” is not in the keyring.").arg(request.label)};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {Kind::Missing, {}, tr("The keyring gives no access to “%1”.").arg(request.label)};
    default:
        m_isPresent = false;
        if (m_lock.state() == KeyringLock::State::Absent)
            return {Kind::Missing, {}, tr("No keyring is running here.")};
        return {Kind::Missing, {}, tr("The keyring cannot be read: %1.").arg(reasonOf(job))};
    }
}

// No reader hears the same twice. It may do anything in its answer.
void Keyring::tellLocked(const QString &sentence)
{
    m_slowTimer.stop();
    std::list<Reading> listeners;
    for (Reading &reading : m_readings) {
        if (std::exchange(reading.told, sentence) != sentence)
            listeners.push_back(reading);
    }
    for (const Reading &listener : listeners) {
        if (listener.context)
            listener.answer({SecretAnswer::Kind::Locked, {}, sentence});
    }
}

// Those whose job runs stay until it is done.
void Keyring::forgetReadersThatAreGone()
{
    m_readings.remove_if(
        [](const Reading &reading) { return !reading.context && !reading.isAsked; });
}

void Keyring::write(const SecretRequest &request, const QString &secret, QObject *context,
                    const WriteAnswer &answer)
{
    auto *const job = new QKeychain::WritePasswordJob(m_service);
    job->setKey(keyOf(request));
    job->setTextData(secret);
    connect(job, &QKeychain::Job::finished, context,
            [answer, label = request.label](QKeychain::Job *done) {
                answer(done->error() == QKeychain::NoError
                           ? QString()
                           : tr("“%1” could not be stored in the keyring: %2.")
                                 .arg(label, reasonOf(done)));
            });
    job->start();
}
