// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QString>
#include <QStringList>

/*!
    Makes text that others had a hand in fit to be shown: a server may send a secret back, in a
    status line or a redirect for instance, or characters that drive a terminal.
*/
class Redaction
{
public:
    /*! From now on \a secret is not shown, nor in base64 or percent-encoded. Empty: nothing. */
    void hide(const QString &secret);

    /*! \a text with "…" in place of secrets and of control characters. */
    [[nodiscard]] QString of(QString text) const;

private:
    QStringList m_hidden; // the longest first: one may hold another
};

/*! \a text of a session of \a source without what is secret among its \a variables. */
[[nodiscard]] QString redacted(const QString &text, const Source &source,
                               const Variables &variables);
