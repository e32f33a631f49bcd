// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "controlserver.h"

#include <QJsonDocument>
#include <QLocalSocket>
#include <QLoggingCategory>
#include <QTimer>

#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcControl, "tallybell.control", QtInfoMsg)

namespace {

constexpr int mostConnections = 16;
constexpr auto longestConnection = 10s; // a request comes at once

// The folder keeps others out already; this does so where somebody opened it.
bool isOfOurUser(const QLocalSocket &socket)
{
    const auto descriptor = int(socket.socketDescriptor());
#ifdef SO_PEERCRED
    ucred peer = {};
    socklen_t size = sizeof peer;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        && peer.uid == ::geteuid();
#else
    uid_t user = 0;
    gid_t group = 0;
    return ::getpeereid(descriptor, &user, &group) == 0 && user == ::geteuid();
#endif
}

} // namespace

ControlServer::ControlServer(Answer answer, QObject *parent)
    : QObject(parent)
    , m_answer(std::move(answer))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.setMaxPendingConnections(mostConnections);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::accept);
}

ControlServer::~ControlServer() = default;

bool ControlServer::listen(const QString &path, QString *error)
{
    QLocalServer::removeServer(path);
    if (m_server.listen(path))
        return true;
    *error = tr("The control socket %1 cannot be made (%2): a second start will not find this one.")
                 .arg(path, m_server.errorString());
    return false;
}

void ControlServer::accept()
{
    while (QLocalSocket *const socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (!isOfOurUser(*socket)) {
            qCWarning(lcControl, "A process of another user was turned away");
            socket->abort();
            continue;
        }
        if (m_server.findChildren<QLocalSocket *>(Qt::FindDirectChildrenOnly).size()
            > mostConnections) {
            socket->abort();
            continue;
        }
        socket->setReadBufferSize(longestRequest + 1);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        QTimer::singleShot(longestConnection, socket, &QLocalSocket::abort);
        read(socket);
    }
}

void ControlServer::read(QLocalSocket *socket)
{
    while (socket->canReadLine()) {
        const QJsonDocument request = QJsonDocument::fromJson(socket->readLine(longestRequest + 1));
        const QJsonObject answer = request.isObject()
            ? m_answer(request.object())
            : QJsonObject{{u"ok"_s, false}, {u"error"_s, u"not a JSON object"_s}};
        socket->write(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
        // Now: a request may end the event loop.
        socket->flush();
    }
    if (socket->bytesAvailable() > longestRequest)
        socket->abort();
}
