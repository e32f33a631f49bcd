// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "attention.h"

#include <QLoggingCategory>

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.settings", QtInfoMsg)

} // namespace

Attention::Attention(FeedList *feeds, const Places &places, QObject *parent)
    : QObject(parent)
    , m_settings(places.settings)
    , m_seen(feeds)
    , m_kept(feeds, places.state)
{
    if (!m_settings.error().isEmpty())
        qCWarning(log).noquote() << m_settings.error();
    m_quiet.setQuietHours(m_settings.choices().quietHours);
    connect(&m_settings, &Settings::changed, &m_quiet,
            [this] { m_quiet.setQuietHours(m_settings.choices().quietHours); });
    if (m_kept.snoozedUntil().isValid())
        m_quiet.snoozeUntil(m_kept.snoozedUntil());
    connect(&m_quiet, &Quiet::snoozedChanged, &m_kept,
            [this] { m_kept.setSnoozedUntil(m_quiet.snoozedUntil()); });
}
