// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "pagetest.h"

#include "harness/ssekitprocess.h"

#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>

using namespace Harness;
using namespace Qt::Literals;

class tst_PortalPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void movesTheNumberAndShowsWhoComes()
    {
        Browser browser;
        START_OR_SKIP(browser);
        SsekitProcess ssekit;
        QVERIFY(ssekit.serve({u"portal"_s, u"--log"_s}));
        QVERIFY2(browser.open(ssekit.url()), qPrintable(browser.errorString()));
        QTRY_COMPARE_WITH_TIMEOUT(browser.texts(u"#count"_s), QStringList{u"3"_s}, 20'000);
        QCOMPARE(browser.texts(u"#state"_s), QStringList{u"Live"_s});

        QVERIFY2(browser.click(u"#add"_s), qPrintable(browser.errorString()));
        QTRY_COMPARE(browser.texts(u"#count"_s), QStringList{u"4"_s});
        QVERIFY2(browser.click(u"#read"_s), qPrintable(browser.errorString()));
        QTRY_COMPARE(browser.texts(u"#count"_s), QStringList{u"3"_s});

        QNetworkAccessManager desktop;
        QNetworkRequest login(ssekit.url("/login"));
        login.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        QNetworkReply *const reply =
            desktop.post(login, "{\"user\":\"mia\",\"password\":\"tallybell\"}");
        QTRY_VERIFY(reply->isFinished());
        QTRY_COMPARE(browser.texts(u"#log [data-kind=login]"_s).size(), 1);
        QVERIFY(browser.texts(u"#log li"_s).value(0).startsWith("mia logged in (s1)"_L1));

        const QByteArray token =
            QJsonDocument::fromJson(reply->readAll())[u"token"].toString().toLatin1();
        QNetworkRequest close(ssekit.url("/close"));
        close.setRawHeader("Authorization", "Bearer " + token);
        close.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        desktop.post(close, "{\"reason\":\"quit\"}");
        QTRY_COMPARE(browser.texts(u"#log [data-kind='close request']"_s).size(), 1);
        QVERIFY(browser.texts(u"#log li"_s).value(0).startsWith("s1 asked to close: quit"_L1));
        QVERIFY(takePicture(browser, u"portal"_s));

        ssekit.terminate();
        QCOMPARE(ssekit.waitForExit(), 0);
        QTRY_COMPARE(browser.texts(u"#state"_s), QStringList{u"Not connected, trying again…"_s});
        QVERIFY(browser.setDarkMode(true));
        QVERIFY(takePicture(browser, u"portal-lost-dark"_s));
    }
};

QTEST_GUILESS_MAIN(tst_PortalPage)
#include "tst_portalpage.moc"
