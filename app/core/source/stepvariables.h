// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "source.h"

/*! The names of all variables that making the requests of \a steps looks at. */
[[nodiscard]] QSet<QString> namesUsedBy(const QList<Step> &steps, const Source &source);

/*! The names of all variables that events of the stream give a value. */
[[nodiscard]] QSet<QString> namesFromEvents(const Source &source);

/*! The names of all variables that steps before the close request extract, or a person answers. */
[[nodiscard]] QSet<QString> namesFromSteps(const Source &source);

/*!
    The names of the variables that belong to one session, and are no secret of it: those that
    events give, and the app's own "uuid". What any step extracts, a person answers or the source
    declares a secret is not among them.
*/
[[nodiscard]] QSet<QString> namesOfConnection(const Source &source);

/*!
    Those of \a steps that use such a variable. The others speak of whatever session there is when
    they are sent.
*/
[[nodiscard]] QList<Step> stepsOfConnection(const QList<Step> &steps, const Source &source);

/*!
    The rest of \a steps, as far as they use what a login extracts: they speak of the session that
    this login has made.
*/
[[nodiscard]] QList<Step> stepsOfLogin(const QList<Step> &steps, const Source &source);
