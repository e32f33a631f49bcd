// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "systemtrayicon.h"

#include <QCursor>
#include <QIcon>
#include <QPixmap>
#include <QWheelEvent>

using namespace Qt::Literals;

namespace {

// Each drawn on its own: trays of the old kind have any size, and a scaled number is hard to read.
constexpr int sizes[] = {16, 20, 22, 24, 32, 44, 48, 64};

QIcon iconOf(const Badge &badge, const TrayPictures &pictures)
{
    QIcon icon;
    if (pictures.draw) {
        for (const int size : sizes)
            icon.addPixmap(QPixmap::fromImage(pictures.draw(badge, size)));
    }
    return icon;
}

// Where Qt draws the tooltip itself it would take a name for markup.
QString plainToolTip(const QString &text)
{
#ifdef Q_OS_LINUX
    return u"<p style='white-space:pre'>"_s + text.toHtmlEscaped() + u"</p>"_s;
#else
    return text;
#endif
}

bool hasShapeOf(const QAction *action, const MenuEntry &entry)
{
    return action->isSeparator() == entry.isSeparator
        && (action->menu() != nullptr) == !entry.children.isEmpty();
}

} // namespace

SystemTrayIcon::SystemTrayIcon(const TrayPictures &pictures, QObject *parent)
    : TrayPlace(parent)
    , m_pictures(pictures)
{
    m_icon.setContextMenu(&m_menu);
    m_icon.installEventFilter(this);
    connect(&m_icon, &QSystemTrayIcon::activated, this, &SystemTrayIcon::activate);
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayPlace::menuRequested);
}

SystemTrayIcon::~SystemTrayIcon() = default;

void SystemTrayIcon::show(const TrayFace &face)
{
    showMenu(face.menu);
    if (!m_face || m_face->badge != face.badge)
        m_icon.setIcon(iconOf(face.badge, m_pictures));
    if (!m_face || m_face->toolTip != face.toolTip)
        m_icon.setToolTip(plainToolTip(face.toolTip));
    if (m_icon.isVisible() == face.isHidden)
        m_icon.setVisible(!face.isHidden);
    m_face = face;
}

void SystemTrayIcon::showMenu(const QList<MenuEntry> &menu)
{
    if (menu == m_entries)
        return;
    m_entries = menu;
    fill(&m_menu, menu);
}

// In place where it can be: an open menu stays as it is but for its texts.
void SystemTrayIcon::fill(QMenu *menu, const QList<MenuEntry> &entries)
{
    QList<QAction *> actions = menu->actions();
    if (!std::equal(actions.cbegin(), actions.cend(), entries.cbegin(), entries.cend(),
                    &hasShapeOf)) {
        menu->clear();
        const auto submenus = menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly);
        for (QMenu *submenu : submenus)
            submenu->deleteLater();
        for (const MenuEntry &entry : entries) {
            if (entry.isSeparator) {
                menu->addSeparator();
                continue;
            }
            QAction *const action = entry.children.isEmpty()
                ? menu->addAction(QString())
                : menu->addMenu(QString())->menuAction();
            // Later: what it does may make another menu, without this action.
            connect(action, &QAction::triggered, this, [this, action] {
                const QString command = action->data().toString();
                if (!command.isEmpty())
                    QMetaObject::invokeMethod(
                        this, [this, command] { Q_EMIT commanded(command, {}); },
                        Qt::QueuedConnection);
            });
        }
        actions = menu->actions();
    }
    for (qsizetype i = 0; i < entries.size(); ++i) {
        QAction *const action = actions.at(i);
        const MenuEntry &entry = entries.at(i);
        if (entry.isSeparator)
            continue;
        action->setText(QString(entry.text).replace(u'&', "&&"_L1));
        action->setData(entry.command);
        action->setEnabled(entry.isEnabled);
        action->setCheckable(entry.isCheckable);
        action->setChecked(entry.isChecked);
        if (action->menu())
            fill(action->menu(), entry.children);
    }
}

void SystemTrayIcon::activate(QSystemTrayIcon::ActivationReason reason)
{
    if (reason == QSystemTrayIcon::Trigger)
        Q_EMIT activated(QCursor::pos(), {});
    else if (reason == QSystemTrayIcon::MiddleClick)
        Q_EMIT secondaryActivated(QCursor::pos(), {});
}

// Qt passes the wheel on to the icon where the system tells of it.
bool SystemTrayIcon::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Wheel)
        return TrayPlace::eventFilter(watched, event);
    const int angle = static_cast<QWheelEvent *>(event)->angleDelta().y();
    if (const int notches = m_wheel.turn(angle); notches != 0)
        Q_EMIT scrolled(notches);
    return true;
}
