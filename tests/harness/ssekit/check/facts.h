// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rawstream.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <optional>

/*! One event of a watched stream. Times are since the request, unless said otherwise. */
struct SeenEvent
{
    std::chrono::milliseconds at{0};
    QByteArray id; //!< The last event id at that point; empty without one.
    QByteArray type;
    QByteArray data;
    std::optional<qint64> stamp; //!< A time that the data names, in ms since 1970.
};

/*! Bytes that came without a noticeable pause in between. */
struct Burst
{
    std::chrono::milliseconds at{0};
    std::chrono::milliseconds until{0}; //!< Its last byte.
    qsizetype bytes = 0;
    qsizetype events = 0; //!< That were whole with it.
    qsizetype comments = 0;
    bool endsInsideLine = false; //!< No server writes so; what buffers between does.
    //! Between the first and the last time that its events name.
    std::chrono::milliseconds stampSpread{0};
};

/*! What one request brought. */
struct Watch
{
    QUrl url; //!< Where redirects led.
    QList<Redirect> redirects;
    int status = 0; //!< 0: no answer; see error.
    QString error;
    QList<QNetworkReply::RawHeaderPair> headers;
    std::chrono::milliseconds headAt{0};
    std::chrono::milliseconds stoppedAt{0}; //!< The end of the stream, or of our patience.
    QList<Burst> bursts;
    QList<SeenEvent> events; //!< The first thousand.
    qsizetype eventCount = 0;
    qsizetype commentCount = 0;
    qsizetype bytes = 0;
    std::optional<std::chrono::milliseconds> retry;
    std::optional<RawStream::End> end; //!< Without: it was going on.
    bool hasBadUtf8 = false;
    bool isTooLarge = false; //!< A line or event beyond what clients can be asked to keep.
    bool usedHttp2 = false;

    /*! The value of a header; null without it. */
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /*! The same, in lower case. */
    [[nodiscard]] QByteArray lowerHeader(QByteArrayView name) const;
    /*! From the head on. */
    [[nodiscard]] std::chrono::milliseconds length() const { return stoppedAt - headAt; }
    /*! Without a byte. */
    [[nodiscard]] std::chrono::milliseconds longestSilence() const;
    /*! 200 and text/event-stream. */
    [[nodiscard]] bool isStream() const;
};

/*! All that is known of an endpoint. Nothing here is judged yet. */
struct EndpointFacts
{
    QUrl url; //!< As asked.
    QByteArray origin; //!< Of the pages that are to read it; empty where nobody asked.
    bool sentCredentials = false;
    Watch watch; //!< Without compression, over HTTP/1.1, without an id.
    QByteArray resumedAfter; //!< The id of the first event that had one.
    std::optional<Watch> resumed; //!< With that id; only where there was one.
    std::optional<Watch> compressed; //!< With compression offered, as browsers do.
    std::optional<bool> offersHttp2; //!< Only over TLS.
    QString tlsVersion; //!< "TLS 1.3"; empty without TLS.
    std::optional<int> certificateDays; //!< Until the certificate expires.
};
