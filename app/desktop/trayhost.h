// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <chrono>
#include <memory>

/*!
    Knows whether there is a tray to put an icon in. It does not create the icon.

    Qt asks for a StatusNotifier host once in the life of a process and believes the answer for
    ever: an application that is started before its panel would never get an icon. So nobody may
    touch QSystemTrayIcon, not even isSystemTrayAvailable(), before available().

    A StatusNotifier host counts at once, whenever it comes. The older XEmbed tray counts only after
    a grace period without such a host, for that choice is final too. Without a session bus, without
    X11, or with neither tray it keeps watching what is there to watch. Nothing blocks.
*/
class TrayHost : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds defaultGrace = std::chrono::seconds(3);

    /*! Starts watching; the first signal comes from the event loop. */
    explicit TrayHost(std::chrono::milliseconds grace = defaultGrace, QObject *parent = nullptr);
    ~TrayHost() override;

    [[nodiscard]] bool isAvailable() const { return m_available; }

Q_SIGNALS:
    /*!
        A tray is there: create the icon now, if there is none yet. Comes again after lost(), for a
        tray of the same kind; Qt then puts an existing icon into the new tray by itself.
    */
    void available();

    /*! The tray went away, with the panel for instance. An existing icon may stay. */
    void lost();

private:
    void setAvailable(bool isAvailable);

    class Watch;

    std::unique_ptr<Watch> m_watch;
    bool m_available = false;
};
