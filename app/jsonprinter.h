// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <cstdio>

class CountModel;
class FeedList;
class QJsonObject;

/*! Prints what happens to all sources as JSON, one object a line, at once: --headless. */
class JsonPrinter : public QObject
{
    Q_OBJECT

public:
    /*! \a feeds is not owned and must outlive the printer; \a stream is not closed. */
    JsonPrinter(FeedList *feeds, std::FILE *stream, QObject *parent = nullptr);

private:
    void follow(CountModel *model);
    void print(const QJsonObject &fact);

    FeedList *const m_feeds;
    std::FILE *const m_stream;
};
