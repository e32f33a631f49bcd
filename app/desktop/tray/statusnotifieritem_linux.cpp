// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem, with the names that KDE gave
// it and all hosts use, and the label of Ayatana.

#include "statusnotifieritem.h"

#include "busanswers.h"
#include "busmenu.h"
#include "traytypes.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVirtualObject>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLoggingCategory>
#include <QScreen>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcItem, "tallybell.trayitem", QtInfoMsg)

namespace {

constexpr auto path = "/StatusNotifierItem"_L1;
constexpr auto interface = "org.kde.StatusNotifierItem"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;
constexpr auto watcherService = "org.kde.StatusNotifierWatcher"_L1;
constexpr auto watcherPath = "/StatusNotifierWatcher"_L1;
constexpr auto watcherInterface = "org.kde.StatusNotifierWatcher"_L1;

// A watcher that has its name on the bus before its object is soon complete.
constexpr std::chrono::milliseconds firstRetry = 100ms;
constexpr int maxRetries = 6;

// All that hosts read after a change is to fit into 4 KB, so there is one picture, of the size that
// most panels have; and two small ones where the icon of attention is needed, too. On a screen of
// finer pixels they have as many more, for there are panels that do not scale them.
constexpr int usualSize = 22;
constexpr int smallSize = 16;

int pixels(int size)
{
    return qRound(size * qGuiApp->devicePixelRatio());
}

constexpr qsizetype maxTitleLength = 100;
constexpr qsizetype maxToolTipBytes = 1024; // beside a name
constexpr qsizetype maxToolTipBytesOfPictures = 256; // beside pictures
constexpr qsizetype maxTokenLength = 1024;
constexpr int maxNotches = 10; // of one message

// A panel outside does not see the files that we see inside.
bool isSandboxed()
{
    return QFileInfo::exists(u"/.flatpak-info"_s) || !qEnvironmentVariableIsEmpty("SNAP");
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

// As wide as the number gets, so that the panel does not move with each digit.
QString labelGuide(const QString &label)
{
    return label.isEmpty() ? QString() : u"999+"_s;
}

// As many of the lines as fit.
QString shortened(const QString &lines, qsizetype maxBytes)
{
    const QByteArray bytes = lines.toUtf8();
    if (bytes.size() <= maxBytes)
        return lines;
    const qsizetype end = bytes.lastIndexOf('\n', maxBytes);
    return (end < 0 ? QString() : QString::fromUtf8(bytes.first(end)) + u'\n') + u'…';
}

struct Look
{
    QString status;
    QString iconName;
    std::optional<Badge> badge; // where it has no name
    QString title;
    QString toolTipTitle;
    QString toolTipText;
    QString label;

    // Hosts that know of attention show this icon then, and a few show nothing if there is none.
    [[nodiscard]] bool needsAttention() const { return status == "NeedsAttention"_L1; }
    [[nodiscard]] bool hasIconOf(const Look &other) const
    {
        return iconName == other.iconName && badge == other.badge;
    }
    [[nodiscard]] bool hasAttentionIconOf(const Look &other) const
    {
        return needsAttention() == other.needsAttention()
            && (!needsAttention() || hasIconOf(other));
    }
    [[nodiscard]] bool hasToolTipOf(const Look &other) const
    {
        return toolTipTitle == other.toolTipTitle && toolTipText == other.toolTipText;
    }
};

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

private Q_SLOTS:
    void completeRegistration();

private:
    void followWatcher(const QString &owner);
    void ask();
    [[nodiscard]] Look lookOf(const TrayFace &face) const;
    [[nodiscard]] BusPixmaps draw(int size) const;
    [[nodiscard]] QVariantMap properties() const;
    [[nodiscard]] QDBusMessage answer(const QDBusMessage &message);
    [[nodiscard]] int notchesOf(int delta);
    void announce(const QString &signal, const QVariantList &arguments = {});

    const TrayPictures m_pictures;
    const bool m_hasNames;
    QDBusConnection m_bus;
    BusMenu m_menu;
    QString m_name; // on the bus
    QDBusServiceWatcher m_watcher;
    QString m_owner; // of the watcher's name, as far as it was told
    QString m_registeredWith; // the owner that took us
    QString m_asked; // the owner at the time of the question
    bool m_isAsking = false;
    quint64 m_question = 0; // answers to older ones do not count
    QTimer m_retry;
    int m_retries = 0;
    std::optional<Look> m_look; // none before the first face
    QString m_token; // of the next click
    int m_angle = 0; // of the wheel, less than a notch
};

StatusNotifierItem::OnBus::OnBus(const TrayPictures &pictures, const QString &connectionName,
                                 const QString &service)
    : m_pictures(pictures)
    , m_hasNames(pictures.name && !pictures.themePath.isEmpty() && !isSandboxed())
    , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connectionName))
    , m_menu(m_bus)
{
    if (!m_bus.isConnected())
        return;
    m_bus.registerVirtualObject(path, this);
    // In a sandbox the name may be refused, or be that of somebody with the same process id.
    m_name = m_bus.registerService(service) ? service : m_bus.baseService();

    m_watcher.setConnection(m_bus);
    m_watcher.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_watcher.addWatchedService(watcherService);
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &newOwner) {
                followWatcher(newOwner);
            });
    m_bus.connect(QString(), watcherPath, watcherInterface, u"StatusNotifierHostRegistered"_s, this,
                  SLOT(completeRegistration()));
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &OnBus::ask);
}

