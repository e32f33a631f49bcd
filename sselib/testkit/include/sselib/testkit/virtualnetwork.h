// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/networkstatus.h>

namespace Harness {

/*! A network that comes and goes when the test says so. Online at first. */
class VirtualNetwork : public Sse::NetworkStatus
{
    Q_OBJECT

public:
    /*! Online. */
    explicit VirtualNetwork(QObject *parent = nullptr);

    [[nodiscard]] bool isOnline() const override { return m_isOnline; }
    /*! Emits onlineChanged() where it makes a difference. */
    void setOnline(bool isOnline);

private:
    bool m_isOnline = true;
};

} // namespace Harness
