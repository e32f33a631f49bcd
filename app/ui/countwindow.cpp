// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countwindow.h"

#include "applicationicon.h"
#include "core/feedlist.h"
#include "countsummary.h"
#include "journaldelegate.h"
#include "looks.h"
#include "statebell.h"
#include "wording.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr QSize defaultSize(400, 480);

} // namespace

CountWindow::CountWindow(const FeedList *feeds, QAbstractItemModel *journal, QWidget *parent)
    : QWidget(parent)
    , m_feeds(feeds)
    , m_watch(feeds, 50ms)
{
    setWindowTitle(tr("Tallybell"));
    setWindowIcon(applicationIcon());
    setFocusPolicy(Qt::StrongFocus); // at first no button has the focus, so that no key hits it
    setFocus();

    m_summary = new CountSummary(feeds);
    connect(m_summary, &CountSummary::markSeenRequested, this, &CountWindow::markSeenRequested);
    connect(m_summary, &CountSummary::undoSeenRequested, this, &CountWindow::undoSeenRequested);

    m_list = new QListView;
    m_delegate = new JournalDelegate(m_list);
    m_list->setItemDelegate(m_delegate);
    m_list->setModel(journal);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setAccessibleName(tr("What happened, newest first"));

    m_open = new QPushButton(tr("&Open"));
    m_open->setToolTip(tr("Open the connection"));
    m_open->setAccessibleName(tr("Open the connection"));
    m_close = new QPushButton(tr("&Close"));
    m_close->setToolTip(tr("Close the connection"));
    m_close->setAccessibleName(tr("Close the connection"));
    auto *const settings = new QPushButton(tr("&Settings…"));
    settings->setAccessibleName(tr("Settings of Tallybell"));
    connect(settings, &QPushButton::clicked, this, &CountWindow::settingsRequested);
    auto *const quit = new QPushButton(tr("&Quit"));
    quit->setToolTip(tr("Close the connection and leave Tallybell"));
    quit->setAccessibleName(tr("Quit Tallybell"));
    connect(m_open, &QPushButton::clicked, this, &CountWindow::openRequested);
    connect(m_close, &QPushButton::clicked, this, &CountWindow::closeRequested);
    connect(quit, &QPushButton::clicked, this, &CountWindow::quitRequested);

    auto *const buttons = new QHBoxLayout;
    buttons->setContentsMargins(windowMargin, 12, windowMargin, 14);
    buttons->setSpacing(8);
    buttons->addWidget(m_open);
    buttons->addWidget(m_close);
    buttons->addStretch();
    buttons->addWidget(settings);
    buttons->addWidget(quit);

    auto *const countPage = new QWidget;
    auto *const countLayout = new QVBoxLayout(countPage);
    countLayout->setContentsMargins(0, 0, 0, 0);
    countLayout->setSpacing(0);
    countLayout->addWidget(m_summary);
    countLayout->addWidget(m_list, 1);

    m_pages = new QStackedLayout;
    m_pages->addWidget(createEmptyPage());
    m_pages->addWidget(countPage);

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(m_pages, 1);
    layout->addLayout(buttons);

    connect(new QShortcut(Qt::CTRL | Qt::Key_Q, this), &QShortcut::activated, this,
            &CountWindow::quitRequested);
    m_hide = new QShortcut(Qt::Key_Escape, this);
    m_hide->setEnabled(false);
    connect(m_hide, &QShortcut::activated, this, &CountWindow::hide);

    connect(&m_watch, &FeedWatch::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    refresh();
    resize(defaultSize);
}

QWidget *CountWindow::createEmptyPage()
{
    auto *const page = new QWidget;
    auto *const bell = new StateBell(96, page);
    bell->setBadge({});
    auto *const title = new QLabel(tr("Nothing to count yet"));
    title->setFont(scaled(font(), 1.4, QFont::DemiBold));
    title->setAlignment(Qt::AlignCenter);
    m_notice = new QLabel;
    m_notice->setObjectName(u"notice"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *const layout = new QVBoxLayout(page);
    layout->setContentsMargins(2 * windowMargin, windowMargin, 2 * windowMargin, windowMargin);
    layout->setSpacing(12);
    layout->addStretch(2);
    layout->addWidget(bell, 0, Qt::AlignHCenter);
    layout->addWidget(title);
    layout->addWidget(m_notice);
    layout->addStretch(3);
    return page;
}

void CountWindow::setHasTray(bool hasTray)
{
    m_hasTray = hasTray;
    m_hide->setEnabled(hasTray);
}

void CountWindow::setNotice(const QString &notice)
{
    m_notice->setText(notice);
}

void CountWindow::present()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void CountWindow::setTrouble(const QString &sentence)
{
    m_summary->setTrouble(sentence);
}

void CountWindow::followSeen(const SeenMark *seen)
{
    m_summary->followSeen(seen);
}

// Within the screen, on the side of the pointer where there is room: panels are at its edges.
void CountWindow::moveNextTo(const QPoint &where)
{
    const QScreen *const screen = QGuiApplication::screenAt(where);
    if (!screen)
        return;
    const QRect space = screen->availableGeometry();
    const QSize size = frameGeometry().size().expandedTo(minimumSizeHint()).boundedTo(space.size());
    constexpr int distance = 8;
    const QRect below(where + QPoint(-size.width() / 2, distance), size);
    const QRect above(where - QPoint(size.width() / 2, distance + size.height()), size);
    const QRect right(where + QPoint(distance, -size.height() / 2), size);
    const QRect left(where - QPoint(distance + size.width(), size.height() / 2), size);
    QRect place = left;
    if (below.bottom() <= space.bottom())
        place = below;
    else if (above.top() >= space.top())
        place = above;
    else if (right.right() <= space.right())
        place = right;
    move(std::clamp(place.left(), space.left(), space.right() - size.width() + 1),
         std::clamp(place.top(), space.top(), space.bottom() - size.height() + 1));
}

void CountWindow::toggle(const std::optional<QPoint> &where)
{
    // Where the click on the panel took the focus away it is not active any more, yet in sight.
    if (isVisible() && !isMinimized() && m_hasTray) {
        hide();
    } else {
        if (where)
            moveNextTo(*where);
        present();
    }
}

void CountWindow::closeEvent(QCloseEvent *event)
{
    QWidget::closeEvent(event);
    if (!m_hasTray)
        Q_EMIT quitRequested();
}

void CountWindow::showEvent(QShowEvent *event)
{
    refresh(); // nothing was drawn while it was hidden
    QWidget::showEvent(event);
}

void CountWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        refresh();
    QWidget::changeEvent(event);
}

void CountWindow::refresh()
{
    const auto models = m_feeds->models();
    m_pages->setCurrentIndex(models.isEmpty() ? 0 : 1);
    m_delegate->setShowsTitle(models.size() > 1);
    m_summary->refresh();
    m_open->setEnabled(canOpen(*m_feeds));
    m_close->setEnabled(canClose(*m_feeds));
}
