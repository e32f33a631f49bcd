// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/eventstream.h"

#include "serve/factlog.h"

#include <QCoreApplication>
#include <QTimer>

using namespace Qt::Literals;

using Harness::Exchange;

EventStream::EventStream(Exchange *exchange, FactLog *log, const QJsonObject &facts,
                         const Harness::Headers &headers, std::chrono::seconds keepAlive)
    : QObject(exchange)
    , m_exchange(exchange)
{
    QJsonObject line = facts;
    line.insert(u"path"_s, QString::fromUtf8(exchange->path()));
    line.insert(u"peer"_s, QString::fromUtf8(exchange->peer()));
    exchange->startStream(headers);
    log->write("open", line);

    connect(exchange, &Exchange::peerClosed, this, &EventStream::peerClosed);
    connect(exchange, &Exchange::finished, this, [exchange, log, line]() mutable {
        line.insert(u"by"_s, exchange->wasClosedByPeer() ? u"peer"_s : u"server"_s);
        log->write("closed", line);
    });
    connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, this, &EventStream::end);
    if (keepAlive.count() > 0) {
        auto *const timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, [this] { write(": keep-alive\n\n"); });
        timer->start(keepAlive);
    }
}
