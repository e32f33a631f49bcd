// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/watcher.h"

#include <QDateTime>
#include <QSslConfiguration>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto headPatience = 30s;

} // namespace

Watcher::Watcher(QNetworkAccessManager *manager, QObject *parent)
    : QObject(parent)
    , m_stream(manager)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // a coarse one may be early by seconds
    connect(&m_timer, &QTimer::timeout, this, [this] { finish(std::nullopt); });
    connect(&m_stream, &RawStream::headReceived, this, &Watcher::readHead);
    connect(&m_stream, &RawStream::received, this, [this](const QByteArray &piece) {
        m_builder.add(piece, m_stream.elapsed(), QDateTime::currentMSecsSinceEpoch());
        if (m_builder.watch().isTooLarge || (m_enough && m_enough(m_builder.watch())))
            finish(std::nullopt);
    });
    connect(&m_stream, &RawStream::ended, this, [this](RawStream::End end) { finish(end); });
}

void Watcher::start(const QNetworkRequest &request, std::chrono::milliseconds duration)
{
    m_duration = duration;
    m_timer.start(headPatience);
    m_stream.open(request);
}

void Watcher::readHead()
{
    Watch &watch = m_builder.watch();
    watch.headAt = m_stream.elapsed();
    watch.status = m_stream.status();
    watch.headers = m_stream.headers();
    watch.usedHttp2 = m_stream.usedHttp2();
    watch.url = m_stream.url();
    // Nobody wants to watch an error page.
    m_timer.start(watch.isStream() ? m_duration
                                   : std::min(m_duration, std::chrono::milliseconds(1s)));
    if (m_enough && m_enough(watch))
        finish(std::nullopt);
}

void Watcher::finish(std::optional<RawStream::End> end)
{
    if (std::exchange(m_finished, true))
        return;
    m_timer.stop();
    Watch &watch = m_builder.watch();
    watch.stoppedAt = m_stream.elapsed();
    watch.url = m_stream.url();
    watch.redirects = m_stream.redirects();
    watch.end = end;
    if (watch.status == 0)
        watch.error = end ? m_stream.errorString() : u"There was no answer within 30 s."_s;
    m_stream.abort();
    Q_EMIT finished();
}
