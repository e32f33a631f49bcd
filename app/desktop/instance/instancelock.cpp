// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "instancelock.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

// Whoever clears old files away may have taken it between our opening and our locking it.
bool isStillAt(const QByteArray &path, int file)
{
    struct stat ours = {};
    struct stat there = {};
    return ::fstat(file, &ours) == 0 && ::stat(path.constData(), &there) == 0
        && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

} // namespace

InstanceLock::InstanceLock(const QString &path)
    : m_path(path)
{}

// It does not close the file; see the class.
InstanceLock::~InstanceLock() = default;

InstanceLock::State InstanceLock::tryLock()
{
    if (m_file != -1)
        return State::Ours;
    const QByteArray path = QFile::encodeName(m_path);
    for (;;) {
        const int file =
            ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
        if (file == -1)
            return State::Impossible;
        if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
            const bool isHeld = errno == EWOULDBLOCK;
            ::close(file);
            return isHeld ? State::HeldElsewhere : State::Impossible;
        }
        if (!isStillAt(path, file)) {
            ::close(file);
            continue;
        }
        // The sticky bit: XDG Base Directory Specification, on files that are not to be cleared away.
        ::fchmod(file, S_IRUSR | S_IWUSR | S_ISVTX);
        const QByteArray process = QByteArray::number(qint64(::getpid())) + '\n';
        const bool isWritten = ::ftruncate(file, 0) == 0
            && ::pwrite(file, process.constData(), size_t(process.size()), 0) == process.size();
        if (!isWritten)
            qWarning("The process id cannot be written to %s", path.constData());
        m_file = file;
        return State::Ours;
    }
}

void InstanceLock::release()
{
    if (m_file != -1)
        ::close(m_file);
    m_file = -1;
}

qint64 InstanceLock::owner() const
{
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.read(32).trimmed().toLongLong();
}
