// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "addresskind.h"

#include <QSet>
#include <QString>

using namespace Qt::Literals;

AddressKind addressKind(const QUrl &url)
{
    // What shows or runs something on this machine, whoever wrote it.
    static const QSet<QString> unfit{
        u"about"_s,       u"blob"_s,     u"chrome"_s,     u"chrome-extension"_s,
        u"data"_s,        u"desktop"_s,  u"file"_s,       u"filesystem"_s,
        u"jar"_s,         u"ms-msdt"_s,  u"javascript"_s, u"moz-extension"_s,
        u"qrc"_s,         u"resource"_s, u"search-ms"_s,  u"shell"_s,
        u"view-source"_s, u"vbscript"_s};
    const QString scheme = url.scheme();
    if (!url.isValid() || scheme.size() < 2) // one letter is a drive of Windows
        return AddressKind::Unfit;
    if (scheme == "http"_L1 || scheme == "https"_L1)
        return url.host().isEmpty() ? AddressKind::Unfit : AddressKind::Web;
    return unfit.contains(scheme) ? AddressKind::Unfit : AddressKind::Foreign;
}
