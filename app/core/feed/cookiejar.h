// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>

/*! The cookies of one source while its session lasts; none where its description wants none. */
class CookieJar : public QNetworkCookieJar
{
    Q_OBJECT

public:
    explicit CookieJar(Source::Cookies cookies, QObject *parent = nullptr)
        : QNetworkCookieJar(parent)
        , m_keeps(cookies == Source::Cookies::Session)
    {}

    bool setCookiesFromUrl(const QList<QNetworkCookie> &cookies, const QUrl &url) override
    {
        if (!m_keeps)
            return false;
        const bool isTaken = QNetworkCookieJar::setCookiesFromUrl(cookies, url);
        Q_EMIT changed(); // also without: an old one may be taken away
        return isTaken;
    }

    void clear()
    {
        setAllCookies({});
        Q_EMIT changed();
    }

    /*! What a request to \a url has as its header Cookie; empty: none. */
    [[nodiscard]] QByteArray header(const QUrl &url) const
    {
        QByteArrayList pairs;
        const QList<QNetworkCookie> cookies = cookiesForUrl(url);
        for (const QNetworkCookie &cookie : cookies)
            pairs.append(cookie.toRawForm(QNetworkCookie::NameAndValueOnly));
        return pairs.join("; ");
    }

Q_SIGNALS:
    /*! Perhaps: an answer had cookies, or they were cleared. */
    void changed();

private:
    const bool m_keeps;
};
