// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QUrl>

/*! Who can do something with an address that a server named. */
enum class AddressKind {
    Unfit, //!< Nobody that we would ask: none, a file of this machine, a script, a part of a browser.
    Web, //!< The browser: http or https, with a host.
    Foreign, //!< Another program: mailto:, tel:, slack: and the like. The user is asked first.
};

/*! Decides by the scheme and the host alone; opens and looks up nothing. */
[[nodiscard]] AddressKind addressKind(const QUrl &url);
