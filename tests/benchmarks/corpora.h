// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>

/*! A stream of one shape of traffic, and how many events it holds. */
struct Corpus
{
    const char *name;
    QByteArray stream;
    qsizetype events;
};

/*! The shapes that servers send, from a million tiny events to megabytes in one line. */
[[nodiscard]] QList<Corpus> makeCorpora();
