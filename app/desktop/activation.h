// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    Gives the next window of ours that asks for the focus the right to have it: \a token is what the
    panel or the notification service got for the user's click (xdg-activation). Empty: nothing.
*/
void useActivationToken(const QString &token);
