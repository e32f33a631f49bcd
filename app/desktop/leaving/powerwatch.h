// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <memory>

/*!
    Hears from the system that it is about to shut down or to sleep, and can make it wait a moment:
    logind's delay inhibitor, InhibitDelayMaxSec (5 s) at most. It does not decide what to do in
    that moment. Where there is no logind it never hears anything.
*/
class PowerWatch : public QObject
{
    Q_OBJECT

public:
    explicit PowerWatch(QObject *parent = nullptr);
    ~PowerWatch() override;

    /*! Somebody is there to ask. */
    [[nodiscard]] bool isReachable() const;

    /*! The system waits for us: hold() was granted. */
    [[nodiscard]] bool isHolding() const;

public Q_SLOTS:
    /*! From now on the system waits for release() before it sleeps or shuts down. */
    void hold();
    /*! It need not wait any longer. */
    void release();

Q_SIGNALS:
    void aboutToShutDown();
    void aboutToSleep();
    /*! It slept, or will not sleep after all. */
    void wokenUp();

private:
    class Logind;

    std::unique_ptr<Logind> m_logind;
};
