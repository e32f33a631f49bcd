// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem, with the names that KDE gave
// it and all hosts use, and the label of Ayatana.

#include "statusnotifieritem.h"

#include "busanswers.h"
#include "busmenu.h"
#include "desktop/tray/wheel.h"
#include "introspection.h"
#include "itemlook.h"
#include "watcherregistration.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QFileInfo>
#include <QGuiApplication>
#include <QScreen>

#include <algorithm>
#include <utility>

using namespace Qt::Literals;

namespace {

constexpr auto path = "/StatusNotifierItem"_L1;
constexpr auto interface = "org.kde.StatusNotifierItem"_L1;
constexpr qsizetype maxTokenLength = 1024;
constexpr int maxNotches = 10; // of one message

bool isSandboxed()
{
    return QFileInfo::exists(u"/.flatpak-info"_s) || !qEnvironmentVariableIsEmpty("SNAP");
}

// A panel outside does not see the files that we see inside.
TrayPictures seenFromOutside(const TrayPictures &pictures)
{
    return isSandboxed() ? TrayPictures{pictures.draw, {}, {}} : pictures;
}

// What the panel says is in pixels of the X server; on Wayland it knows no place that would help.
std::optional<QPoint> placeOnScreen(int x, int y)
{
    if (!qGuiApp || QGuiApplication::platformName() != "xcb"_L1 || (x == 0 && y == 0))
        return std::nullopt;
    const auto screens = QGuiApplication::screens();
    for (const QScreen *screen : screens) {
        const QRect geometry = screen->geometry();
        const QRect pixels(geometry.topLeft(), geometry.size() * screen->devicePixelRatio());
        if (pixels.contains(x, y))
            return geometry.topLeft()
                + (QPoint(x, y) - geometry.topLeft()) / screen->devicePixelRatio();
    }
    return std::nullopt;
}

} // namespace

class StatusNotifierItem::OnBus : public QDBusVirtualObject
{
    Q_OBJECT

public:
    OnBus(const TrayPictures &pictures, const QString &connectionName, const QString &service);
    ~OnBus() override;

    [[nodiscard]] bool isConnected() const { return m_bus.isConnected(); }
    [[nodiscard]] BusMenu *menu() { return &m_menu; }
    void show(const TrayFace &face);
    [[nodiscard]] QString takeToken() { return std::exchange(m_token, {}); }

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;
    [[nodiscard]] QString introspect(const QString &path) const override;

Q_SIGNALS:
    void activated(const std::optional<QPoint> &where, const QString &token);
    void secondaryActivated(const std::optional<QPoint> &where, const QString &token);
    void scrolled(int notches);

private:
    [[nodiscard]] QVariantMap properties() const;
    [[nodiscard]] QDBusMessage answer(const QDBusMessage &message);
    [[nodiscard]] int notchesOf(int delta);
    void announce(const QString &signal, const QVariantList &arguments = {});

    const TrayPictures m_pictures;
    QDBusConnection m_bus;
    BusMenu m_menu;
    std::optional<WatcherRegistration> m_registration;
    QString m_name; // on the bus
    std::optional<ItemLook> m_look; // none before the first face
    QString m_token; // of the next click
    Wheel m_wheel;
};

StatusNotifierItem::OnBus::OnBus(const TrayPictures &pictures, const QString &connectionName,
                                 const QString &service)
    : m_pictures(seenFromOutside(pictures))
    , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connectionName))
    , m_menu(m_bus)
{
    if (!m_bus.isConnected())
        return;
    m_bus.registerVirtualObject(path, this);
    // In a sandbox the name may be refused, or be that of somebody with the same process id.
    m_name = m_bus.registerService(service) ? service : m_bus.baseService();
    m_registration.emplace(m_bus);
}

StatusNotifierItem::OnBus::~OnBus()
{
    m_bus.unregisterObject(path);
    m_registration.reset(); // before the connection
    QDBusConnection::disconnectFromBus(m_bus.name());
}

void StatusNotifierItem::OnBus::show(const TrayFace &face)
{
    const ItemLook look = ItemLook::of(face, m_pictures);
    const std::optional<ItemLook> old = std::exchange(m_look, look);
    if (!old) {
        m_registration->begin(m_name);
        return;
    }
    if (!look.hasIconOf(*old))
        announce(u"NewIcon"_s);
    if (!look.hasAttentionIconOf(*old))
        announce(u"NewAttentionIcon"_s);
    if (look.title != old->title)
        announce(u"NewTitle"_s);
    if (!look.hasToolTipOf(*old))
        announce(u"NewToolTip"_s);
    if (look.label != old->label)
        announce(u"XAyatanaNewLabel"_s, {look.label, look.labelGuide()});
    if (look.status != old->status)
        announce(u"NewStatus"_s, {look.status});
}

void StatusNotifierItem::OnBus::announce(const QString &signal, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createSignal(path, interface, signal);
    message.setArguments(arguments);
    m_bus.send(message);
}

