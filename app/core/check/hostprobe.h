// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "checkresult.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QSslConfiguration>
#include <QSslError>
#include <QTimer>
#include <QUrl>

#include <memory>

QT_BEGIN_NAMESPACE
class QHostInfo;
class QSslSocket;
QT_END_NAMESPACE

/*!
    Looks the host of an address up, connects to it, and speaks TLS with it where the address is
    https. It sends no request. Where the way goes through a proxy nothing is tried, since all of that
    is the proxy's work.
*/
class HostProbe : public QObject
{
    Q_OBJECT

public:
    /*! \a proxy is host and port of the way to \a url, empty without one. \a limit is for each stage. \a tls says whom to trust. */
    HostProbe(const QUrl &url, const QString &proxy, std::chrono::milliseconds limit,
              const QSslConfiguration &tls, QObject *parent = nullptr);
    ~HostProbe() override;

    void start();

Q_SIGNALS:
    /*! Dns, Connect and Tls, in this order; after a bad one none follows. */
    void stageDone(const CheckResult &result);
    /*! After the last stageDone() and once, unless one was bad. */
    void passed();

private:
    void lookUp();
    void takeAddresses(const QHostInfo &found);
    void connectNext();
    void addressFailed(const QString &sentence, bool isRefusal);
    void connected();
    void encrypt();
    void encrypted();
    void tlsFailed(const QString &finding, const QString &remedy);
    void timeOut();
    void finish(const CheckResult &result);

    const QUrl m_url;
    const QString m_proxy;
    const std::chrono::milliseconds m_limit;
    const QSslConfiguration m_tls;
    CheckStage m_stage = CheckStage::Dns;
    QElapsedTimer m_elapsed; // of the stage
    QTimer m_timer;
    QList<QHostAddress> m_addresses; // the first is the one being tried
    qsizetype m_addressCount = 0;
    QStringList m_failures; // of the addresses before
    bool m_isRefused = true; // all of them, so far
    std::unique_ptr<QSslSocket> m_socket;
    QList<QSslError> m_tlsErrors;
};
