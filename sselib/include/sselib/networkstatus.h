// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QObject>

namespace Sse {

/*!
    Tells an EventSource whether the computer has a network, so that a test can say otherwise: see
    VirtualNetwork of the test kit. Without one it asks QNetworkInformation.

    It must outlive the event sources that use it.
*/
class SSELIB_EXPORT NetworkStatus : public QObject
{
    Q_OBJECT

public:
    ~NetworkStatus() override;

    /*! False only when it is known that there is no network at all. */
    [[nodiscard]] virtual bool isOnline() const = 0;

Q_SIGNALS:
    /*! isOnline() has changed. */
    void onlineChanged(bool isOnline);

protected:
    /*! For those derived from it. */
    explicit NetworkStatus(QObject *parent = nullptr);

private:
    Q_DISABLE_COPY_MOVE(NetworkStatus)
};

} // namespace Sse