StatusNotifierItem::OnBus::~OnBus()
{
    m_bus.unregisterObject(path);
    const QString name = m_bus.name();
    m_watcher.setConnection(QDBusConnection(QString()));
    QDBusConnection::disconnectFromBus(name);
}

void StatusNotifierItem::OnBus::followWatcher(const QString &owner)
{
    m_owner = owner;
    // What was asked before anybody was known to be there may have reached the one that came.
    if (owner.isEmpty() || (m_isAsking && !m_asked.isEmpty() && m_asked != owner)) {
        ++m_question;
        m_isAsking = false;
        m_registeredWith.clear();
    }
    m_retries = 0;
    m_retry.stop();
    if (!owner.isEmpty())
        ask();
}

void StatusNotifierItem::OnBus::completeRegistration()
{
    if (!m_registeredWith.isEmpty())
        return;
    m_retries = 0;
    ask();
}

void StatusNotifierItem::OnBus::ask()
{
    if (!m_look || m_isAsking || (!m_owner.isEmpty() && m_owner == m_registeredWith))
        return;
    m_retry.stop();
    m_isAsking = true;
    m_asked = m_owner;
    QDBusMessage message = QDBusMessage::createMethodCall(
        watcherService, watcherPath, watcherInterface, u"RegisterStatusNotifierItem"_s);
    message << m_name;
    message.setAutoStartService(false);
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, number = ++m_question] {
        call->deleteLater();
        if (number != m_question)
            return;
        m_isAsking = false;
        const QDBusMessage answer = call->reply();
        if (answer.type() == QDBusMessage::ReplyMessage) {
            m_registeredWith = answer.service();
            if (!m_owner.isEmpty())
                ask(); // another one that came meanwhile
            return;
        }
        qCDebug(lcItem).noquote() << "Not registered:" << answer.errorMessage();
        if (!m_owner.isEmpty() && m_retries < maxRetries)
            m_retry.start(firstRetry * (1 << m_retries++));
    });
}

Look StatusNotifierItem::OnBus::lookOf(const TrayFace &face) const
{
    Look look;
    look.status = face.isHidden ? u"Passive"_s
        : face.needsAttention   ? u"NeedsAttention"_s
                                : u"Active"_s;
    if (m_hasNames)
        look.iconName = m_pictures.name(face.badge);
    if (look.iconName.isEmpty())
        look.badge = face.badge;
    look.title = face.title.left(maxTitleLength);
    const qsizetype end = face.toolTip.indexOf(u'\n');
    look.toolTipTitle = face.toolTip.left(end).left(maxTitleLength);
    if (end >= 0)
        look.toolTipText = shortened(face.toolTip.mid(end + 1).toHtmlEscaped(),
                                     look.badge ? maxToolTipBytesOfPictures : maxToolTipBytes);
    look.label = face.label;
    return look;
}

