// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "step.h"

#include "jsonpointer.h"

using namespace Qt::Literals;

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

bool Step::isDue(const Variables &variables) const
{
    if (!when)
        return true;
    const QString value = variables.value(when->variable);
    return when->in.isEmpty() ? !value.isEmpty() && value != "false"_L1 : when->in.contains(value);
}
