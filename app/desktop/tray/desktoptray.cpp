// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktoptray.h"

#include "notifier/statusnotifieritem.h"
#include "systemtrayicon.h"
#include "trayhost.h"

#include <QTimer>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds interval = 250ms; // four changes a second

}

class DesktopTray::Places : public QObject
{
    Q_OBJECT

public:
    Places(DesktopTray *tray, const TrayPictures &pictures, std::chrono::milliseconds grace);

    void want(const TrayFace &face);
    [[nodiscard]] bool isAvailable() const { return m_host.isAvailable(); }

private:
    void follow(TrayHost::Kind kind);
    void connectTo(TrayPlace *place);
    void showNow();
    void askForMenu(TrayPlace *place);

    DesktopTray *const m_tray;
    const TrayPictures m_pictures;
    TrayHost m_host;
    std::unique_ptr<StatusNotifierItem> m_item; // always, where there is a session bus
    std::unique_ptr<SystemTrayIcon> m_icon; // while there is only a tray for it
    std::optional<TrayFace> m_wanted;
    std::optional<TrayFace> m_shown;
    QTimer m_pause; // after a change
};

DesktopTray::Places::Places(DesktopTray *tray, const TrayPictures &pictures,
                            std::chrono::milliseconds grace)
    : m_tray(tray)
    , m_pictures(pictures)
    , m_host(grace)
    , m_item(StatusNotifierItem::create(pictures))
{
    if (m_item)
        connectTo(m_item.get());
    m_pause.setSingleShot(true);
    m_pause.setInterval(interval);
    connect(&m_pause, &QTimer::timeout, this, &Places::showNow);
    connect(&m_host, &TrayHost::kindChanged, this, &Places::follow);
    connect(&m_host, &TrayHost::available, m_tray, &DesktopTray::available);
    connect(&m_host, &TrayHost::lost, m_tray, &DesktopTray::lost);
}

void DesktopTray::Places::connectTo(TrayPlace *place)
{
    connect(place, &TrayPlace::activated, m_tray, &DesktopTray::activated);
    connect(place, &TrayPlace::secondaryActivated, m_tray, &DesktopTray::secondaryActivated);
    connect(place, &TrayPlace::scrolled, m_tray, &DesktopTray::scrolled);
    connect(place, &TrayPlace::commanded, m_tray, &DesktopTray::commanded);
    connect(place, &TrayPlace::menuRequested, this, [this, place] { askForMenu(place); });
}

void DesktopTray::Places::follow(TrayHost::Kind kind)
{
    if (kind != TrayHost::Kind::System) {
        m_icon.reset();
        return;
    }
    m_icon = std::make_unique<SystemTrayIcon>(m_pictures);
    connectTo(m_icon.get());
    if (m_wanted)
        m_icon->show(*m_wanted);
}

void DesktopTray::Places::want(const TrayFace &face)
{
    m_wanted = face;
    if (!m_pause.isActive())
        showNow();
}

void DesktopTray::Places::showNow()
{
    if (m_wanted == m_shown)
        return; // and no timer runs
    m_shown = m_wanted;
    m_pause.start();
    if (m_item)
        m_item->show(*m_shown);
    if (m_icon)
        m_icon->show(*m_shown);
}

// A menu that somebody looks at is not made to wait for the end of a pause.
void DesktopTray::Places::askForMenu(TrayPlace *place)
{
    Q_EMIT m_tray->menuRequested();
    if (m_wanted)
        place->showMenu(m_wanted->menu);
}

DesktopTray::DesktopTray(const TrayPictures &pictures, std::chrono::milliseconds grace,
                         QObject *parent)
    : QObject(parent)
    , m_places(std::make_unique<Places>(this, pictures, grace))
{}

DesktopTray::~DesktopTray() = default;

void DesktopTray::show(const TrayFace &face)
{
    m_places->want(face);
}

bool DesktopTray::isAvailable() const
{
    return m_places->isAvailable();
}

#include "desktoptray.moc"
