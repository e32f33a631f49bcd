// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/beacon.h>

#include <QtCore/QObject>
#include <QtCore/QString>

#include <cstdint>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace Sse {

/*!
    Starts the keeper program and speaks with it: the part that depends on the system. Where there is
    no such program open() says false, always.
*/
class BeaconPost : public QObject
{
    Q_OBJECT

public:
    explicit BeaconPost(QObject *parent = nullptr);
    /*! The keeper sees the end, sends what it holds, and ends. */
    ~BeaconPost() override;

    /*! \a folder is where the programs are. On false, errorString() is a sentence. */
    bool open(const QString &folder);
    [[nodiscard]] bool isOpen() const { return m_socket != -1; }
    [[nodiscard]] QString errorString() const { return m_error; }

    /*!
        False: the keeper did not get it, for want of memory or descriptors, or because it is gone.
        One that does not listen for seconds is killed, so that nothing is sent by two.
    */
    bool hold(std::uint32_t beacon, const QByteArray &payload);
    bool release(std::uint32_t beacon);
    bool send(std::uint32_t beacon);

Q_SIGNALS:
    void onDuty(qint64 processId);
    void sent(std::uint32_t beacon, const Sse::BeaconResult &result);
    /*! Nothing was sent, nor will be. */
    void notStarted(std::uint32_t beacon, const QString &why);
    /*! The keeper is gone. Not after the destructor has begun. */
    void closed();

private:
    void read();
    void close();
    void reap();
    [[nodiscard]] bool post(const void *order, std::size_t size, int memory);

    int m_socket = -1;
    qint64 m_child = 0; // not the keeper, but who started it for us
    qint64 m_keeper = 0; // 0 until it has said so
    QSocketNotifier *m_notifier = nullptr;
    QString m_error;
};

} // namespace Sse