void StatusNotifierItem::OnBus::show(const TrayFace &face)
{
    const Look look = lookOf(face);
    const std::optional<Look> old = std::exchange(m_look, look);
    if (!old) {
        ask();
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
        announce(u"XAyatanaNewLabel"_s, {look.label, labelGuide(look.label)});
    if (look.status != old->status)
        announce(u"NewStatus"_s, {look.status});
}

void StatusNotifierItem::OnBus::announce(const QString &signal, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createSignal(path, interface, signal);
    message.setArguments(arguments);
    m_bus.send(message);
}

BusPixmaps StatusNotifierItem::OnBus::draw(int size) const
{
    if (!m_look || !m_look->badge || !m_pictures.draw)
        return {};
    return {BusPixmap::fromImage(m_pictures.draw(*m_look->badge, size))};
}

QVariantMap StatusNotifierItem::OnBus::properties() const
{
    const Look look = m_look.value_or(Look{u"Passive"_s, {}, {}, {}, {}, {}, {}});
    const bool needsAttention = look.needsAttention();
    return {
        {u"Category"_s, u"Communications"_s},
        {u"Id"_s, u"tallybell"_s},
        {u"Title"_s, look.title},
        {u"Status"_s, look.status},
        {u"IconThemePath"_s, m_hasNames ? m_pictures.themePath : QString()},
        {u"IconName"_s, look.iconName},
        {u"IconPixmap"_s,
         QVariant::fromValue(draw(pixels(needsAttention ? smallSize : usualSize)))},
        {u"IconAccessibleDesc"_s, look.title},
        {u"AttentionIconName"_s, needsAttention ? look.iconName : QString()},
        {u"AttentionIconPixmap"_s,
         QVariant::fromValue(needsAttention ? draw(pixels(smallSize)) : BusPixmaps())},
        {u"AttentionAccessibleDesc"_s, needsAttention ? look.title : QString()},
        {u"ToolTip"_s,
         QVariant::fromValue(BusToolTip{{}, {}, look.toolTipTitle, look.toolTipText})},
        {u"Menu"_s, QVariant::fromValue(QDBusObjectPath(BusMenu::path))},
        {u"ItemIsMenu"_s, false},
        {u"XAyatanaLabel"_s, look.label},
        {u"XAyatanaLabelGuide"_s, labelGuide(look.label)},
    };
}

bool StatusNotifierItem::OnBus::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    if (message.type() != QDBusMessage::MethodCallMessage)
        return false;
    const bool isOfProperties = message.interface() == propertiesInterface;
    if (!isOfProperties && message.interface() != interface && !message.interface().isEmpty())
        return false; // Qt answers, for it can introspect
    const QDBusMessage reply =
        isOfProperties ? answerProperties(message, interface, properties()) : answer(message);
    if (message.isReplyRequired())
        m_bus.send(reply);
    return true;
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
        if (const int notches = notchesOf(arguments.at(0).toInt());
            orientation == "vertical"_L1 && notches != 0)
            later(&OnBus::scrolled, notches);
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
// count notches, down is positive.
int StatusNotifierItem::OnBus::notchesOf(int delta)
{
    constexpr int smallestAngle = 15;
    constexpr int notch = 120;
    const int limited = std::clamp(delta, -maxNotches * notch, maxNotches * notch);
    if (qAbs(limited) < smallestAngle)
        return std::clamp(limited, -maxNotches, maxNotches);
    if ((m_angle < 0) != (limited < 0))
        m_angle = 0; // the other way
    m_angle += limited;
    const int notches = m_angle / notch;
    m_angle -= notches * notch;
    return -notches;
}

QString StatusNotifierItem::OnBus::introspect(const QString &) const
{
    return uR"xml(  <interface name="org.kde.StatusNotifierItem">
    <property name="Category" type="s" access="read"/>
    <property name="Id" type="s" access="read"/>
    <property name="Title" type="s" access="read"/>
    <property name="Status" type="s" access="read"/>
    <property name="IconThemePath" type="s" access="read"/>
    <property name="IconName" type="s" access="read"/>
    <property name="IconPixmap" type="a(iiay)" access="read"/>
    <property name="IconAccessibleDesc" type="s" access="read"/>
    <property name="AttentionIconName" type="s" access="read"/>
    <property name="AttentionIconPixmap" type="a(iiay)" access="read"/>
    <property name="AttentionAccessibleDesc" type="s" access="read"/>
    <property name="ToolTip" type="(sa(iiay)ss)" access="read"/>
    <property name="Menu" type="o" access="read"/>
    <property name="ItemIsMenu" type="b" access="read"/>
    <property name="XAyatanaLabel" type="s" access="read"/>
    <property name="XAyatanaLabelGuide" type="s" access="read"/>
    <method name="Activate">
      <arg type="i" name="x" direction="in"/>
      <arg type="i" name="y" direction="in"/>
    </method>
    <method name="SecondaryActivate">
      <arg type="i" name="x" direction="in"/>
      <arg type="i" name="y" direction="in"/>
    </method>
    <method name="ContextMenu">
      <arg type="i" name="x" direction="in"/>
      <arg type="i" name="y" direction="in"/>
    </method>
    <method name="Scroll">
      <arg type="i" name="delta" direction="in"/>
      <arg type="s" name="orientation" direction="in"/>
    </method>
    <method name="ProvideXdgActivationToken">
      <arg type="s" name="token" direction="in"/>
    </method>
    <signal name="NewIcon"/>
    <signal name="NewAttentionIcon"/>
    <signal name="NewTitle"/>
    <signal name="NewToolTip"/>
    <signal name="NewStatus">
      <arg type="s" name="status"/>
    </signal>
    <signal name="XAyatanaNewLabel">
      <arg type="s" name="label"/>
      <arg type="s" name="guide"/>
    </signal>
  </interface>
)xml"_s;
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
