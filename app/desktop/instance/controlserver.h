// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>

#include <functional>

class QLocalSocket;

/*!
    The ear of the running instance: takes a request, one JSON object in a line, and answers with
    another one. Only processes of the same user are heard. What a request means is somebody else's
    business.
*/
class ControlServer : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<QJsonObject(const QJsonObject &request)>;

    /*! In bytes; a longer line ends the connection. */
    static constexpr qsizetype longestRequest = 4096;

    explicit ControlServer(Answer answer, QObject *parent = nullptr);
    ~ControlServer() override;

    /*!
        Listens at \a path, in the place of what a crashed instance left there: the caller has the
        lock. False where it cannot; then \a error is a sentence.
    */
    [[nodiscard]] bool listen(const QString &path, QString *error);

private:
    void accept();
    void read(QLocalSocket *socket);

    const Answer m_answer;
    QLocalServer m_server;
};
