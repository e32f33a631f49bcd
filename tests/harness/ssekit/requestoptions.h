// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QCommandLineOption>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QSslCertificate>

#include <optional>

class QCommandLineParser;
class QNetworkAccessManager;

/*! What the command line says about a request. */
struct WantedRequest
{
    QNetworkRequest request; //!< The URL and the headers, the bearer token among them.
    QList<QSslCertificate> authorities; //!< Trusted besides the system's.
    std::optional<QNetworkProxy> proxy; //!< Without: as the system says.
    QString error; //!< A sentence when the command line was wrong; the rest is of no use then.

    /*! Makes requests of \a manager go through the proxy. */
    void applyProxy(QNetworkAccessManager &manager) const;

    /*! The request for code that reads replies itself; an EventSource is given the parts. */
    [[nodiscard]] QNetworkRequest withAuthorities() const;
};

/*! The options of all verbs that ask a server: --header, --bearer-file, --cacert, --proxy. */
class RequestOptions
{
public:
    /*! Adds them to \a parser. */
    void addTo(QCommandLineParser &parser) const;

    /*! Reads them after \a parser has parsed. \a address is the URL as the user gave it. */
    [[nodiscard]] WantedRequest read(const QCommandLineParser &parser,
                                     const QString &address) const;

    const QCommandLineOption header;
    const QCommandLineOption bearerFile;
    const QCommandLineOption authorities;
    const QCommandLineOption proxy;

    RequestOptions();
};

/*!
    The value of \a option as seconds, to milliseconds; \a fallback where it is not set. Null, and a
    sentence in \a error, unless it is a number above 0.
*/
[[nodiscard]] std::optional<std::chrono::milliseconds> secondsOf(const QCommandLineParser &parser,
                                                                 const QCommandLineOption &option,
                                                                 std::chrono::milliseconds fallback,
                                                                 QString &error);

/*! The same for a whole number of at least \a least. */
[[nodiscard]] std::optional<qint64> numberOf(const QCommandLineParser &parser,
                                             const QCommandLineOption &option, qint64 fallback,
                                             qint64 least, QString &error);

/*! A URL as it may be printed: without user, password, query and fragment. */
[[nodiscard]] QString printableUrl(const QUrl &url);
