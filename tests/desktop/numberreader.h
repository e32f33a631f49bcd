// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QImage>
#include <QList>
#include <QString>

#include <vector>

/*!
    Reads the number on a picture of a panel, as an eye would: it looks for writing of one colour on
    a plate of another, wherever that is, and compares each character with large drawings of all of
    them. It knows the alphabet; neither the colours, nor the place, the size, the weight or the
    length of the number.

    It does not see transparency: give it the icon as it stands on the panel.
*/
class NumberReader
{
public:
    NumberReader();

    /*! The number, "99+" for instance; empty where none can be read. */
    [[nodiscard]] QString read(const QImage &panel) const;

private:
    static constexpr int columns = 12;
    static constexpr int rows = 18;
    using Grid = std::vector<float>; // columns x rows, of mean 0 and length 1

    struct Template
    {
        QChar character;
        Grid grid;
        float aspect; // width by height
    };

    struct Coverage
    {
        int width;
        int height;
        std::vector<float> ink; // 0 plate, 1 ink
        std::vector<char> isForeign; // neither, nor between them

        [[nodiscard]] float at(int x, int y) const { return ink[std::size_t(y * width + x)]; }
    };

    struct Reading
    {
        QString text;
        float evidence = 0; // the more characters, and the surer each, the more
    };

    [[nodiscard]] static Coverage coverage(const QImage &panel, QRgb plate, QRgb ink);
    [[nodiscard]] static QList<QList<QRect>> lines(const Coverage &coverage);
    [[nodiscard]] static Grid grid(const Coverage &coverage, const QRect &box);
    [[nodiscard]] Reading read(const Coverage &coverage, const QList<QRect> &line) const;

    std::vector<Template> m_templates;
};
