// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusMessage>

namespace Harness {

/*!
    How many bytes a message takes on a message bus, header and all, as the D-Bus specification
    ("Message Format") has it. QtDBus does not tell. \a message was received, so it has its sender.
*/
[[nodiscard]] qsizetype wireSize(const QDBusMessage &message, const QString &receiver = {});

} // namespace Harness
