// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// localtime(5), inotify(7)

#include "zonewatch.h"

#include <QFile>
#include <QSocketNotifier>

#include <array>

#include <sys/inotify.h>
#include <unistd.h>

using namespace Qt::Literals;

ZoneWatch::ZoneWatch(QObject *parent)
    : ZoneWatch(u"/etc"_s, parent)
{}

// The folder, for the file is a link that is replaced: a watch of it would go on to watch the old zone.
ZoneWatch::ZoneWatch(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    if (m_folder == -1)
        return;
    const QByteArray path = QFile::encodeName(folder);
    if (inotify_add_watch(m_folder, path.constData(),
                          IN_ONLYDIR | IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE)
        == -1) {
        ::close(m_folder);
        m_folder = -1;
        return;
    }
    const auto *const notifier = new QSocketNotifier(m_folder, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &ZoneWatch::take);
}

ZoneWatch::~ZoneWatch()
{
    if (m_folder != -1)
        ::close(m_folder);
}

void ZoneWatch::take()
{
    bool isAnother = false;
    alignas(inotify_event) std::array<char, 4096> buffer; // enough for the longest name
    for (ssize_t length; (length = ::read(m_folder, buffer.data(), buffer.size())) > 0;) {
        for (const char *at = buffer.data(); at < buffer.data() + length;) {
            const auto *const event =
                static_cast<const inotify_event *>(static_cast<const void *>(at));
            const bool isLost = (event->mask & IN_Q_OVERFLOW) != 0;
            isAnother |= isLost || (event->len > 0 && qstrcmp(event->name, "localtime") == 0);
            at += sizeof(inotify_event) + event->len;
        }
    }
    if (isAnother)
        Q_EMIT changed();
}
