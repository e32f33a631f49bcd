// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "beaconkeeper_p.h"

#include "beacondelivery_p.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QLoggingCategory>

using namespace std::chrono_literals;

namespace Sse {

namespace {

Q_LOGGING_CATEGORY(log, "sselib.beacon", QtInfoMsg)

// A program that ends so soon, so many times in a row, is not started once more.
constexpr std::chrono::milliseconds quickEnd = 10s;
constexpr int mostQuickEnds = 3;

// Over the deadline, for the program to start and its word to come.
constexpr std::chrono::milliseconds wayBack = 500ms;

BeaconKeeper *theKeeper = nullptr; // plain: a beacon in static memory may go after anything else

} // namespace

QString BeaconKeeperPrivate::programFolder;

BeaconKeeperPrivate::BeaconKeeperPrivate(BeaconKeeper *keeper)
    : q(keeper)
{
    connect(&m_post, &BeaconPost::onDuty, this, &BeaconKeeperPrivate::setProcessId);
    connect(&m_post, &BeaconPost::sent, this, &BeaconKeeperPrivate::finish);
    connect(&m_post, &BeaconPost::notStarted, this, &BeaconKeeperPrivate::deliverInstead);
    connect(&m_post, &BeaconPost::closed, this, &BeaconKeeperPrivate::startAgain);
}

void BeaconKeeperPrivate::start()
{
    if (m_post.isOpen())
        return;
    m_isTried = true;
    m_started.start();
    if (!m_post.open(findPrograms())) {
        qCWarning(log).noquote() << "Nothing is sent once this program is gone:"
                                 << m_post.errorString();
        Q_EMIT q->dutyChanged();
        return;
    }
    for (auto held = m_held.cbegin(); held != m_held.cend(); ++held)
        entrust(held.key(), *held);
}

void BeaconKeeperPrivate::startOnce()
{
    if (!m_isTried)
        start();
}

QString BeaconKeeperPrivate::findPrograms() const
{
    if (!programFolder.isEmpty())
        return programFolder;
    const QDir here(QCoreApplication::applicationDirPath());
    const QStringList folders = {
        here.path(),
        here.filePath(QStringLiteral("../libexec/") + QCoreApplication::applicationName()),
        QString::fromUtf8(SSELIB_LIBEXEC_FOLDER),
    };
    for (const QString &folder : folders) {
        if (QFileInfo::exists(QDir(folder).filePath(QStringLiteral("sselib-beacon"))))
            return QDir::cleanPath(folder);
    }
    return folders.constLast();
}

void BeaconKeeperPrivate::startAgain()
{
    const bool wasQuick = std::chrono::milliseconds(m_started.elapsed()) < quickEnd;
    m_quickEnds = wasQuick ? m_quickEnds + 1 : 0;
    setProcessId(0);
    if (m_quickEnds < mostQuickEnds)
        start();
    else
        qCWarning(log) << "sselib-beacon ends at once: nothing is sent once this program is gone";
}

void BeaconKeeperPrivate::setProcessId(qint64 id)
{
    if (std::exchange(processId, id) != id)
        Q_EMIT q->dutyChanged();
}

QString BeaconKeeperPrivate::errorString() const
{
    if (m_post.isOpen() || !m_isTried)
        return {};
    return m_post.errorString().isEmpty() ? tr("sselib-beacon ends as soon as it was started.")
                                          : m_post.errorString();
}

void BeaconKeeperPrivate::hold(std::uint32_t beacon, const BeaconPayload &payload)
{
    m_held.insert(beacon, payload);
    if (m_post.isOpen())
        entrust(beacon, payload);
}

// What it had before is not true any more, whether it takes this or not.
void BeaconKeeperPrivate::entrust(std::uint32_t beacon, const BeaconPayload &payload)
{
    m_ours.remove(beacon);
    if (m_post.hold(beacon, payload.toBytes()))
        return;
    m_post.release(beacon);
    m_ours.insert(beacon);
    qCWarning(log)
        << "sselib-beacon could not take a request: it is lost if this program is killed";
}

void BeaconKeeperPrivate::release(std::uint32_t beacon)
{
    m_ours.remove(beacon);
    if (m_held.remove(beacon))
        m_post.release(beacon);
}

void BeaconKeeperPrivate::send(std::uint32_t beacon, QObject *owner, const Done &done)
{
    const BeaconPayload payload = m_held.take(beacon);
    if (!m_ours.remove(beacon) && m_post.send(beacon)) {
        auto *const patience = new QTimer(this);
        patience->setSingleShot(true);
        connect(patience, &QTimer::timeout, this, [this, beacon] {
            finish(beacon, {false, 0, tr("No word from the program that sends it")});
        });
        patience->start(payload.deadline + wayBack);
        m_waiting.insert(beacon, {payload, owner, done, patience});
        return;
    }
    deliver(payload, owner, done);
}

void BeaconKeeperPrivate::deliver(const BeaconPayload &payload, QObject *owner, const Done &done)
{
    auto *const delivery = new BeaconDelivery(payload, this);
    connect(delivery, &BeaconDelivery::finished, delivery, &QObject::deleteLater);
    if (owner)
        connect(delivery, &BeaconDelivery::finished, owner, done);
    delivery->start();
}

void BeaconKeeperPrivate::deliverInstead(std::uint32_t beacon, const QString &why)
{
    const Waiting waiting = m_waiting.take(beacon);
    if (!waiting.patience)
        return;
    waiting.patience->deleteLater();
    qCWarning(log).noquote() << "sselib-beacon-send does not start:" << why;
    deliver(waiting.payload, waiting.owner, waiting.done);
}

void BeaconKeeperPrivate::finish(std::uint32_t beacon, const BeaconResult &result)
{
    const Waiting waiting = m_waiting.take(beacon);
    if (waiting.patience)
        waiting.patience->deleteLater();
    if (waiting.owner)
        waiting.done(result);
}

BeaconKeeper::BeaconKeeper(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<BeaconKeeperPrivate>(this))
{}

BeaconKeeper::~BeaconKeeper()
{
    theKeeper = nullptr;
}

BeaconKeeper *BeaconKeeper::instance()
{
    if (!theKeeper && QCoreApplication::instance())
        theKeeper = new BeaconKeeper(QCoreApplication::instance());
    return theKeeper;
}

BeaconKeeperPrivate *BeaconKeeperPrivate::instance()
{
    BeaconKeeper *const keeper = BeaconKeeper::instance();
    return keeper ? keeper->d.get() : nullptr;
}

void BeaconKeeper::setProgramFolder(const QString &path)
{
    BeaconKeeperPrivate::programFolder = path;
}

void BeaconKeeper::start()
{
    d->start();
}

bool BeaconKeeper::isOnDuty() const
{
    return d->processId != 0;
}

qint64 BeaconKeeper::processId() const
{
    return d->processId;
}

QString BeaconKeeper::errorString() const
{
    return d->errorString();
}

} // namespace Sse
