// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <chrono>
#include <memory>

/*!
    Knows whether there is a tray, and of what kind. It puts no icon there.

    A StatusNotifier host counts at once, whenever it comes, and wins over every other tray. The
    older XEmbed tray counts after a grace period without such a host; so nobody has to guess
    whether the panel is only late. Without a session bus, without X11, or with neither tray it keeps
    watching what is there to watch. Nothing blocks.

    A QSystemTrayIcon may be created while the kind is System, never before: Qt asks for a
    StatusNotifier host once in the life of a process, and believes the answer for ever.
*/
class TrayHost : public QObject
{
    Q_OBJECT

public:
    enum class Kind {
        Nothing, //!< There is no tray, or nobody knows yet.
        StatusNotifier, //!< A StatusNotifier host of the session bus.
        System, //!< What QSystemTrayIcon reaches: an XEmbed tray; elsewhere than on Linux the tray.
    };
    Q_ENUM(Kind)

    static constexpr std::chrono::milliseconds defaultGrace = std::chrono::seconds(3);

    /*! Starts watching; the first signal comes from the event loop. */
    explicit TrayHost(std::chrono::milliseconds grace = defaultGrace, QObject *parent = nullptr);
    ~TrayHost() override;

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool isAvailable() const { return m_kind != Kind::Nothing; }

Q_SIGNALS:
    /*! There is another kind of tray than before, or none. Comes before the two below. */
    void kindChanged(TrayHost::Kind kind);

    /*! A tray is there, where there was none. */
    void available();

    /*! The tray went away, with the panel for instance. */
    void lost();

private:
    void setKind(Kind kind);

    class Watch;

    std::unique_ptr<Watch> m_watch;
    Kind m_kind = Kind::Nothing;
};
