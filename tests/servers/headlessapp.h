// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/tallybellprocess.h"

#include <QHash>
#include <QStringList>

/*! `tallybell --headless` with one source, and what its JSON lines say. */
class HeadlessApp : public TallybellProcess
{
    Q_OBJECT

public:
    static constexpr auto source = "work";

    /*!
        Starts it with the source file \a sourceFile, filled in with \a values. Where \a password is
        not empty, it is the secret "password".
    */
    void watch(const QString &sourceFile, const QHash<QString, QString> &values = {},
               const QByteArray &password = {});
    /*! Ends it, and starts it again as it was configured. */
    void watchAgain();

    /*! The last status as a word; empty before. */
    [[nodiscard]] QString status() const;
    /*! The sentence that came with it. */
    [[nodiscard]] QString detail() const;
    /*! All statuses so far as words. */
    [[nodiscard]] QStringList statuses() const;
    /*! The sentences that came with them, those that are not empty. */
    [[nodiscard]] QStringList details() const;
    /*! All counts so far. */
    [[nodiscard]] QList<int> counts() const;
    /*! Whether the last count is said to be the server's; false before. */
    [[nodiscard]] bool isFresh() const;
    /*! How often the stream was opened. */
    [[nodiscard]] qsizetype openings() const { return count(QStringLiteral("opened")); }
    /*! How often an open stream was closed. */
    [[nodiscard]] qsizetype closings() const { return count(QStringLiteral("closed")); }

    /*! All that it printed, for a test that fails. */
    [[nodiscard]] QByteArray story() const { return output() + errors(); }

private:
    [[nodiscard]] qsizetype count(const QString &type) const;
};
