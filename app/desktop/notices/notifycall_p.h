// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "noticeledger.h"
#include "notifications.h"

#include <QDBusMessage>

#include <optional>

// A notice in the words of https://specifications.freedesktop.org/notification-spec/1.2/

/*! The call of Notify that shows what \a letter has, as far as \a server can. */
[[nodiscard]] QDBusMessage notifyCall(const NoticeLedger::Letter &letter,
                                      const NotificationServer &server);

/*! What \a name means, which a server may choose; none that we offer. */
[[nodiscard]] std::optional<Notifications::Action> actionNamed(const QString &name);
