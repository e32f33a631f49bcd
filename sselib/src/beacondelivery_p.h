// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "beaconpayload_p.h"

#include <QtCore/QPointer>
#include <QtCore/QTimer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

namespace Sse {

/*! Sends a beacon, request after request, each once; what one is answered does not stop the next. */
class BeaconDelivery : public QObject
{
    Q_OBJECT

public:
    explicit BeaconDelivery(const BeaconPayload &payload, QObject *parent = nullptr);
    ~BeaconDelivery() override;

    /*! The deadline counts from now. finished() follows, not before it returns. */
    void start();

Q_SIGNALS:
    /*! Once. A slot may delete the delivery with deleteLater(). */
    void finished(const Sse::BeaconResult &result);

private:
    void next();
    void post(QNetworkRequest request);
    void readAnswer();
    [[nodiscard]] bool followRedirect(int status);
    void note(int status, const QString &error);
    void giveUp();
    void finish();
    void letReplyGo();

    BeaconPayload m_payload;
    QNetworkAccessManager m_manager;
    QPointer<QNetworkReply> m_reply;
    QTimer m_deadline;
    BeaconResult m_result;
    int m_redirects = 0; // of the request on its way
    bool m_isSent = false; // that request, in full
    bool m_mayHaveArrived = true; // each request: an answer that is missing does not tell
    bool m_hasFailed = false; // a request before this one
};

} // namespace Sse
