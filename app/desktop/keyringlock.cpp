// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "keyringlock.h"

// A system whose keyring is the business of the libraries alone.
class KeyringLock::Watch
{};

KeyringLock::KeyringLock(QObject *parent)
    : QObject(parent)
{}

KeyringLock::~KeyringLock() = default;

void KeyringLock::check()
{
    QMetaObject::invokeMethod(
        this, [this] { finishCheck(State::Unknown); }, Qt::QueuedConnection);
}

void KeyringLock::unlock()
{}

void KeyringLock::finishCheck(State state)
{
    m_state = state;
    Q_EMIT checked(state);
}
