// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "controlclient.h"

#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QLocalSocket>

namespace {

constexpr qsizetype longestAnswer = 65536;

} // namespace

std::optional<QJsonObject> askInstance(const QString &socket, const QJsonObject &request,
                                       std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    const auto remaining = [&deadline] { return int(deadline.remainingTime()); };
    QLocalSocket connection;
    connection.connectToServer(socket);
    if (!connection.waitForConnected(remaining()))
        return {};
    connection.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    while (!connection.canReadLine()) {
        if (connection.bytesAvailable() > longestAnswer
            || !connection.waitForReadyRead(remaining()))
            return {};
    }
    const QJsonDocument answer = QJsonDocument::fromJson(connection.readLine());
    if (!answer.isObject())
        return {};
    return answer.object();
}
