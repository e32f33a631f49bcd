// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/notices/notice.h"

#include <QHash>
#include <QStringList>

#include <optional>

/*!
    Which notice is where: ours have keys, what the service shows has ids. Of each key there is what
    the user sees, what was sent and is not answered, and what is to be sent next. It talks to nobody.
*/
class NoticeLedger
{
public:
    static constexpr qsizetype maximum = 100; // notices

    /*! What is to be sent. */
    struct Wish
    {
        Notice notice;
        bool withSound = false;
        bool isCorrection = false; //!< Nothing without what it corrects.
    };
    struct Letter
    {
        Wish wish;
        uint replaced = 0; //!< The id of what it takes the place of; 0: none.
    };

    /*! What the user did to a notice. */
    struct Deed
    {
        Notice notice; //!< As the user saw it.
        QString token;
        bool isGone = false; //!< Nothing else of its key is shown, or about to be.
        uint closed = 0; //!< The id that the service is to close; 0: none.
    };

    // What we want. Of more than the maximum, surplus() names the oldest; empty: there are not more.
    void show(const Notice &notice, bool withSound);
    void correct(const Notice &notice);
    /*! The id that the service is to close; 0: none, or not before it has answered. */
    [[nodiscard]] uint withdraw(const QString &key);
    [[nodiscard]] QString surplus() const;
    [[nodiscard]] QStringList keys() const { return m_entries.keys(); }

    // What is sent, one at a time of each key.
    /*! The keys of what is to be sent and can be, in the order in which it came. */
    [[nodiscard]] QStringList waiting() const;
    [[nodiscard]] Letter send(const QString &key);
    /*! \a id is none where the service refused, and the result the one that it is to close, or 0. */
    [[nodiscard]] uint takeAnswer(const QString &key, std::optional<uint> id);

    // What the service says. It may name ids that are not ours.
    void keepToken(uint id, const QString &token);
    [[nodiscard]] std::optional<Deed> act(uint id);
    /*! The key of what is gone from the screen with that; empty where something of it comes again. */
    [[nodiscard]] QString close(uint id);

    /*! The service is another, and shows nothing of ours. */
    void forgetIds();
    void clear() { m_entries.clear(); }

private:
    struct Entry
    {
        quint64 age = 0;
        uint id = 0; // 0: nothing is shown
        Notice shown;
        QString token;
        std::optional<Wish> sent;
        std::optional<Wish> next;
        bool isUnwanted = false; // what was sent is to be closed when it is answered
    };

    [[nodiscard]] QHash<QString, Entry>::iterator find(uint id);

    QHash<QString, Entry> m_entries;
    quint64 m_age = 0;
};
