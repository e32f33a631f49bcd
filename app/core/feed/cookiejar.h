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
        return m_keeps && QNetworkCookieJar::setCookiesFromUrl(cookies, url);
    }

    void clear() { setAllCookies({}); }

private:
    const bool m_keeps;
};
