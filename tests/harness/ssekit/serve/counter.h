// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

/*! The number of the portal, moved by hand or by ticks. Never below 0. */
class Counter : public QObject
{
    Q_OBJECT

public:
    static constexpr int first = 3; //!< What it begins with.
    static constexpr int maximum = 1'000'000;

    using QObject::QObject;

    [[nodiscard]] int count() const { return m_count; }
    /*! How often it changed: the id of the last event. */
    [[nodiscard]] int changes() const { return m_changes; }

    /*! Adds \a n, which may be negative. */
    void move(int n);
    /*!
        Takes the next of ten steps, always the same: from 3 to 4, 5, 7, 6, 4, 1, 0, 1, 2, 3 and
        round again, as long as nobody moves it by hand meanwhile.
    */
    void tick();

Q_SIGNALS:
    /*! Never emitted without a change. */
    void changed(int count);

private:
    int m_count = first;
    int m_changes = 0;
    size_t m_step = 0;
};
