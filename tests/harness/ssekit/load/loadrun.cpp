// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/loadrun.h"

#include "load/eventtime.h"
#include "resources.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr int streamsPerConnection = 6; // of one host, port and verify name; Qt's own bound
constexpr qint64 busyTime = 100; // ms
constexpr auto rampStep = 10ms;
constexpr int mostSamples = 1000;
constexpr qsizetype mostFailures = 20; // different ones

} // namespace

struct LoadRun::Client
{
    explicit Client(QNetworkAccessManager *manager)
        : source(manager)
    {}

    Sse::EventSource source;
    Ledger::Reader reader;
    qint64 attempted = 0; // ms on the clock of the run, as the next
    qint64 lost = 0;
    qsizetype url = 0; // of the next attempt
    bool wasOpen = false;
    bool isOpen = false;
};

LoadRun::LoadRun(const LoadTerms &terms, QObject *parent)
    : QObject(parent)
    , m_terms(terms)
    , m_sharesManager(std::none_of(terms.urls.cbegin(), terms.urls.cend(),
                                   [](const QUrl &url) { return url.scheme() == "https"_L1; }))
{
    for (const QUrl &url : m_terms.urls)
        m_figures.urls.append(
            url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment));
    m_figures.clients = m_terms.clients;
    m_clients.reserve(size_t(m_terms.clients));
    connect(&m_rampTimer, &QTimer::timeout, this, &LoadRun::openDue);
    connect(&m_sampleTimer, &QTimer::timeout, this, &LoadRun::sample);
    m_sampleTimer.setTimerType(Qt::PreciseTimer);
    m_endTimer.setSingleShot(true);
    m_endTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_endTimer, &QTimer::timeout, this, &LoadRun::finish);
}

LoadRun::~LoadRun() = default;

void LoadRun::start()
{
    m_clock.start();
    m_processorAtStart = ::processorSeconds();
    m_endTimer.start(m_terms.duration);
    m_sampleTimer.start(std::max<std::chrono::milliseconds>(100ms, m_terms.duration / mostSamples));
    m_rampTimer.start(rampStep);
    sample();
    openDue();
}

LoadFigures LoadRun::figures() const
{
    LoadFigures figures = m_figures;
    figures.openAtEnd = m_open;
    if (!m_finished)
        figures.duration = m_clock.elapsed();
    std::vector<const Ledger::Reader *> readers;
    readers.reserve(m_clients.size());
    for (const auto &client : m_clients)
        readers.push_back(&client->reader);
    figures.ids = m_ledger.findings(readers, m_terms.method);
    figures.processorSeconds = ::processorSeconds() - m_processorAtStart;
    figures.peakMemory = ::peakMemory();
    return figures;
}

void LoadRun::openDue()
{
    const qint64 ramp = m_terms.ramp.count();
    const qint64 due = ramp > 0
        ? std::min<qint64>(m_terms.clients, 1 + m_terms.clients * m_clock.elapsed() / ramp)
        : m_terms.clients;
    while (qint64(m_clients.size()) < due) {
        m_clients.push_back(std::make_unique<Client>(manager()));
        open(*m_clients.back());
    }
    if (due == m_terms.clients)
        m_rampTimer.stop();
}

void LoadRun::open(Client &client)
{
    const qsizetype index = qsizetype(m_clients.size()) - 1;
    client.url = index % m_terms.urls.size();
    Sse::EventSource &source = client.source;
    source.setCaCertificates(m_terms.request.authorities);
    connect(&source, &Sse::EventSource::opened, this, [this, &client] { noteOpened(client); });
    connect(&source, &Sse::EventSource::closed, this, [this, &client] { noteLost(client); });
    connect(&source, &Sse::EventSource::errorOccurred, this,
            [this, &client] { noteError(client); });
    connect(&source, &Sse::EventSource::eventReceived, this,
            [this, &client](const Sse::Event &event) { noteEvent(client, event); });
    source.setRequestHook(
        [this, &client](const QNetworkRequest &opened, const Sse::EventSource::Proceed &proceed) {
            ++m_figures.attempts;
            client.attempted = m_clock.elapsed();
            QNetworkRequest request = opened;
            if (m_terms.failsOver) {
                request.setUrl(m_terms.urls.at(client.url));
                client.url = (client.url + 1) % m_terms.urls.size();
            }
            proceed(request);
        });
    QNetworkRequest request = m_terms.request.request;
    request.setUrl(m_terms.urls.at(client.url));
    // Qt opens six HTTP/1.1 connections to one host, port and verify name. Where there is no
    // certificate the name verifies nothing, and another one is another six.
    if (m_sharesManager)
        request.setPeerVerifyName(QString::number(index / streamsPerConnection));
    source.open(request);
}

QNetworkAccessManager *LoadRun::manager()
{
    // Each has a thread of its own.
    const size_t perManager = m_sharesManager ? size_t(m_terms.clients) : streamsPerConnection;
    if (m_clients.size() % perManager == 0)
        m_managers.push_back(std::make_unique<QNetworkAccessManager>());
    m_terms.request.applyProxy(*m_managers.back());
    return m_managers.back().get();
}

void LoadRun::noteOpened(Client &client)
{
    if (m_finished)
        return;
    const qint64 now = m_clock.elapsed();
    client.isOpen = true;
    ++m_open;
    if (!std::exchange(client.wasOpen, true)) {
        ++m_figures.opened;
        m_figures.connecting.add(now - client.attempted);
    } else {
        m_figures.outages.add(now - client.lost);
        noteReopening(now);
    }
    if (m_open == m_terms.clients && !std::exchange(m_allOpened, true))
        Q_EMIT allOpened(now);
}

void LoadRun::noteReopening(qint64 now)
{
    ++m_reopeningsSinceSample;
    m_recentReopenings.push_back(now);
    while (m_recentReopenings.front() <= now - busyTime)
        m_recentReopenings.pop_front();
    m_figures.busiestReopenings =
        std::max(m_figures.busiestReopenings, qint64(m_recentReopenings.size()));
}

void LoadRun::noteLost(Client &client)
{
    if (m_finished || !std::exchange(client.isOpen, false))
        return;
    client.lost = m_clock.elapsed();
    --m_open;
    ++m_figures.losses;
}

void LoadRun::noteError(Client &client)
{
    if (m_finished)
        return;
    const QString sentence = client.source.errorString();
    const bool isKnown = m_figures.failures.contains(sentence);
    ++m_figures
          .failures[isKnown || m_figures.failures.size() < mostFailures ? sentence : u"Others."_s];
    if (client.source.state() == Sse::EventSource::State::Closed
        && ++m_figures.gaveUp == m_terms.clients)
        finish();
}

void LoadRun::noteEvent(Client &client, const Sse::Event &event)
{
    if (m_finished)
        return;
    ++m_figures.events;
    if (const std::optional<qint64> time = eventTime(event.data, m_terms.timePointer))
        m_figures.latencies.add(QDateTime::currentMSecsSinceEpoch() - *time);
    m_ledger.note(client.reader, event.lastEventId, event.data);
}

void LoadRun::sample()
{
    m_figures.samples.push_back(
        {m_clock.elapsed(), m_open, std::exchange(m_reopeningsSinceSample, 0)});
}

void LoadRun::finish()
{
    if (m_finished)
        return;
    sample();
    m_figures.duration = m_clock.elapsed();
    m_finished = true;
    m_rampTimer.stop();
    m_sampleTimer.stop();
    m_endTimer.stop();
    Q_EMIT finished();
}
