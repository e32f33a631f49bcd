// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

/*! A process as /proc shows it. A value; the process may have gone meanwhile. */
class ProcessView
{
public:
    explicit ProcessView(qint64 id)
        : m_id(id)
    {}

    [[nodiscard]] qint64 id() const { return m_id; }
    [[nodiscard]] QByteArray name() const { return read("comm").trimmed(); }
    [[nodiscard]] bool isZombie() const;
    /*! One of the files in its folder. Empty where we may not, or it has gone. */
    [[nodiscard]] QByteArray read(const QByteArray &file) const;
    /*! The number behind \a key in its file \a file, which has one in a line; -1: there is none. */
    [[nodiscard]] qint64 number(const QByteArray &file, QByteArrayView key) const;
    [[nodiscard]] QList<ProcessView> children() const;

private:
    qint64 m_id;
};

/*!
    All that this program has started, and what that has started, however it has detached itself: who
    has lost its parent becomes our child. One of these in a program.
*/
class Offspring
{
public:
    Offspring();

    /*! Of this name (15 characters at most). What has ended is no part of it, but a zombie of somebody
        else's is. */
    [[nodiscard]] QList<ProcessView> named(const QByteArray &name) const;

private:
    static void reapAdopted();
};
