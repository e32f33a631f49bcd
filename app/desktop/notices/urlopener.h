// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QUrl>

#include <memory>

/*!
    Opens addresses in the user's browser, without a window of ours that has the focus: by the
    desktop portal (org.freedesktop.portal.OpenURI), else by xdg-open. Another program than the
    browser it starts only for whom the user agreed to it; what addressKind() calls unfit, never.
    Never blocks.
*/
class UrlOpener : public QObject
{
    Q_OBJECT

public:
    /*! What the user said about this address. */
    enum class Consent {
        NotAsked, //!< Foreign addresses are refused with failed().
        Given,
    };

    explicit UrlOpener(QObject *parent = nullptr);
    /*! What was started stays. */
    ~UrlOpener() override;

    /*! \a token, which may be empty, lets the browser have the focus (xdg-activation). */
    void open(const QUrl &url, const QString &token, Consent consent = Consent::NotAsked);

Q_SIGNALS:
    /*!
        A sentence: what is wrong, and what to do. At most once for each open(), and not from
        within it. Not where the user was asked for a browser and chose none.
    */
    void failed(const QUrl &url, const QString &why);

private:
    class Ways;

    [[nodiscard]] static QString objection(const QUrl &url, Consent consent);

    std::unique_ptr<Ways> m_ways;
};
