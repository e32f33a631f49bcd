// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QMap>
#include <QStringList>
#include <QVariantMap>

namespace Harness {

/*!
    A notification service that shows nothing and writes down everything: org.freedesktop.Notifications
    with the abilities that the test gives it. It answers when the test wants.
*/
class NotificationDaemon : public QDBusVirtualObject
{
    Q_OBJECT

public:
    /*! A call of Notify, as it came. */
    struct Call
    {
        QString signature;
        QString application;
        uint replaced = 0;
        QString icon;
        QString summary;
        QString body;
        QStringList actions;
        QVariantMap hints;
        int timeout = 0;
        uint id = 0; //!< what it was answered with; 0 before, and when refused
        bool isAnswered = false;
        bool isExpired = false; //!< Only in the history: see expire().
    };

    NotificationDaemon();
    ~NotificationDaemon() override;

    /*! Takes the name on the bus; with another connection than the last time. */
    [[nodiscard]] bool start();
    /*! Leaves the bus, and forgets what it showed. */
    void stop();

    /*! Answers no Notify until release(). */
    void hold() { m_isHeld = true; }
    void release();
    /*! Refuses every Notify with an error. */
    void setRefusing(bool isRefusing) { m_isRefusing = isRefusing; }
    /*! Never answers what is asked about its properties. */
    void setSilent(bool isSilent) { m_isSilent = isSilent; }
    /*! Neither answers CloseNotification nor does it. */
    void setClosing(bool isClosing) { m_isClosing = isClosing; }
    /*! In the place of what has expired nothing pops up: as Plasma does, whose name it takes. */
    void actAsPlasma();

    // What a user and the service itself do.
    void invoke(uint id, const QString &action, const QString &token = {});
    void close(uint id, uint reason);
    /*! Its time is over: what is resident stays in the history, and nothing is said of it. */
    void expire(uint id);
    /*! The user does not want to be disturbed: the property of inhibition. */
    void setInhibited(bool isInhibited);

    QStringList abilities{QStringLiteral("actions"), QStringLiteral("body"),
                          QStringLiteral("body-markup"), QStringLiteral("persistence")};
    QString name = QStringLiteral("Recorder");

    QMap<QString, QString> inhibition{
        //!< Interface and name of the one property that there is.
        {QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Inhibited")}};

    QList<Call> calls; //!< Every Notify.
    QMap<uint, Call> shown; //!< What a user would see now, in the history at least.
    qsizetype mostShown = 0; //!< At once.
    QStringList popups; //!< What popped up, by summary.
    QList<uint> closed; //!< What CloseNotification was called with.
    int abilityQuestions = 0;
    int nameQuestions = 0;
    QStringList other; //!< Other methods, by name.

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override;
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

private:
    void answer(const QDBusMessage &message);
    void sendSignal(const QString &member, const QVariantList &arguments);

    QDBusConnection m_bus;
    QList<QDBusMessage> m_held;
    int m_starts = 0;
    uint m_lastId = 40;
    bool m_isHeld = false;
    bool m_isRefusing = false;
    bool m_isSilent = false;
    bool m_isClosing = true;
    bool m_isPlasma = false;
    bool m_isInhibited = false;
};

} // namespace Harness
