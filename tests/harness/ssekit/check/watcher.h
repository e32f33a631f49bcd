// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "check/watchbuilder.h"
#include "rawstream.h"

#include <QTimer>

/*! Watches the answer to one request until its time is over. */
class Watcher : public QObject
{
    Q_OBJECT

public:
    explicit Watcher(QNetworkAccessManager *manager, QObject *parent = nullptr);

    /*! Once. \a duration is counted from the head on; for the head it waits half a minute. */
    void start(const QNetworkRequest &request, std::chrono::milliseconds duration);

    /*! Says after each piece, and with the head, whether there is enough to see. */
    void setEnough(const std::function<bool(const Watch &watch)> &enough) { m_enough = enough; }

    [[nodiscard]] const Watch &watch() const { return m_builder.watch(); }
    [[nodiscard]] QSslConfiguration tls() const { return m_stream.tls(); }

Q_SIGNALS:
    /*! Once: it ended, or was watched for long enough. */
    void finished();

private:
    void readHead();
    void finish(std::optional<RawStream::End> end);

    RawStream m_stream;
    WatchBuilder m_builder;
    QTimer m_timer;
    std::chrono::milliseconds m_duration{0};
    std::function<bool(const Watch &watch)> m_enough;
    bool m_finished = false;
};
