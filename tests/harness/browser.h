// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

namespace Harness {

/*!
    A headless Chromium with a fresh profile, driven through chromedriver (W3C WebDriver). It needs
    both programs, and no display. All functions run the event loop until the browser answered.
*/
class Browser : public QObject
{
    Q_OBJECT

public:
    explicit Browser(QObject *parent = nullptr);
    /*! Ends the browser and chromedriver. */
    ~Browser() override;

    [[nodiscard]] static bool isInstalled();

    /*! Starts both. On false, errorString() says why. */
    [[nodiscard]] bool start();
    /*! What chromedriver said about the last call that failed. */
    [[nodiscard]] QString errorString() const { return m_error; }

    /*! Loads a page and waits for it. */
    [[nodiscard]] bool open(const QUrl &url);
    /*! The text that the elements of a CSS selector show, in the order of the page. */
    [[nodiscard]] QStringList texts(const QString &selector);
    /*!
        What the body of a JavaScript function returns, called in the page with \a arguments; for a
        promise, what it comes to. Chromium waits 30 s for it. Undefined on failure.
    */
    [[nodiscard]] QJsonValue evaluate(const QString &script, const QJsonArray &arguments);
    /*! Clicks the first element of a CSS selector as the mouse does: it must be visible. */
    [[nodiscard]] bool click(const QString &selector);
    /*! Writes what the window shows to a PNG file. */
    [[nodiscard]] bool saveScreenshot(const QString &path);
    /*! Light is the default. */
    [[nodiscard]] bool setDarkMode(bool isDark);

private:
    [[nodiscard]] bool startDriver();
    [[nodiscard]] bool tryDriver();
    [[nodiscard]] bool startSession();
    /*! Sends a command below the session; its "value". */
    QJsonValue command(const QByteArray &method, const QString &path, const QJsonObject &body = {});

    QProcess m_driver;
    QTemporaryDir m_profile;
    QNetworkAccessManager m_network;
    QUrl m_root;
    QString m_session; // "/session/ID"
    QString m_error;
};

} // namespace Harness
