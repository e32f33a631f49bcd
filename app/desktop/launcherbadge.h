// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <memory>

/*!
    The number on our icon in the dock or the task bar: com.canonical.Unity.LauncherEntry, which the
    panels of KDE, Ubuntu, elementary and others show; the Dock of macOS where Qt can (from 6.5).
*/
class LauncherBadge : public QObject
{
    Q_OBJECT

public:
    /*! \a applicationId is the name of our desktop file without its suffix. */
    explicit LauncherBadge(const QString &applicationId, QObject *parent = nullptr);
    ~LauncherBadge() override;

    /*!
        Shows \a count, at least 0; 0 shows nothing. Nothing is sent where nothing changed, and all
        of it again to a dock that starts. \a isUrgent makes some docks wiggle the icon.
    */
    void show(int count, bool isUrgent);

private:
    class Entry;

    std::unique_ptr<Entry> m_entry;
};
