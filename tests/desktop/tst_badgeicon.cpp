// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "panels.h"
#include "ui/badge/badgedigits.h"
#include "ui/badge/badgeicon.h"
#include "ui/badge/badgepalette.h"

#include <QIcon>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>

#include <array>
#include <string_view>

using namespace Qt::Literals;
using State = Badge::State;

namespace {

constexpr std::array sizes = {16, 20, 22, 24, 32, 44, 48, 64};
constexpr std::array allStates = {State::Unknown, State::Live,         State::Snoozed,
                                  State::Stale,   State::Reconnecting, State::Offline,
                                  State::Paused,  State::LoginNeeded,  State::Error};

double luminance(QRgb color)
{
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color))
        + 0.0722 * linear(qBlue(color));
}

// WCAG 2.1
double contrast(QRgb one, QRgb other)
{
    const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
    return (lighter + 0.05) / (darker + 0.05);
}

int pixels(const QImage &image, const std::function<bool(QRgb)> &matches)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += matches(image.pixel(x, y)) ? 1 : 0;
    }
    return found;
}

bool isRed(QRgb color)
{
    return qAlpha(color) > 200 && qRed(color) > 150 && qGreen(color) < 80 && qBlue(color) < 90;
}

bool isWhite(QRgb color)
{
    return qAlpha(color) > 200 && qRed(color) > 240 && qGreen(color) > 240 && qBlue(color) > 240;
}

bool isGolden(QRgb color)
{
    return qAlpha(color) > 200 && qRed(color) > 200 && qGreen(color) > 130 && qGreen(color) < 200
        && qBlue(color) < 90;
}

} // namespace

class tst_BadgeIcon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsTheNumberOnlyWhereThereIsOne();
    void drawsEachStateDifferentlyAtEachSize_data();
    void drawsEachStateDifferentlyAtEachSize();
    void drawsEachNumberDifferentlyAtEachSize();
    void drawsEachSizeForItsOwnPixels();
    void keepsInsideItsPixels();
    void keepsItsContrast();
    void keepsDigitsOnThePixelGrid();
    void standsOutOnEachPanel();
    void looksAsTheReferences_data();
    void looksAsTheReferences();
};

void tst_BadgeIcon::drawsTheNumberOnlyWhereThereIsOne()
{
    for (const int size : sizes) {
        const QImage none = badgeImage({{}, State::Live}, size);
        QCOMPARE(pixels(none, isRed), 0);
        QVERIFY(pixels(none, isGolden) > size);
        const QImage some = badgeImage({u"8"_s, State::Live}, size);
        QVERIFY2(pixels(some, isRed) > size, qPrintable(QString::number(size)));
        QVERIFY2(pixels(some, isWhite) > size / 2, qPrintable(QString::number(size)));
        QCOMPARE(pixels(badgeImage({}, size), isGolden), 0); // unknown does not look like a live 0
    }
}

void tst_BadgeIcon::drawsEachStateDifferentlyAtEachSize_data()
{
    QTest::addColumn<Badge::Scheme>("scheme");
    QTest::addColumn<QColor>("panel");
    QTest::addColumn<QString>("text");
    const QColor grey(128, 128, 128);
    for (const QString &text : {QString(), u"3"_s, u"42"_s}) {
        const QByteArray number = text.isEmpty() ? "no number" : text.toLatin1();
        const auto row = [&](const char *name, Badge::Scheme scheme, const QColor &panel) {
            QTest::addRow("%s, %s", name, number.constData()) << scheme << panel << text;
        };
        row("colour on white", Badge::Scheme::Colour, Qt::white);
        row("colour on black", Badge::Scheme::Colour, Qt::black);
        row("colour on grey", Badge::Scheme::Colour, grey);
        row("mono on white", Badge::Scheme::MonoOnLight, Qt::white);
        row("mono on black", Badge::Scheme::MonoOnDark, Qt::black);
    }
}

// In grey, so that it is the shape that tells: half as many pixels as the picture is wide differ
// by more than an eighth of the way from black to white.
void tst_BadgeIcon::drawsEachStateDifferentlyAtEachSize()
{
    QFETCH(Badge::Scheme, scheme);
    QFETCH(QColor, panel);
    QFETCH(QString, text);
    for (const int size : sizes) {
        QList<std::pair<int, QImage>> seen;
        for (const State state : allStates) {
            if (!text.isEmpty() && (state == State::Unknown || state == State::Paused))
                continue; // never with a number
            const QImage one = onPanel({text, state, scheme}, size, panel)
                                   .convertToFormat(QImage::Format_Grayscale8);
            for (const auto &[number, other] : std::as_const(seen)) {
                int differing = 0;
                for (int y = 0; y < size; ++y) {
                    for (int x = 0; x < size; ++x)
                        differing +=
                            std::abs(qGray(one.pixel(x, y)) - qGray(other.pixel(x, y))) > 32 ? 1
                                                                                             : 0;
                }
                QVERIFY2(2 * differing >= size,
                         qPrintable(u"%1 px, states %2 and %3: %4 pixels"_s.arg(size)
                                        .arg(int(state))
                                        .arg(number)
                                        .arg(differing)));
            }
            seen.append({int(state), one});
        }
    }
}

