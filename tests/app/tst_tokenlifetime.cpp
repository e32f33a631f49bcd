// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/tokenlifetime.h"

#include <QTest>

using namespace Qt::Literals;

namespace {

constexpr qint64 now = 1'795'000'000; // seconds since 1970
constexpr qint64 unknown = -1;

QString tokenThatExpiresAt(qint64 time)
{
    const QByteArray claims = "{\"exp\":" + QByteArray::number(time) + "}";
    return QString::fromLatin1("e30." + claims.toBase64(QByteArray::Base64UrlEncoding) + ".c2ln");
}

} // namespace

class tst_TokenLifetime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isFound_data();
    void isFound();
};

void tst_TokenLifetime::isFound_data()
{
    QTest::addColumn<QString>("expiresIn");
    QTest::addColumn<QString>("expiresAt");
    QTest::addColumn<QString>("token");
    QTest::addColumn<qint64>("seconds");
    const auto row = [](const char *name, const QString &in, const QString &at,
                        const QString &token,
                        qint64 seconds) { QTest::newRow(name) << in << at << token << seconds; };
    const QString opaque = u"T1"_s;
    row("seconds", u"604799"_s, {}, opaque, 604'799);
    row("seconds go before the token's own", u"60"_s, {}, tokenThatExpiresAt(now + 900), 60);
    row("0 seconds are for ever", u"0"_s, {}, opaque, unknown);
    row("-1 seconds are for ever", u"-1"_s, {}, opaque, unknown);
    row("a time", {}, QString::number(now + 300), opaque, 300);
    row("a time in milliseconds", {}, QString::number((now + 300) * 1000), opaque, 300);
    row("a time as text", {}, u"2026-11-18T12:00:00Z"_s, opaque, 1'795'003'200 - now);
    row("a time that is over", {}, QString::number(now - 5), opaque, unknown);
    row("a JWT", {}, {}, tokenThatExpiresAt(now + 900), 900);
    row("a JWT that is over, as a wrong clock would have it", {}, {}, tokenThatExpiresAt(now - 9),
        unknown);
    row("no JWT", {}, {}, u"a.b.c"_s, unknown);
    row("nothing", {}, {}, opaque, unknown);
    row("no number", u"soon"_s, u"later"_s, opaque, unknown);
    row("not even finite", u"nan"_s, u"inf"_s, opaque, unknown);
    row("beyond all bounds", {}, u"1e300"_s, opaque, unknown);
}

void tst_TokenLifetime::isFound()
{
    QFETCH(QString, expiresIn);
    QFETCH(QString, expiresAt);
    QFETCH(QString, token);
    Source source;
    source.tokenVariable = u"token"_s;
    source.tokenExpiresInVariable = expiresIn.isNull() ? QString() : u"in"_s;
    source.tokenExpiresAtVariable = expiresAt.isNull() ? QString() : u"at"_s;
    const std::optional<std::chrono::seconds> lifetime =
        tokenLifetime(source, {{u"token"_s, token}, {u"in"_s, expiresIn}, {u"at"_s, expiresAt}},
                      QDateTime::fromSecsSinceEpoch(now));
    QTEST(lifetime ? qint64(lifetime->count()) : unknown, "seconds");
}

QTEST_GUILESS_MAIN(tst_TokenLifetime)
#include "tst_tokenlifetime.moc"
