// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/notices/quiet.h"
#include "core/seen/keptstate.h"
#include "core/seen/seenmark.h"
#include "core/settings.h"

#include <QObject>

/*!
    What the user told us about being told: the choices, what was seen, and until when to be quiet.
    Keeps the three in step and between starts; decides nothing with them.
*/
class Attention : public QObject
{
    Q_OBJECT

public:
    /*! Where the files are; empty: nothing is kept, as in a demo. */
    struct Places
    {
        QString settings;
        QString state;
    };

    /*! \a feeds is not owned and must outlive it. */
    Attention(FeedList *feeds, const Places &places, QObject *parent = nullptr);

    [[nodiscard]] Settings *settings() { return &m_settings; }
    [[nodiscard]] Quiet *quiet() { return &m_quiet; }
    [[nodiscard]] SeenMark *seen() { return &m_seen; }

private:
    Settings m_settings;
    Quiet m_quiet;
    SeenMark m_seen;
    KeptState m_kept;
};