void tst_BadgeIcon::drawsEachNumberDifferentlyAtEachSize()
{
    for (const int size : sizes) {
        for (const State state : {State::Live, State::Stale}) {
            QList<QImage> seen;
            for (int count = 1; count <= 100; ++count) {
                const QString text = count > 99 ? u"99+"_s : QString::number(count);
                const QImage image = badgeImage({text, state}, size);
                QVERIFY2(!seen.contains(image), qPrintable(u"%1 at %2"_s.arg(text).arg(size)));
                seen.append(image);
            }
        }
    }
}

void tst_BadgeIcon::drawsEachSizeForItsOwnPixels()
{
    const Badge badge{u"7"_s, State::Live};
    const QIcon icon = badgeIcon(badge);
    QVERIFY(icon.availableSizes().contains(QSize(22, 22)));
    for (const int size : {16, 20, 22, 24, 27, 30, 32, 36, 44, 48, 64}) {
        const QImage picture = icon.pixmap(size).toImage();
        QCOMPARE(picture.size(), QSize(size, size));
        QCOMPARE(picture.convertToFormat(QImage::Format_ARGB32_Premultiplied),
                 badgeImage(badge, size));
    }
    QCOMPARE(icon.pixmap(256).size(), QSize(64, 64));
    QCOMPARE(badgeIcon(badge, {16, 22}).pixmap(64).size(), QSize(22, 22));
    QImage painted(96, 96, QImage::Format_ARGB32_Premultiplied);
    painted.fill(Qt::transparent);
    QPainter painter(&painted);
    icon.paint(&painter, painted.rect());
    painter.end();
    QCOMPARE(painted, badgeImage(badge, 96));
}

void tst_BadgeIcon::keepsInsideItsPixels()
{
    // A number that touches all four borders of its badge would have been cut.
    for (const int size : sizes) {
        for (const QString &text : {u"4"_s, u"44"_s, u"88"_s, u"99+"_s}) {
            const QImage image = badgeImage({text, State::Live}, size);
            for (int i = 0; i < size; ++i) {
                QVERIFY2(!isWhite(image.pixel(i, size - 1)), qPrintable(text));
                QVERIFY2(!isWhite(image.pixel(size - 1, i)), qPrintable(text));
                QVERIFY2(!isWhite(image.pixel(0, i)), qPrintable(text));
            }
        }
    }
}

void tst_BadgeIcon::keepsItsContrast()
{
    // As drawn, not as meant: the commonest colour of the badge against the digits' inmost one.
    for (const int size : {16, 22, 32}) {
        const QImage live = badgeImage({u"1"_s, State::Live}, size);
        QHash<QRgb, int> colors;
        for (int y = size / 2; y < size; ++y) {
            for (int x = size / 2; x < size; ++x)
                ++colors[live.pixel(x, y)];
        }
        QRgb fill = 0;
        QRgb digit = 0;
        for (const auto &[color, times] : colors.asKeyValueRange()) {
            if (isRed(color) && times > colors.value(fill))
                fill = color;
            if (isWhite(color) && times > colors.value(digit))
                digit = color;
        }
        QVERIFY(fill != 0 && digit != 0);
        QVERIFY2(contrast(fill, digit) >= 4.5, qPrintable(QString::number(contrast(fill, digit))));
    }
}

void tst_BadgeIcon::keepsDigitsOnThePixelGrid()
{
    const DigitMetrics metrics{9, 5, 2, 2};
    for (const char16_t digit : std::u16string_view(u"0123456789")) {
        const QRectF box = digitOutline(digit, metrics).boundingRect();
        QVERIFY2(qFuzzyCompare(box.height(), 9.0), qPrintable(QString(digit)));
        QVERIFY2(qAbs(box.top()) < 0.01, qPrintable(QString(digit)));
        QVERIFY2(box.left() > -0.01 && box.right() < digitWidth(digit, metrics) + 0.01,
                 qPrintable(QString(digit)));
        QCOMPARE(digitWidth(digit, metrics), std::round(digitWidth(digit, metrics)));
    }
    QVERIFY(digitOutline(u'x', metrics).isEmpty());
}

