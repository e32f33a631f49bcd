// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QString>

/*!
    Notices that the computer's time zone is another one, which no clock tells. It never polls: on
    Linux the kernel tells when /etc/localtime was replaced, by whatever program. Elsewhere, and where
    TZ names the zone of this process, there is nothing to notice.
*/
class ZoneWatch : public QObject
{
    Q_OBJECT

public:
    explicit ZoneWatch(QObject *parent = nullptr);
    /*! For tests: \a folder has the file "localtime". */
    explicit ZoneWatch(const QString &folder, QObject *parent = nullptr);
    ~ZoneWatch() override;

    /*! The system will tell. */
    [[nodiscard]] bool isWatching() const { return m_folder != -1; }

Q_SIGNALS:
    /*! Local time may be another from now on. Perhaps more than once for one change. */
    void changed();

private:
    void take();

    int m_folder = -1; // has something to read when a file in it was replaced
};
