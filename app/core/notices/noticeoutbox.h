// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "notice.h"

#include <QHash>
#include <QList>

/*!
    What is shown, as far as it was told, and what is to be told next. That waits until everything is
    judged, for whoever hears of it may call back. Nothing is told that changes nothing.
*/
class NoticeOutbox
{
public:
    enum class Kind {
        Request,
        Correction,
        Withdrawal,
    };

    struct Letter
    {
        Kind kind;
        Notice notice; //!< Of a withdrawal the key alone.
        bool withSound = false;
    };

    void request(const Notice &notice, bool withSound);
    void correct(Notice notice); //!< Of urgency Low from now on; nothing where it is not shown.
    void withdraw(const QString &key);
    void forget(const QString &key) { m_shown.remove(key); } //!< The user has put it away.

    [[nodiscard]] bool isShown(const QString &key) const { return m_shown.contains(key); }
    /*! It is shown with the same words, however urgent. */
    [[nodiscard]] bool shows(Notice notice) const;

    [[nodiscard]] QList<Letter> take(); //!< What is to be told, in that order.

private:
    QHash<QString, Notice> m_shown; // by key
    QList<Letter> m_letters;
};