void tst_BadgeIcon::standsOutOnEachPanel()
{
    constexpr QRgb white = 0xffffffff;
    constexpr QRgb black = 0xff000000;
    constexpr QRgb grey = 0xff808080;
    const auto best = [](const BadgePalette::Tones &tones, QRgb panel) {
        const double fill = qAlpha(tones.fill) == 0 ? 0 : contrast(tones.fill, panel);
        const double ink = qAlpha(tones.ink) == 0 ? 0 : contrast(tones.ink, panel);
        return std::max(fill, ink);
    };
    for (const auto scheme :
         {Badge::Scheme::Colour, Badge::Scheme::MonoOnLight, Badge::Scheme::MonoOnDark}) {
        const BadgePalette &palette = badgePalette(scheme);
        const QList<BadgePalette::Tones> written = {palette.live,    palette.snoozed,
                                                    palette.stale,   palette.waiting,
                                                    palette.warning, palette.error};
        for (const BadgePalette::Tones &tones : written) {
            QVERIFY(contrast(tones.fill, tones.ink) >= 4.5);
            for (const QRgb panel : {white, black, grey})
                QVERIFY2(best(tones, panel) >= 3,
                         qPrintable(u"%1 on %2: %3"_s.arg(tones.fill, 0, 16)
                                        .arg(panel, 0, 16)
                                        .arg(best(tones, panel))));
        }
        const QList<QRgb> panels = scheme == Badge::Scheme::Colour ? QList<QRgb>{white, black, grey}
            : scheme == Badge::Scheme::MonoOnLight                 ? QList<QRgb>{white}
                                                                   : QList<QRgb>{black};
        for (const BadgePalette::Tones &tones : {palette.strike, palette.bars, palette.moon}) {
            for (const QRgb panel : panels)
                QVERIFY(best(tones, panel) >= 3);
        }
    }
    // The pill itself, without its digits.
    for (const QRgb panel : {white, black})
        QVERIFY(contrast(badgePalette(Badge::Scheme::Colour).live.fill, panel) >= 3);
}

// So that a review sees what a change does to the pictures. TALLYBELL_WRITE_REFERENCES=1 writes them
// anew; TALLYBELL_PICTURES names a folder for enlarged ones.
void tst_BadgeIcon::looksAsTheReferences_data()
{
    QTest::addColumn<Badge::Scheme>("scheme");
    QTest::addColumn<QColor>("panel");
    QTest::newRow("colour") << Badge::Scheme::Colour << QColor(128, 128, 128);
    QTest::newRow("mono-on-light") << Badge::Scheme::MonoOnLight << QColor(Qt::white);
    QTest::newRow("mono-on-dark") << Badge::Scheme::MonoOnDark << QColor(Qt::black);
}

void tst_BadgeIcon::looksAsTheReferences()
{
    QFETCH(Badge::Scheme, scheme);
    QFETCH(QColor, panel);
    QList<Badge> badges;
    for (const State state : allStates) {
        badges.append({{}, state, scheme});
        if (state == State::Unknown || state == State::Paused)
            continue;
        for (const QString &text : {u"7"_s, u"42"_s})
            badges.append({text, state, scheme});
    }
    for (const QString &text : {u"10"_s, u"36"_s, u"58"_s, u"99+"_s, u"12k"_s, u"999+"_s})
        badges.append({text, State::Live, scheme});
    badges.append({u"99+"_s, State::Stale, scheme});
    badges.append({u"42"_s, State::Live, scheme, Badge::Style::NumberOnly});
    badges.append({u"99+"_s, State::Stale, scheme, Badge::Style::NumberOnly});

    constexpr std::array drawn = {16, 22, 32};
    constexpr int largest = 32;
    constexpr int space = 2;
    int height = 0;
    for (const int size : drawn)
        height += size + space;
    QImage sheet(int(badges.size()) * (largest + space), height, QImage::Format_RGB32);
    sheet.fill(panel);
    QPainter painter(&sheet);
    int y = 0;
    for (const int size : drawn) {
        for (qsizetype i = 0; i < badges.size(); ++i)
            painter.drawImage(int(i) * (size + space), y, badgeImage(badges.at(i), size));
        y += size + space;
    }
    painter.end();

    const QString name = QLatin1StringView(QTest::currentDataTag()) + ".png"_L1;
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(sheet.scaled(sheet.size() * 4).save(u"%1/badges-%2"_s.arg(folder, name)));
    const QString path = QLatin1StringView(REFERENCES "/") + name;
    if (qEnvironmentVariableIsSet("TALLYBELL_WRITE_REFERENCES"))
        QVERIFY(sheet.save(path, "png", 0));
    const QImage reference = QImage(path).convertToFormat(QImage::Format_RGB32);
    QCOMPARE(reference.size(), sheet.size());
    // Another processor rounds an edge otherwise; nobody sees that.
    constexpr int tolerance = 12;
    for (int row = 0; row < sheet.height(); ++row) {
        for (int x = 0; x < sheet.width(); ++x) {
            const QRgb a = sheet.pixel(x, row);
            const QRgb b = reference.pixel(x, row);
            const int apart =
                std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)),
                          std::abs(qBlue(a) - qBlue(b))});
            QVERIFY2(apart <= tolerance, qPrintable(u"%1 at %2, %3"_s.arg(name).arg(x).arg(row)));
        }
    }
}

QTEST_MAIN(tst_BadgeIcon)
#include "tst_badgeicon.moc"
