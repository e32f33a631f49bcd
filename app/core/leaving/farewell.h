// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closerequest.h"
#include "farewellfolder.h"
#include "latefarewells.h"

#include "core/feed/steprunner.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

/*!
    Tells the server that a session ends, however it ends: the close request is held ready from the
    session's first moment, and goes out by itself when the session, or the whole process, goes.
    Where it does not get through, what is needed to send it later is in a file.

    It does not know what a session is, only what its close request uses.
*/
class Farewell : public QObject
{
    Q_OBJECT

public:
    enum class Occasion {
        Quit, //!< The app leaves, or was ended.
        Logout, //!< The user closes the connection.
        Suspend, //!< The computer goes to sleep.
        BeforeReopen, //!< The stream was lost and is opened anew.
    };
    Q_ENUM(Occasion)

    using Continuation = std::function<void(const StepOutcome &outcome)>;

    /*!
        Of anything that is sent, a forced end too: systemd kills what is still there 5 s after
        SIGTERM, where it is told to hurry, and the next start takes it for gone by then.
    */
    static constexpr std::chrono::milliseconds longestDeadline{4000};

    /*! \a cookies are not owned and must outlive it. */
    Farewell(const Source &source, CookieJar *cookies, QObject *parent = nullptr);
    /*! Sends what is held. */
    ~Farewell() override;

    /*! Where what does not get through is kept; nowhere by default. While nothing is held. */
    void setFolder(const QString &path) { m_folder.setPath(path); }

    /*! How long an orderly end may take, longestDeadline at most; the source's budget by default. */
    void setDeadline(std::chrono::milliseconds deadline)
    {
        m_deadline = std::min(deadline, longestDeadline);
    }

    void setCaCertificates(const QList<QSslCertificate> &certificates);

    /*!
        The server has a session, with all of these \a variables, and all that runs uses it. When it
        returns, an end of the process sends the close request, if the source wants it when the app
        quits.
    */
    void open(const Variables &variables);

    /*! \a changed variables have other values. Costs next to nothing where no step uses them. */
    void update(const Variables &changed);

    /*!
        A login is about to be made that takes the place of the one so far. As soon as update() has
        its token there are two sessions at the server: the first is closed at the next open(), when
        nothing needs it any more, or with the second. Not, where the close request speaks of the
        connection and of no login: that is still the same.
    */
    void expectReplacement();
    /*! That login came to nothing. */
    void expectNoReplacement() { m_replaced.clear(); }

    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    /*! It has taken the place of another, which something may still use. */
    [[nodiscard]] bool isReplacement() const { return m_isOpen && !m_before.empty(); }

    /*! The variables that the steps use and that belong to one session alone. */
    [[nodiscard]] const QSet<QString> &connectionNames() const { return m_connectionNames; }

    /*! An end of the process sends a close request. */
    [[nodiscard]] bool isHolding() const { return m_beacon->isHolding(); }

    /*! Whether the source wants a close request on \a occasion, and there is a session to close. */
    [[nodiscard]] bool isWanted(Occasion occasion) const;

    /*!
        Sends the close request; unless the stream is only reopened, the session is over. \a done is
        called, at the latest when the deadline is over, unless \a owner is gone by then.
    */
    void send(Occasion occasion, QObject *owner, const Continuation &done);

    /*! The session is over, and the server needs no word: nothing is held nor kept. */
    void release();

    /*!
        The session may be over, or nothing gets through to the server: its close request waits until
        the next session is open, or until none is wanted any more, or the process ends. So do those
        of the sessions before it.
    */
    void setAside();

    /*!
        Sends what did not get through at the end of an earlier session, unless it is pointless by
        now. \a variables are those of the new one.
    */
    void sendKept(const Variables &variables);

private:
    [[nodiscard]] Variables variablesFor(Occasion occasion) const;
    void supersede();
    void hold();
    void keep(Occasion occasion);
    void forgetSession();

    const Source m_source;
    const QSet<QString> m_names; // that the steps use
    const QSet<QString> m_connectionNames; // those of them that may be kept
    const QList<Step> m_connectionSteps; // that may be sent later
    const QList<Step> m_loginSteps; // that another login makes others of
    CloseRequestMaker m_maker;
    FarewellFolder m_folder;
    LateFarewells m_late;
    std::unique_ptr<Sse::Beacon> m_beacon;
    QList<Sse::BeaconRequest> m_held;
    QList<Sse::BeaconRequest> m_replaced; // by the login that is on its way
    std::vector<std::unique_ptr<Sse::Beacon>> m_before; // of earlier sessions, until open()
    Variables m_variables; // those that the steps use
    std::optional<FarewellRecord> m_kept; // in the folder
    QTimer m_keepLater; // so that events in a burst write one file
    QTimer m_keepAlive; // so that what is kept has the age of the session's end
    std::chrono::milliseconds m_deadline;
    QUuid m_key; // of this session
    bool m_isOpen = false;
    bool m_hasWarned = false; // of a folder that cannot be written
};
