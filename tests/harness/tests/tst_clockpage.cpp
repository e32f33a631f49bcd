// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "pagetest.h"

#include "harness/ssekitprocess.h"

using namespace Harness;
using namespace Qt::Literals;

class tst_ClockPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheStreamInABrowserUntilItIsClosed()
    {
        Browser browser;
        START_OR_SKIP(browser);
        SsekitProcess ssekit;
        QVERIFY(ssekit.serve({u"clock"_s, u"--log"_s}));
        QVERIFY2(browser.open(ssekit.url()), qPrintable(browser.errorString()));

        QTRY_COMPARE_WITH_TIMEOUT(browser.texts(u"#state"_s), QStringList{u"Connection open"_s},
                                  20'000);
        QVERIFY(
            browser.texts(u"#log [data-kind=open]"_s).value(0).startsWith("Connection open"_L1));
        QTRY_COMPARE(times(browser, u"start"_s, u"Start time: "_s).size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(times(browser, u"ping"_s, u"Ping: "_s).size() >= 3, 20'000);
        QVERIFY(takePicture(browser, u"clock"_s));

        const QList<qint64> pings = times(browser, u"ping"_s, u"Ping: "_s); // newest first
        const qint64 start = times(browser, u"start"_s, u"Start time: "_s).constFirst();
        const qint64 distance = pings.constFirst() - pings.constLast();
        QVERIFY(pings.last() > start);
        // One late timer must not fail a busy machine: the sum of the steps is what counts.
        QVERIFY2(distance >= 800 * (pings.size() - 1), qPrintable(QString::number(distance)));
        QVERIFY2(distance <= 1200 * (pings.size() + 1), qPrintable(QString::number(distance)));

        QVERIFY(!ssekit.lines().contains("close"));
        QVERIFY2(browser.click(u"#close"_s), qPrintable(browser.errorString()));
        QTRY_COMPARE(browser.texts(u"#state"_s), QStringList{u"Connection closed"_s});
        QVERIFY(browser.texts(u"#log li"_s).value(0).startsWith("Connection closed"_L1));
        QTRY_COMPARE(ssekit.lines().count("close"), 1);
        QVERIFY(browser.setDarkMode(true));
        QVERIFY(takePicture(browser, u"clock-closed-dark"_s));
    }

    void saysThatTheConnectionIsLost()
    {
        Browser browser;
        START_OR_SKIP(browser);
        SsekitProcess ssekit;
        QVERIFY(ssekit.serve({u"clock"_s}));
        QVERIFY2(browser.open(ssekit.url()), qPrintable(browser.errorString()));
        QTRY_COMPARE_WITH_TIMEOUT(browser.texts(u"#state"_s), QStringList{u"Connection open"_s},
                                  20'000);
        ssekit.terminate();
        QCOMPARE(ssekit.waitForExit(), 0);
        QTRY_COMPARE(browser.texts(u"#state"_s), QStringList{u"Connection lost, trying again…"_s});
    }

private:
    static QList<qint64> times(Browser &browser, const QString &kind, const QString &prefix)
    {
        QList<qint64> times;
        const QStringList texts = browser.texts(u"#log [data-kind=%1]"_s.arg(kind));
        for (const QString &text : texts) {
            if (text.startsWith(prefix))
                times.append(text.sliced(prefix.size()).section(u'\n', 0, 0).toLongLong());
        }
        return times;
    }
};

QTEST_GUILESS_MAIN(tst_ClockPage)
#include "tst_clockpage.moc"
