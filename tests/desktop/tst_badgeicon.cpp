// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ui/badge/badgedigits.h"
#include "ui/badge/badgeicon.h"

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
    void drawsEachStateDifferentlyAtEachSize();
    void drawsEachNumberDifferentlyAtEachSize();
    void drawsEachSizeForItsOwnPixels();
    void keepsInsideItsPixels();
    void keepsItsContrast();
    void keepsDigitsOnThePixelGrid();
    void savesTheSheet();
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

void tst_BadgeIcon::drawsEachStateDifferentlyAtEachSize()
{
    const QList<Badge> badges = {
        {{}, State::Live},      {u"3"_s, State::Live}, {{}, State::Stale}, {u"3"_s, State::Stale},
        {u"3"_s, State::Error}, {{}, State::Unknown},  {{}, State::Error},
    };
    for (const int size : sizes) {
        for (qsizetype i = 0; i < badges.size(); ++i) {
            const QImage one = badgeImage(badges.at(i), size);
            for (qsizetype j = 0; j < i; ++j) {
                const QImage other = badgeImage(badges.at(j), size);
                int differing = 0;
                int differingInShape = 0; // in grey, too
                for (int y = 0; y < size; ++y) {
                    for (int x = 0; x < size; ++x) {
                        const QRgb a = one.pixel(x, y);
                        const QRgb b = other.pixel(x, y);
                        differing += a != b ? 1 : 0;
                        differingInShape +=
                            std::abs(qGray(a) * qAlpha(a) - qGray(b) * qAlpha(b)) > 40 * 255 ? 1
                                                                                             : 0;
                    }
                }
                const QByteArray where = QByteArray::number(size) + " px, " + QByteArray::number(i)
                    + " and " + QByteArray::number(j);
                QVERIFY2(differing > size, where.constData());
                QVERIFY2(differingInShape > size / 2, where.constData());
            }
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

// TALLYBELL_PICTURES names a folder: what the tests judged, enlarged, for a person's eye.
void tst_BadgeIcon::savesTheSheet()
{
    const QString folder = qEnvironmentVariable("TALLYBELL_PICTURES");
    if (folder.isEmpty())
        QSKIP("TALLYBELL_PICTURES is not set");
    const QList<Badge> badges = {
        {{}, State::Live},       {u"1"_s, State::Live},
        {u"3"_s, State::Live},   {u"12"_s, State::Live},
        {u"47"_s, State::Live},  {u"60"_s, State::Live},
        {u"58"_s, State::Live},  {u"99+"_s, State::Live},
        {{}, State::Stale},      {u"3"_s, State::Stale},
        {u"29"_s, State::Stale}, {u"99+"_s, State::Stale},
        {{}, State::Unknown},    {{}, State::Error},
        {u"3"_s, State::Error},  {u"12"_s, State::LoginNeeded},
    };
    for (const int size : sizes) {
        const int zoom = qMax(1, 96 / size);
        const int cell = size * zoom + 8;
        const QList<QColor> panels = {Qt::white, Qt::black, QColor(128, 128, 128),
                                      QColor(0x31, 0x36, 0x3b)};
        QImage sheet(cell * int(badges.size()), cell * int(panels.size()), QImage::Format_RGB32);
        QPainter painter(&sheet);
        for (qsizetype row = 0; row < panels.size(); ++row) {
            painter.fillRect(0, cell * int(row), sheet.width(), cell, panels.at(row));
            for (qsizetype column = 0; column < badges.size(); ++column)
                painter.drawImage(
                    QRect(cell * int(column) + 4, cell * int(row) + 4, size * zoom, size * zoom),
                    badgeImage(badges.at(column), size));
        }
        painter.end();
        QVERIFY(sheet.save(u"%1/badges-%2.png"_s.arg(folder).arg(size)));
    }
}

QTEST_MAIN(tst_BadgeIcon)
#include "tst_badgeicon.moc"
