// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feeds.h"

#include "core/countmodel.h"
#include "core/secrets/secretstore.h"
#include <sselib/testkit/sseserver.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Status = CountModel::Status;

/*! What the user does with all sources, whose files may be others by then. */
class tst_Feeds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closesTheSessionOfAHaltWhenItIsOpenedAgain_data();
    void closesTheSessionOfAHaltWhenItIsOpenedAgain();
};

void tst_Feeds::closesTheSessionOfAHaltWhenItIsOpenedAgain_data()
{
    QTest::addColumn<QByteArray>("on");
    QTest::addColumn<int>("closeRequests");
    QTest::newRow("wanted when the app quits") << QByteArray(R"("quit")") << 1;
    QTest::newRow("wanted when the user closes it") << QByteArray(R"("logout")") << 1;
    QTest::newRow("wanted for both") << QByteArray(R"("quit", "logout")") << 1;
    QTest::newRow("wanted for neither") << QByteArray(R"("suspend")") << 0;
}

// The source is read anew, and made another feed of.
void tst_Feeds::closesTheSessionOfAHaltWhenItIsOpenedAgain()
{
    QFETCH(QByteArray, on);
    Harness::SseServer server;
    int logins = 0;
    server.handle("/login", [&logins](Exchange *login) {
        login->answerJson(200, {{u"token"_s, u"token-%1"_s.arg(++logins)}});
    });
    server.handleNext("/permissions", [](Exchange *permissions) { permissions->answer(403); });
    server.handle("/permissions", [](Exchange *permissions) { permissions->answer(200); });
    server.handle("/stream", [](Exchange *stream) { stream->startStream(); });
    server.handle("/close", [](Exchange *close) { close->answer(204); });
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"work.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({
        "schema": 1, "title": "Work", "vars": {"base": ")"
               + server.url("").toEncoded() + R"("}, "http": {"auth": "bearer"},
        "login": [{"name": "login", "method": "POST", "url": "${base}/login", "auth": "none",
                   "extract": {"token": {"pointer": "/token"}}}],
        "token": {"var": "token"},
        "permissions": [{"name": "permissions", "url": "${base}/permissions"}],
        "stream": {"url": "${base}/stream"},
        "rules": [{"event": "count", "do": "set", "pointer": "/count"}],
        "close": {"on": [)"
               + on + R"(], "steps": [{"name": "close", "method": "POST", "url": "${base}/close"}]}
    })");
    file.close();

    KnownSecrets secrets;
    Feeds feeds(&secrets, nullptr);
    feeds.addFolder(folder.path());
    CountModel *const model = feeds.list()->models().constFirst();
    feeds.openAll();
    QTRY_COMPARE(model->status(), Status::NotPermitted);
    feeds.openAll();
    QTRY_COMPARE(model->status(), Status::Live);
    QVERIFY(!server.nextExchange(300ms));
    QTEST(int(server.requestCount("/close")), "closeRequests");
    if (server.requestCount("/close") > 0)
        QCOMPARE(server.exchanges("/close").constFirst()->header("Authorization"),
                 "Bearer token-1");
}

QTEST_GUILESS_MAIN(tst_Feeds)
#include "tst_feeds.moc"
