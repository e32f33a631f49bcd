// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "systemnetwork_p.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>
#include <QtNetwork/QNetworkInformation>

namespace Sse {

std::shared_ptr<SystemNetwork> SystemNetwork::ofThread()
{
    static thread_local std::weak_ptr<SystemNetwork> current;
    std::shared_ptr<SystemNetwork> network = current.lock();
    if (!network)
        current = network = std::make_shared<SystemNetwork>();
    return network;
}

SystemNetwork::SystemNetwork()
{
    using Reachability = QNetworkInformation::Reachability;

    // Loaded elsewhere, it would live in a thread that may end.
    if (QCoreApplication::instance() && QThread::currentThread() == qApp->thread())
        QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability);
    const QNetworkInformation *const information = QNetworkInformation::instance();
    if (!information || !information->supports(QNetworkInformation::Feature::Reachability))
        return;
    m_isOnline = information->reachability() != Reachability::Disconnected;
    connect(information, &QNetworkInformation::reachabilityChanged, this,
            [this](Reachability reachability) {
                const bool isOnline = reachability != Reachability::Disconnected;
                if (std::exchange(m_isOnline, isOnline) != isOnline)
                    Q_EMIT onlineChanged(isOnline);
            });
}

} // namespace Sse
