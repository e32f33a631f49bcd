// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "harness/browser.h"

#include <QTest>

// What the tests of our web pages have in common: a browser, and pictures for whoever wants to
// look.

/*! Starts \a browser, or ends the test: skipped where there is none, failed where CI must have one.
 */
#define START_OR_SKIP(browser) \
    do { \
        if (!Harness::Browser::isInstalled()) { \
            if (qEnvironmentVariable("CI") == QLatin1String("true")) \
                QFAIL("chromedriver is missing, and CI must not pass without it."); \
            QSKIP("chromedriver is missing: install it, and Chromium, to run this test."); \
        } \
        QVERIFY2((browser).start(), qPrintable((browser).errorString())); \
    } while (false)

/*! Saves what the browser shows as \a name.png in the folder of TALLYBELL_SCREENSHOTS, if that is
 * set. */
inline bool takePicture(Harness::Browser &browser, const QString &name)
{
    const QString folder = qEnvironmentVariable("TALLYBELL_SCREENSHOTS");
    return folder.isEmpty()
        || browser.saveScreenshot(folder + QLatin1Char('/') + name + QLatin1String(".png"));
}
