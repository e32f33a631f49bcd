// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QProcess>
#include <QUrl>

struct Source;

/*! The server of --demo: "ssekit serve portal" on a free loopback port, as our child. */
class DemoPortal : public QObject
{
    Q_OBJECT

public:
    /*! The password of the portal's user. It is no secret: ssekit's documentation prints it. */
    static constexpr QLatin1StringView password{"tallybell"};
    static constexpr QLatin1StringView sourceName{"demo"};

    explicit DemoPortal(QObject *parent = nullptr);
    ~DemoPortal() override; //!< Ends the child.

    /*! ready() or failed() follows. */
    void start();

Q_SIGNALS:
    /*! The server listens; \a source describes it. */
    void ready(const Source &source);
    /*! There is no server; \a why is a sentence. */
    void failed(const QString &why);

private:
    void readAddress();

    QProcess m_process;
};
