// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "offspring.h"

#include <QCoreApplication>
#include <QFile>

#include <sys/prctl.h>
#include <sys/wait.h>

using namespace Qt::Literals;

QByteArray ProcessView::read(const QByteArray &file) const
{
    QFile proc(u"/proc/%1/%2"_s.arg(m_id).arg(QString::fromLatin1(file)));
    return proc.open(QIODevice::ReadOnly) ? proc.readAll() : QByteArray();
}

bool ProcessView::isZombie() const
{
    const QByteArray stat = read("stat");
    return stat.mid(stat.lastIndexOf(')') + 2).startsWith('Z');
}

qint64 ProcessView::number(const QByteArray &file, QByteArrayView key) const
{
    const QByteArrayList lines = read(file).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(key))
            return line.mid(key.size()).simplified().split(' ').constFirst().toLongLong();
    }
    return -1;
}

QList<ProcessView> ProcessView::children() const
{
    QList<ProcessView> children;
    const QByteArrayList ids =
        read("task/" + QByteArray::number(m_id) + "/children").simplified().split(' ');
    for (const QByteArray &id : ids) {
        if (!id.isEmpty())
            children.append(ProcessView(id.toLongLong()));
    }
    return children;
}

Offspring::Offspring()
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

// Those that are not QProcess's, which waits for its own by itself.
void Offspring::reapAdopted()
{
    const auto ours = ProcessView(QCoreApplication::applicationPid()).children();
    for (const ProcessView &child : ours) {
        if (child.isZombie() && child.name().startsWith("sselib-beacon"))
            ::waitpid(pid_t(child.id()), nullptr, WNOHANG);
    }
}

QList<ProcessView> Offspring::named(const QByteArray &name) const
{
    reapAdopted();
    QList<ProcessView> found;
    QList<ProcessView> open{ProcessView(QCoreApplication::applicationPid())};
    while (!open.isEmpty()) {
        const auto children = open.takeLast().children();
        for (const ProcessView &child : children) {
            open.append(child);
            if (child.name() == name)
                found.append(child);
        }
    }
    return found;
}
