// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "step.h"

#include "jsonpointer.h"

std::optional<QString> Extraction::find(const QJsonValue &root, const QString &text) const
{
    const std::optional<QString> found =
        pointer ? scalarText(resolvePointer(root, *pointer)) : std::optional(text);
    if (!found || !regex)
        return found;
    const QRegularExpressionMatch match = regex->match(*found);
    if (!match.hasMatch())
        return {};
    return match.captured(regex->captureCount() > 0 ? 1 : 0);
}
