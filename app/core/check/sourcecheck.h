// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "checkresult.h"
#include "core/secrets/redaction.h"

#include "core/feed/network.h"
#include "core/leaving/farewell.h"
#include "core/source/source.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QSslCertificate>
#include <QTimer>

#include <functional>

class HostProbe;
class SecretStore;
class StepRunner;
class StreamProbe;
struct SecretAnswer;
struct StepOutcome;

/*!
    Goes once through all that a feed of a source does, and says of each stage what is so and what to
    do about it: DNS, connection, TLS, login, permissions, snapshot, stream, first byte, close
    request. It keeps no count, and tries nothing twice.

    A bad stage ends the walk, but for the close request, which is sent where there is a session.
    Each stage has a limit of time, so that the whole ends.
*/
class SourceCheck : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds defaultLimit{10};

    /*!
        \a secrets is not owned and must outlive the check. \a limit is how long to wait for an
        address, a connection, TLS, the head of the stream (not longer than the source does) and
        its first byte; steps have the limits of the source.
    */
    SourceCheck(const Source &source, SecretStore *secrets,
                std::chrono::milliseconds limit = defaultLimit, QObject *parent = nullptr);
    ~SourceCheck() override;

    /*! Once. The signals follow, though not before it returns. */
    void start();

    /*! Ends the walk early: what is not reached is skipped, but for the close request. */
    void stop();

Q_SIGNALS:
    /*! Once for each stage, in their order, as soon as it is done. */
    void stageDone(const CheckResult &result);
    /*! After the last stage, once. The end is that of the first bad stage; Failed when stopped. */
    void finished(CheckEnd end);

private:
    using Next = std::function<void(const StepOutcome &outcome)>;

    // The walk, in its order.
    void probeHost();
    void readSecrets();
    void takeSecret(const QString &name, const Source::SecretDeclaration &declaration,
                    const SecretAnswer &answer);
    void logIn();
    void authorize();
    void countFirst();
    void openStream();
    void leave(const QString &why);
    void finishLeaving(const StepOutcome &outcome);

    void take(const Variables &extracted);
    void openSession();
    [[nodiscard]] std::optional<QUrl> knownAddress() const;
    [[nodiscard]] bool reportUnusable(const QString &error);
    void runSteps(const QList<Step> &steps, const Next &next);
    [[nodiscard]] CheckResult failure(const StepOutcome &outcome) const;
    void beginStage();
    void finishStage(CheckResult result);
    void report(const CheckResult &result);
    void finish();

    const Source m_source;
    SecretStore *const m_secrets;
    const std::chrono::milliseconds m_limit;
    Network m_network;
    QList<QSslCertificate> m_caCertificates;
    Variables m_variables;
    Farewell m_farewell; // after the cookies, which are in it
    Redaction m_redaction;
    CheckStage m_stage = CheckStage::Dns;
    CheckEnd m_end = CheckEnd::Good;
    QElapsedTimer m_elapsed; // of the stage
    QTimer m_secretTimer;
    QString m_proxyName; // host and port; empty without one
    QPointer<HostProbe> m_hostProbe;
    QPointer<StreamProbe> m_streamProbe;
    QPointer<StepRunner> m_runner;
    bool m_plainRequestsWork = false;
    bool m_isLeaving = false;
};