QVariantMap StatusNotifierItem::OnBus::properties() const
{
    const ItemLook look = m_look.value_or(ItemLook());
    const bool needsAttention = look.needsAttention();
    return {
        {u"Category"_s, u"Communications"_s},
        {u"Id"_s, u"tallybell"_s},
        {u"Title"_s, look.title},
        {u"Status"_s, look.status},
        {u"IconThemePath"_s, m_pictures.name ? m_pictures.themePath : QString()},
        {u"IconName"_s, look.iconName},
        {u"IconPixmap"_s, QVariant::fromValue(look.icon(m_pictures))},
        {u"IconAccessibleDesc"_s, look.toolTipTitle},
        {u"AttentionIconName"_s, needsAttention ? look.iconName : QString()},
        {u"AttentionIconPixmap"_s, QVariant::fromValue(look.attentionIcon(m_pictures))},
        {u"AttentionAccessibleDesc"_s, needsAttention ? look.toolTipTitle : QString()},
        {u"ToolTip"_s,
         QVariant::fromValue(BusToolTip{{}, {}, look.toolTipTitle, look.toolTipText})},
        {u"Menu"_s, QVariant::fromValue(QDBusObjectPath(BusMenu::path))},
        {u"ItemIsMenu"_s, false},
        {u"XAyatanaLabel"_s, look.label},
        {u"XAyatanaLabelGuide"_s, look.labelGuide()},
    };
}

bool StatusNotifierItem::OnBus::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    return handleCall(
        message, m_bus, interface, [this] { return properties(); },
        [this](const QDBusMessage &call) { return answer(call); });
}

QDBusMessage StatusNotifierItem::OnBus::answer(const QDBusMessage &message)
{
    const QString call = message.member() + u' ' + message.signature();
    const QVariantList arguments = message.arguments();
    // What a click asks for may be our end, so it comes later.
    const auto later = [this](auto signal, auto... values) {
        QMetaObject::invokeMethod(
            this,
            [this, signal, values...] {
                Q_EMIT(this->*signal)
                (values...);
            },
            Qt::QueuedConnection);
    };
    if (call == "Activate ii"_L1) {
        later(&OnBus::activated, placeOnScreen(arguments.at(0).toInt(), arguments.at(1).toInt()),
              takeToken());
        return message.createReply();
    }
    if (call == "SecondaryActivate ii"_L1) {
        later(&OnBus::secondaryActivated,
              placeOnScreen(arguments.at(0).toInt(), arguments.at(1).toInt()), takeToken());
        return message.createReply();
    }
    if (call == "ContextMenu ii"_L1)
        return message.createReply(); // whoever asks has seen that there is a Menu to show
    if (call == "Scroll is"_L1) {
        const QString orientation = arguments.at(1).toString().toLower();
        if (orientation != "vertical"_L1 && orientation != "horizontal"_L1)
            return message.createErrorReply(QDBusError::InvalidArgs,
                                            u"The orientation is vertical or horizontal"_s);
        if (orientation == "vertical"_L1) {
            if (const int notches = notchesOf(arguments.at(0).toInt()); notches != 0)
                later(&OnBus::scrolled, notches);
        }
        return message.createReply();
    }
    if (call == "ProvideXdgActivationToken s"_L1) {
        const QString token = arguments.at(0).toString();
        if (token.size() > maxTokenLength)
            return message.createErrorReply(QDBusError::InvalidArgs, u"The token is too long"_s);
        m_token = token;
        return message.createReply();
    }
    return answerUnknown(message,
                         {u"Activate"_s, u"SecondaryActivate"_s, u"ContextMenu"_s, u"Scroll"_s,
                          u"ProvideXdgActivationToken"_s});
}

// Panels of Qt pass on the angle of the wheel, 120 for a notch, up is positive; those of GTK and sway
// count notches, or what they take for one, down is positive.
int StatusNotifierItem::OnBus::notchesOf(int delta)
{
    constexpr int smallestAngle = 15;
    const int limited = std::clamp(delta, -maxNotches * Wheel::notch, maxNotches * Wheel::notch);
    return qAbs(limited) < smallestAngle ? m_wheel.step(limited) : m_wheel.turn(limited);
}

QString StatusNotifierItem::OnBus::introspect(const QString &) const
{
    return itemIntrospection();
}

std::unique_ptr<StatusNotifierItem> StatusNotifierItem::create(const TrayPictures &pictures)
{
    static int number = 0;
    ++number;
    auto onBus = std::make_unique<OnBus>(
        pictures, u"tallybell-tray-%1"_s.arg(number),
        u"org.kde.StatusNotifierItem-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(number));
    if (!onBus->isConnected())
        return nullptr;
    return std::unique_ptr<StatusNotifierItem>(new StatusNotifierItem(std::move(onBus)));
}

StatusNotifierItem::StatusNotifierItem(std::unique_ptr<OnBus> onBus)
    : m_onBus(std::move(onBus))
{
    connect(m_onBus.get(), &OnBus::activated, this, &TrayPlace::activated);
    connect(m_onBus.get(), &OnBus::secondaryActivated, this, &TrayPlace::secondaryActivated);
    connect(m_onBus.get(), &OnBus::scrolled, this, &TrayPlace::scrolled);
    connect(m_onBus->menu(), &BusMenu::menuRequested, this, &TrayPlace::menuRequested);
    connect(m_onBus->menu(), &BusMenu::commanded, this,
            [this](const QString &command) { Q_EMIT commanded(command, m_onBus->takeToken()); });
}

StatusNotifierItem::~StatusNotifierItem() = default;

void StatusNotifierItem::show(const TrayFace &face)
{
    showMenu(face.menu);
    m_onBus->show(face);
}

void StatusNotifierItem::showMenu(const QList<MenuEntry> &menu)
{
    m_onBus->menu()->show(menu);
}

#include "statusnotifieritem_linux.moc"
