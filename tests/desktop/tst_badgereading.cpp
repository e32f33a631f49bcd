// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "numberreader.h"
#include "panels.h"

#include <QTest>

using namespace Qt::Literals;
using Scheme = Badge::Scheme;
using State = Badge::State;
using Style = Badge::Style;

namespace {

QString word(State state)
{
    switch (state) {
    case State::Live:
        return u"live"_s;
    case State::Snoozed:
        return u"snoozed"_s;
    case State::Stale:
        return u"stale"_s;
    case State::Reconnecting:
        return u"reconnecting"_s;
    case State::Offline:
        return u"offline"_s;
    case State::Paused:
        return u"paused"_s;
    case State::LoginNeeded:
        return u"login needed"_s;
    case State::Error:
        return u"error"_s;
    case State::Unknown:
        return u"unknown"_s;
    }
    return {};
}

QString word(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Colour:
        return u"colour"_s;
    case Scheme::MonoOnLight:
        return u"mono on light"_s;
    case Scheme::MonoOnDark:
        return u"mono on dark"_s;
    }
    return {};
}

QStringList numbers()
{
    QStringList texts;
    for (int number = 1; number < 100; ++number)
        texts.append(QString::number(number));
    texts.append(u"99+"_s);
    return texts;
}

struct Score
{
    int right = 0;
    int read = 0;
    QStringList wrong;

    void count(const QString &wanted, const QString &found)
    {
        ++read;
        if (wanted == found)
            ++right;
        else
            wrong.append(u"%1 as '%2'"_s.arg(wanted, found));
    }
    [[nodiscard]] double rate() const { return double(right) / read; }
};

} // namespace

class tst_BadgeReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryNumber_data();
    void readsEveryNumber();
    void readsWhatTheOtherCapsShow_data();
    void readsWhatTheOtherCapsShow();
    void readsNothingWhereThereIsNoNumber();
    void isNotFooledByAnotherNumber();

private:
    NumberReader m_reader;
};

void tst_BadgeReading::readsEveryNumber_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<Style>("style");
    QTest::addColumn<int>("size");
    const auto row = [](int size, State state, Scheme scheme = Scheme::Colour,
                        Style style = Style::Bell) {
        QTest::addRow("%d px, %s, %s%s", size, qPrintable(word(state)), qPrintable(word(scheme)),
                      style == Style::NumberOnly ? ", number only" : "")
            << state << scheme << style << size;
    };
    for (const int size : badgeSizes) {
        const bool isCommon = size == 16 || size == 22; // large ones take long and say little
        for (const State state : {State::Live, State::Snoozed, State::Stale}) {
            row(size, state);
            if (!isCommon)
                continue;
            row(size, state, Scheme::MonoOnLight);
            row(size, state, Scheme::MonoOnDark);
            row(size, state, Scheme::Colour, Style::NumberOnly);
        }
        if (size > 22)
            continue;
        for (const State state :
             {State::Reconnecting, State::Offline, State::LoginNeeded, State::Error})
            row(size, state);
    }
}

void tst_BadgeReading::readsEveryNumber()
{
    QFETCH(State, state);
    QFETCH(Scheme, scheme);
    QFETCH(Style, style);
    QFETCH(int, size);
    const double wanted = size < 22 ? 0.99 : 1;
    const QStringList texts = numbers();
    const auto judge = [wanted](const char *panel, const Score &score) {
        const QString told = u"%1 of %2 on %3: %4"_s.arg(score.right)
                                 .arg(score.read)
                                 .arg(QLatin1StringView(panel), score.wrong.join(u", "_s));
        QVERIFY2(score.rate() >= wanted, qPrintable(told));
    };
    QList<std::pair<const char *, QColor>> plain = {{"grey", QColor(128, 128, 128)}};
    if (size < 32)
        plain += {{"white", Qt::white}, {"black", Qt::black}};
    for (const auto &[name, colour] : plain) {
        Score score;
        for (const QString &text : texts)
            score.count(text, m_reader.read(onPanel({text, state, scheme, style}, size, colour)));
        judge(name, score);
    }
    Score score;
    for (std::uint32_t seed = 0; seed < std::uint32_t(texts.size()); ++seed) {
        const QString &text = texts.at(qsizetype(seed));
        const Badge badge{text, state, scheme, style};
        score.count(text, m_reader.read(onPanel(badge, photograph(size, seed))));
    }
    judge("photographs", score);
}

void tst_BadgeReading::readsWhatTheOtherCapsShow_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("shown");
    const auto row = [](const QString &text, int size, const QString &shown) {
        QTest::addRow("%s at %d px", qPrintable(text), size) << text << size << shown;
    };
    for (const int size : badgeSizes) {
        row(u"9+"_s, size, u"9+"_s);
        row(u"1k"_s, size, u"1k"_s);
        // Smaller, an eye reads them; the reader wants more pixels.
        if (size >= 32) {
            for (const QString &text : {u"12k"_s, u"48k"_s, u"345"_s, u"768"_s, u"999"_s})
                row(text, size, text);
        }
        // No room: what is shown is true all the same.
        row(u"999+"_s, size, size < 32 ? u"99+"_s : u"999+"_s);
        row(u"99k+"_s, size, size < 32 ? u"99+"_s : u"99k+"_s);
    }
}

void tst_BadgeReading::readsWhatTheOtherCapsShow()
{
    QFETCH(QString, text);
    QFETCH(int, size);
    for (const State state : {State::Live, State::Stale}) {
        for (const QColor &panel : {QColor(Qt::white), QColor(Qt::black), QColor(128, 128, 128)})
            QTEST(m_reader.read(onPanel({text, state}, size, panel)), "shown");
    }
}

void tst_BadgeReading::readsNothingWhereThereIsNoNumber()
{
    for (const int size : {16, 22, 32}) {
        for (const State state : {State::Unknown, State::Live, State::Snoozed, State::Stale,
                                  State::Offline, State::LoginNeeded}) {
            const QString read = m_reader.read(onPanel({{}, state}, size, QColor(128, 128, 128)));
            QVERIFY2(read.isEmpty(), qPrintable(u"%1: %2"_s.arg(word(state), read)));
        }
    }
}

// The reader itself: it must tell what it is shown, not what it is asked for.
void tst_BadgeReading::isNotFooledByAnotherNumber()
{
    const QImage three = onPanel({u"3"_s, State::Live}, 22, Qt::white);
    const QImage eight = onPanel({u"8"_s, State::Live}, 22, Qt::white);
    QCOMPARE(m_reader.read(three), u"3"_s);
    QCOMPARE(m_reader.read(eight), u"8"_s);
    // Half of the digits covered.
    QImage spoilt = eight;
    spoilt.fill(Qt::white);
    QCOMPARE(m_reader.read(spoilt), QString());
    // As a host would scale it: no promise, but never another number.
    const QImage scaled = onPanel({u"47"_s, State::Live}, 64, Qt::white)
                              .scaled(22, 22, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    const QString read = m_reader.read(scaled);
    QVERIFY2(read.isEmpty() || read == u"47"_s, qPrintable(read));
}

QTEST_GUILESS_MAIN(tst_BadgeReading)
#include "tst_badgereading.moc"
