// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "checkresult.h"

#include <sselib/eventsource.h>

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

struct RenderedRequest;

/*! Opens an event stream once and waits for its first byte. It never opens it a second time. */
class StreamProbe : public QObject
{
    Q_OBJECT

public:
    /*! How long to wait, and what is known of the server by then. */
    struct Terms
    {
        std::chrono::milliseconds openLimit;
        std::chrono::milliseconds firstByteLimit;
        bool plainRequestsWork = false; //!< The same server answered others of this session.
    };

    /*! \a manager is not owned and must outlive the probe. */
    StreamProbe(QNetworkAccessManager *manager, const Terms &terms, QObject *parent = nullptr);

    void open(const RenderedRequest &rendered, const QByteArray &method,
              const QList<QSslCertificate> &caCertificates);

    /*! Ends the stream, if it is still open. */
    void close();

Q_SIGNALS:
    /*! StreamOpened and FirstByte, in this order; after a bad one none follows. */
    void stageDone(const CheckResult &result);
    /*! Once: the server let us in; emitted before StreamOpened is done. */
    void opened();
    /*! After the last stageDone() and once, unless one was bad. */
    void passed();

private:
    void streamOpened();
    void firstByte(const QString &finding);
    void streamFailed(Sse::EventSource::Error error);
    void timeOut();
    void finish(const CheckResult &result);

    [[nodiscard]] CheckResult heldBack() const;
    [[nodiscard]] CheckResult silent() const;
    [[nodiscard]] CheckResult failure(Sse::EventSource::Error error) const;
    [[nodiscard]] CheckResult badStatus() const;
    [[nodiscard]] CheckResult bad(const QString &finding, const QString &remedy,
                                  CheckEnd end = CheckEnd::Failed) const;
    [[nodiscard]] QString streamSentence() const;

    const Terms m_terms;
    Sse::EventSource m_stream;
    CheckStage m_stage = CheckStage::StreamOpened;
    QElapsedTimer m_elapsed; // of the stage
    QTimer m_timer;
    QTimer m_byteTimer; // looks for bytes that are neither event nor comment
    QUrl m_url; // as asked for
    QString m_place; // as people may see it
};
