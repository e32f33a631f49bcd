// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "urlopener.h"

#include "core/addresskind.h"

#include <algorithm>

using namespace Qt::Literals;

namespace {

constexpr qsizetype maxLength = 8192; // of an address; browsers take more, servers hardly ever

bool hasControlCharacter(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(), [](QChar character) {
        return character.category() == QChar::Other_Control;
    });
}

} // namespace

// Servers that nobody trusts name these addresses. Empty: nothing is wrong with it.
QString UrlOpener::objection(const QUrl &url, Consent consent)
{
    if (!url.isValid() || url.isEmpty())
        return tr("This is not an address.");
    const AddressKind kind = addressKind(url);
    if (kind == AddressKind::Unfit && url.host().isEmpty() && url.scheme().startsWith("http"_L1))
        return tr("This address names no server.");
    if (kind == AddressKind::Unfit)
        return tr(
            "Addresses of this kind are not opened: they show or run what is on this machine.");
    if (kind == AddressKind::Foreign && consent != Consent::Given)
        return tr("Only addresses that begin with https:// or http:// are opened without asking.");
    if (hasControlCharacter(url.userName(QUrl::FullyDecoded))
        || hasControlCharacter(url.password(QUrl::FullyDecoded)))
        return tr("There are line ends or the like in the user name of this address.");
    if (url.toEncoded().size() > maxLength)
        return tr("This address is too long.");
    return {};
}
