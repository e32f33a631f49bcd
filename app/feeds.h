// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feed/session.h"
#include "core/feedlist.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <vector>

class Feed;
class Prompter;
class SecretStore;
struct Source;

/*! The running sources: reads their files, and starts and stops them all. */
class Feeds : public QObject
{
    Q_OBJECT

public:
    /*!
        How long the answers to the close requests of all sources together are waited for. Who sends
        them goes on with what is not answered by then.
    */
    static constexpr std::chrono::milliseconds leavingBudget{1300};

    /*! \a secrets and \a prompter, which may be null, are not owned and must outlive the feeds. */
    Feeds(SecretStore *secrets, Prompter *prompter, QObject *parent = nullptr);
    ~Feeds() override;

    /*! Where close requests are kept that do not get through; nowhere by default. Before openAll(). */
    void setFarewellFolder(const QString &path) { m_farewellFolder = path; }

    [[nodiscard]] FeedList *list() { return &m_list; }

    /*! Adds a source; openAll() starts it. */
    void add(const Source &source);

    /*! Adds what could not become a source, so that it is seen. */
    void addBroken(const QString &name, const QString &title, const QString &why);

    /*! Adds all *.json of \a directory, in the order of their names; a broken one too. */
    void addFolder(const QString &directory);

    /*! Starts all that do not run. Their files are read anew: the user may have mended them. */
    void openAll();
    void closeAll();

    /*!
        Closes all, and does not return before each close request was answered or the budget is
        spent. For the end of the process: nothing is sent after the event loop has ended.
    */
    void leave();

    /*!
        For the moment before the system sleeps: closes those whose source wants a close request
        then. suspended() follows, not from within, when each was answered or the budget is spent;
        not after a resume() that comes before.
    */
    void suspend();
    /*! Starts again what suspend() has closed, unless the user has done something else since. */
    void resume();

    /*!
        The computer slept, its network or its clock is another: all that run drop what they have
        open, and begin anew at once. See Feed::awaken().
    */
    void awaken();

    /*! Those that wait for their next attempt make it now. */
    void reconnect();

    /*! A source runs, or its close request is on its way. */
    [[nodiscard]] bool isBusy() const;

Q_SIGNALS:
    void suspended();
    /*! isBusy() may have changed. */
    void activityChanged();

private:
    struct Entry
    {
        CountModel *model;
        QString path; // of the source file; empty where there is none
        std::unique_ptr<Feed> feed; // none for a broken source
        bool isSuspended = false;
    };

    void read(Entry &entry);
    void describe(Entry &entry, const Source &source);

    void stopAll(Session::Occasion occasion);
    void forgetSuspension();
    [[nodiscard]] bool haveAllLeft() const;
    void feedLeft();

    SecretStore *const m_secrets;
    Prompter *const m_prompter;
    QString m_farewellFolder;
    FeedList m_list;
    std::vector<Entry> m_entries; // after the models, which their feeds write
    QTimer m_suspending; // runs from suspend() to suspended()
    QTimer m_activity;
};
