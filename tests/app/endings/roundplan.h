// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>

/*! How one round goes: which servers, when the app ends, and by what. Chance, made from a seed. */
struct RoundPlan
{
    /*! What has to happen at the server before the app ends. */
    enum class Phase {
        AnyTime, //!< Nothing: after a time from the start.
        LoginReceived,
        PermissionsReceived,
        CountReceived,
        StreamRequested,
        StreamOpened, //!< Of all feeds.
        StreamCut, //!< We cut one.
        StreamReopened, //!< After that.
        TokenRenewed,
        Leaving, //!< SIGTERM came before; the ending is SIGKILL then.
        CloseReceived, //!< The same, and the first close request came.
    };

    /*! A way to behave at the close; see `ssekit serve --help`. */
    struct PortalKind
    {
        const char *name;
        QStringList options;
    };

    quint32 seed = 0;
    int index = 0; //!< The number of the round.
    QList<qsizetype> portals; //!< For each feed its portal, as an index of portalKinds().
    QString ending; //!< Of endings().
    Phase phase = Phase::AnyTime;
    int repetition =
        1; //!< How often it has to happen: among ten feeds, the third login for instance.
    std::chrono::microseconds delay{0}; //!< After that.

    /*! Round \a index of the run with \a seed, ended by one of \a endings. */
    [[nodiscard]] static RoundPlan make(quint32 seed, int index, const QStringList &endings);

    [[nodiscard]] static const QList<PortalKind> &portalKinds();
    /*! "SIGTERM", …, "SIGTERM and SIGKILL", "quit". */
    [[nodiscard]] static QStringList allEndings();
    /*! The number of a signal by its name. 0: "quit". */
    [[nodiscard]] static int signalNumber(const QString &ending);

    [[nodiscard]] bool isOrderly() const; //!< The app can do what it wants before it ends.
    [[nodiscard]] QString phaseName() const;
    [[nodiscard]] QString describe() const;
};
