// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Draws the icon theme of the badges into a folder, while the app is built: drawtheme FOLDER

#include "badgeimage.h"
#include "badgetheme.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QImageWriter>
#include <QTextStream>

#include <cstdio>

using namespace Qt::Literals;

namespace {

// With a palette where that loses nothing: most have few colours, and a third of the bytes.
QImage smallest(const QImage &picture)
{
    const QImage plain = picture.convertToFormat(QImage::Format_ARGB32);
    QImage indexed(plain.size(), QImage::Format_Indexed8);
    QHash<QRgb, int> places;
    QList<QRgb> colours;
    for (int y = 0; y < plain.height(); ++y) {
        uchar *const line = indexed.scanLine(y);
        for (int x = 0; x < plain.width(); ++x) {
            const QRgb colour = plain.pixel(x, y);
            const auto place = places.constFind(colour);
            int index = 0;
            if (place != places.constEnd()) {
                index = *place;
            } else {
                if (colours.size() == 256)
                    return plain;
                index = int(colours.size());
                colours.append(colour);
                places.insert(colour, index);
            }
            line[x] = uchar(index);
        }
    }
    indexed.setColorTable(colours);
    return indexed;
}

QString folderName(int size)
{
    return u"%1x%1/status"_s.arg(size);
}

// A theme of twice the scale shows the pictures of twice the size.
QList<int> scaledSizes()
{
    QList<int> sizes;
    for (const int size : badgeSizes) {
        if (badgeSizes.contains(2 * size))
            sizes.append(size);
    }
    return sizes;
}

QByteArray index()
{
    QStringList folders;
    QString sections;
    const auto add = [&](const QString &folder, int size, int scale) {
        folders.append(folder);
        sections +=
            u"\n[%1]\nSize=%2\nScale=%3\nContext=Status\nType=Fixed\n"_s.arg(folder).arg(size).arg(
                scale);
    };
    for (const int size : badgeSizes)
        add(folderName(size), size, 1);
    for (const int size : scaledSizes())
        add(u"%1x%1@2/status"_s.arg(size), size, 2);
    return u"[Icon Theme]\nName=Hicolor\nComment=The badges of Tallybell\nHidden=true\n"
           u"Directories=%1\n"_s.arg(folders.join(u','))
               .toUtf8()
        + sections.toUtf8();
}

bool draw(const QDir &theme)
{
    const QList<Badge> badges = themedBadges();
    for (const int size : badgeSizes) {
        const QString folder = theme.filePath(folderName(size));
        if (!theme.mkpath(folderName(size)))
            return false;
        for (const Badge &badge : badges) {
            QImageWriter writer(u"%1/%2.png"_s.arg(folder, badgeIconName(badge)), "png");
            writer.setCompression(100);
            if (!writer.write(smallest(badgeImage(badge, size))))
                return false;
        }
    }
    for (const int size : scaledSizes()) {
        const QString link = theme.filePath(u"%1x%1@2"_s.arg(size));
        if (!QFileInfo(link).isSymLink() && !QFile::link(u"%1x%1"_s.arg(2 * size), link))
            return false;
    }
    // The last one: with it, the theme is complete.
    QFile file(theme.filePath(u"index.theme"_s));
    return file.open(QIODevice::WriteOnly) && file.write(index()) > 0;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 2) {
        std::fputs("usage: drawtheme FOLDER\n", stderr);
        return 2;
    }
    // No application object: images and paths need none.
    QDir theme(QFile::decodeName(argv[1]));
    theme.removeRecursively(); // of an older drawing
    if (!draw(theme)) {
        std::fprintf(stderr, "drawtheme: cannot write into %s\n", argv[1]);
        return 1;
    }
    return 0;
}
