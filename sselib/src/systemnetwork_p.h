// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/networkstatus.h>

#include <memory>

namespace Sse {

/*!
    What QNetworkInformation knows; online where it knows nothing. Event sources of one thread share
    one. Qt's part of it is loaded by the first that is made in the main thread.
*/
class SystemNetwork final : public NetworkStatus
{
    Q_OBJECT

public:
    [[nodiscard]] static std::shared_ptr<SystemNetwork> ofThread();

    SystemNetwork();

    [[nodiscard]] bool isOnline() const override { return m_isOnline; }

private:
    bool m_isOnline = true;
};

} // namespace Sse
