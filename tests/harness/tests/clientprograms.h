// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "harness/browser.h"

#include <QProcess>
#include <QUrl>

#include <functional>
#include <memory>

/*! A client of event streams, of ours or of others, at work on one URL. */
class ClientProgram
{
public:
    virtual ~ClientProgram() = default;

    /*! \a authority is the PEM file to trust; empty for none. */
    virtual void start(const QUrl &url, const QString &authority) = 0;
    /*! Ends it. What it saw until then: "one, two; waits". */
    [[nodiscard]] virtual QString outcome(bool hasAskedAgain) = 0;

protected:
    /*! The data of \a events, shortened, and what became of the client. */
    [[nodiscard]] static QString describe(const QStringList &events, bool hasGivenUp,
                                          bool hasAskedAgain);
};

/*! A column of the table of clients. */
struct ClientKind
{
    QString name;
    bool isInstalled = false;
    std::function<std::unique_ptr<ClientProgram>()> make;
};

/*! All of them, in the order of the table. \a browser runs and shows a page of a server. */
[[nodiscard]] QList<ClientKind> clientKinds(Harness::Browser *browser);
