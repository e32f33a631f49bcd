// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonObject>
#include <QStringList>

/*! The presets that come with the app, by name. */
[[nodiscard]] QStringList presetNames();

/*!
    The source that \a own makes of the preset that its "preset" names; \a own itself where it names
    none. "vars" gives the preset's blanks their values, any other key takes the place of the
    preset's. Throws JsonMistake.
*/
[[nodiscard]] QJsonObject withPreset(const QJsonObject &own);
