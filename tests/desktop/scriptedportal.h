// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QVariantMap>

#include <optional>

namespace Harness {

/*! The part of the desktop portal that opens addresses. It opens nothing, and answers as told. */
class ScriptedPortal : public QDBusVirtualObject
{
    Q_OBJECT

public:
    /*! A call of OpenURI, as it came. */
    struct Call
    {
        QString signature;
        QString parentWindow;
        QString url;
        QVariantMap options;
        QString handle; //!< of the request, as a client computes it
    };

    ScriptedPortal();
    ~ScriptedPortal() override;

    [[nodiscard]] bool start();
    void stop();
    [[nodiscard]] QDBusConnection bus() const { return m_bus; }

    /*! Ends the request \a handle as a user or a portal does: 0 opened, 1 cancelled, 2 failed. */
    void respond(const QString &handle, uint response);

    std::optional<uint> response; //!< Given to each request at once, and before its handle.
    QString otherHandle; //!< Told instead of the one that a client computes, as by old portals.
    bool refuses = false; //!< Answers with an error.

    QList<Call> calls;

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override;
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

private:
    QDBusConnection m_bus;
};

} // namespace Harness
