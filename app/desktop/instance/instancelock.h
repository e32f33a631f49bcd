// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    What at most one process has: the lock on a file. The kernel gives it back when the process ends,
    however that happens, and not a moment earlier: an object that goes keeps it. So whoever gets
    the lock knows that the process before is gone.
*/
class InstanceLock
{
public:
    enum class State {
        Ours,
        HeldElsewhere,
        Impossible, //!< The file cannot be opened or locked.
    };

    explicit InstanceLock(const QString &path);
    ~InstanceLock();
    Q_DISABLE_COPY_MOVE(InstanceLock)

    /*! Takes the lock if it is free. It does not wait. */
    [[nodiscard]] State tryLock();

    /*! Gives it back before the end of the process. */
    void release();

    /*! The process id of who took it last; 0 where none is known. */
    [[nodiscard]] qint64 owner() const;

private:
    const QString m_path;
    int m_file = -1; // open while the lock is ours
};
