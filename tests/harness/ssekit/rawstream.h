// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QObject>
#include <QPointer>
#include <QUrl>

#include <chrono>

class QNetworkAccessManager;

/*! One redirect that was followed, or could not be. */
struct Redirect
{
    int status = 0;
    QUrl target;
};

/*!
    The answer to one GET as it comes, without the eyes of an EventSource: head, pieces of the body,
    end. It follows redirects as the library does (the user's headers stay with the origin, https
    does not lead to http) and asks for no compression unless the request does.
*/
class RawStream : public QObject
{
    Q_OBJECT

public:
    /*! How a body ended. */
    enum class End {
        //! In good order, as far as can be told: without Content-Length, Qt 6.4 often takes what was
        //! cut for ended, also with chunks.
        Clean,
        Cut, //!< In the middle.
        NoAnswer, //!< It never began; errorString() says why.
    };

    /*! \a manager is not owned and must outlive this object. */
    explicit RawStream(QNetworkAccessManager *manager, QObject *parent = nullptr);
    ~RawStream() override;

    /*! Once. The time begins to run. */
    void open(const QNetworkRequest &request);
    /*! Lets go of the answer; nothing is emitted any more. */
    void abort();

    /*! Since open(). */
    [[nodiscard]] std::chrono::milliseconds elapsed() const;
    [[nodiscard]] QUrl url() const { return m_url; } //!< Where redirects led.
    [[nodiscard]] QList<Redirect> redirects() const { return m_redirects; }
    [[nodiscard]] int status() const { return m_status; } //!< 0 before the head.
    [[nodiscard]] QByteArray reasonPhrase() const { return m_reasonPhrase; }
    /*! Of the answer, in its order; a name that came several times has its values joined. */
    [[nodiscard]] QList<QNetworkReply::RawHeaderPair> headers() const { return m_headers; }
    [[nodiscard]] bool usedHttp2() const { return m_usedHttp2; }
    /*! Of the connection; null without TLS. */
    [[nodiscard]] QSslConfiguration tls() const { return m_tls; }
    [[nodiscard]] QString errorString() const { return m_errorString; }

Q_SIGNALS:
    /*! Once, before any piece. */
    void headReceived();
    /*! Bytes of the body, as the network handed them on. */
    void received(const QByteArray &piece);
    /*! Once, the last signal. */
    void ended(RawStream::End end);

private:
    void send();
    void readHead();
    void readBody();
    void readEnd();
    void followRedirect();
    void finish(End end, const QString &error);
    void detach();

    QNetworkAccessManager *const m_manager;
    QElapsedTimer m_clock;
    QNetworkRequest m_wanted;
    QPointer<QNetworkReply> m_reply;
    QUrl m_url;
    QList<Redirect> m_redirects;
    QList<QNetworkReply::RawHeaderPair> m_headers;
    QByteArray m_reasonPhrase;
    QString m_errorString;
    QSslConfiguration m_tls;
    int m_status = 0;
    qint64 m_bytes = 0; // of the body so far
    qint64 m_length = -1; // of the body, where the head says it
    bool m_usedHttp2 = false;
    bool m_leftOrigin = false;
};
