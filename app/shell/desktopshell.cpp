// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktopshell.h"

#include "feeds.h"
#include "version.h"

#include "core/addresskind.h"
#include "desktop/activation.h"
#include "desktop/tray/panelcolour.h"
#include "ui/badge/badgeimage.h"
#include "ui/badge/badgetheme.h"
#include "ui/openquestion.h"
#include "ui/settingswindow.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLoggingCategory>

using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.shell", QtInfoMsg)

TrayPictures pictures()
{
    return {&badgeImage, &badgeIconName, badgeThemePath()};
}

} // namespace

DesktopShell::DesktopShell(Feeds *feeds, Journal *journal, const Attention::Places &places,
                           QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
    , m_attention(feeds->list(), places)
    , m_commands(feeds, &m_attention)
    , m_window(feeds->list(), journal)
    , m_view(
          {feeds->list(), journal, m_attention.settings(), m_attention.quiet(), m_attention.seen()})
    , m_tray(pictures())
    , m_launcher(QString::fromLatin1(tallybellId))
    , m_notices(feeds->list(), &m_attention, &m_commands)
{
    connectWindow();
    connectTray();
    connectCommands();
    m_view.setPanelIsDark(panelIsDark());
    QCoreApplication::instance()->installEventFilter(this);
    showFace();
}

DesktopShell::~DesktopShell() = default;

void DesktopShell::show(bool hidden)
{
    if (!hidden)
        m_window.present();
}

void DesktopShell::setNotice(const QString &notice)
{
    m_window.setNotice(notice);
}

void DesktopShell::clockChanged()
{
    m_attention.quiet()->clockChanged();
    m_view.refresh();
}

void DesktopShell::connectTray()
{
    connect(&m_view, &TrayView::faceChanged, this, &DesktopShell::showFace);
    connect(&m_tray, &DesktopTray::available, this, [this] { m_window.setHasTray(true); });
    connect(&m_tray, &DesktopTray::lost, this, [this] { m_window.setHasTray(false); });
    connect(&m_tray, &DesktopTray::menuRequested, &m_view, &TrayView::refresh);
    connect(&m_tray, &DesktopTray::scrolled, &m_view, &TrayView::scroll);
    connect(&m_tray, &DesktopTray::commanded, &m_commands, &Commands::run);
    connect(&m_tray, &DesktopTray::activated, this,
            [this](const std::optional<QPoint> &where, const QString &token) {
                useActivationToken(token);
                m_window.toggle(where);
            });
    connect(&m_tray, &DesktopTray::secondaryActivated, &m_commands,
            [this](const std::optional<QPoint> &, const QString &token) {
                m_commands.openNewest(token);
            });
}

void DesktopShell::connectWindow()
{
    m_window.followSeen(m_attention.seen());
    connect(&m_window, &CountWindow::openRequested, m_feeds, &Feeds::openAll);
    connect(&m_window, &CountWindow::closeRequested, m_feeds, &Feeds::closeAll);
    connect(&m_window, &CountWindow::markSeenRequested, m_attention.seen(), &SeenMark::markAll);
    connect(&m_window, &CountWindow::undoSeenRequested, m_attention.seen(), &SeenMark::undo);
    connect(&m_window, &CountWindow::settingsRequested, this, [this] { showSettings({}); });
    connect(&m_window, &CountWindow::quitRequested, this, &DesktopShell::quitRequested);
}

void DesktopShell::connectCommands()
{
    connect(&m_commands, &Commands::urlRequested, this, &DesktopShell::open);
    connect(&m_commands, &Commands::windowRequested, this, &DesktopShell::showWindow);
    connect(&m_commands, &Commands::settingsRequested, this, &DesktopShell::showSettings);
    connect(&m_commands, &Commands::quitRequested, this, &DesktopShell::quitRequested);
    connect(&m_opener, &UrlOpener::failed, this, [this](const QUrl &, const QString &why) {
        qCWarning(log).noquote() << why;
        m_window.setTrouble(why);
        showWindow({});
    });
}

void DesktopShell::showFace()
{
    const TrayFace &face = m_view.face();
    m_tray.show(face);
    m_launcher.show(face.number, face.needsAttention);
}

void DesktopShell::open(const QUrl &url, const QString &token)
{
    m_window.setTrouble({}); // of the last one
    if (addressKind(url) != AddressKind::Foreign) {
        m_opener.open(url, token);
        return;
    }
    if (!m_openQuestion) {
        m_openQuestion = std::make_unique<OpenQuestion>();
        connect(m_openQuestion.get(), &OpenQuestion::agreed, this, [this](const QUrl &agreed) {
            m_opener.open(agreed, {}, UrlOpener::Consent::Given);
        });
    }
    useActivationToken(token);
    m_openQuestion->ask(url);
}

void DesktopShell::showWindow(const QString &token)
{
    useActivationToken(token);
    m_window.present();
}

void DesktopShell::showSettings(const QString &token)
{
    if (!m_settingsWindow)
        m_settingsWindow = std::make_unique<SettingsWindow>(m_attention.settings());
    useActivationToken(token);
    m_settingsWindow->present();
}

bool DesktopShell::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange)
        m_view.setPanelIsDark(panelIsDark());
    return QObject::eventFilter(watched, event);
}
