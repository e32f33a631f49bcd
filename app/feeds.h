// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feedlist.h"

#include <QList>
#include <QObject>

class Feed;
class SecretStore;
struct Source;

/*! The running sources: reads their files, and starts and stops them all. */
class Feeds : public QObject
{
    Q_OBJECT

public:
    /*! \a secrets is not owned and must outlive the feeds. */
    explicit Feeds(SecretStore *secrets, QObject *parent = nullptr);
    ~Feeds() override;

    [[nodiscard]] FeedList *list() { return &m_list; }

    /*! Adds a source; openAll() starts it. */
    void add(const Source &source);

    /*! Adds what could not become a source, so that it is seen. */
    void addBroken(const QString &name, const QString &title, const QString &why);

    /*! Adds all *.json of \a directory, in the order of their names. */
    void addFolder(const QString &directory);

    void openAll();
    void closeAll();

    /*!
        Closes all, and does not return before each close request was answered or the budget is
        spent. For the end of the process: nothing is sent after the event loop has ended.
    */
    void leave();

private:
    FeedList m_list;
    QList<Feed *> m_feeds;
    SecretStore *const m_secrets;
};
