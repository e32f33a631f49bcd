// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QNetworkRequest>

#include <optional>

/*! A request made of a source's templates, or why there is none. */
struct RenderedRequest
{
    QNetworkRequest request;
    QByteArray body;
    QString place; //!< The address as people and logs may see it, without secrets.
    QString error; //!< A sentence; empty when the request can be sent.
};

/*! Puts \a variables into \a step, with the headers and the login that its source asks for. */
[[nodiscard]] RenderedRequest renderStep(const Source &source, const Step &step,
                                         const Variables &variables);

/*! The same for the stream of \a source. */
[[nodiscard]] RenderedRequest renderStream(const Source &source, const Variables &variables);

/*!
    Whether the answer to \a step is a redirect in itself, as that to a login form: to follow it
    would hide it.
*/
[[nodiscard]] bool expectsRedirect(const Step &step);
