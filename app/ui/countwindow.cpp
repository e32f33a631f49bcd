// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countwindow.h"

#include "applicationicon.h"
#include "badge/badgeicon.h"
#include "core/feedlist.h"
#include "core/seen/seenmark.h"
#include "core/tray/badgefor.h"
#include "faint.h"
#include "journaldelegate.h"
#include "sourcelist.h"
#include "wording.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int margin = 18;
constexpr QSize defaultSize(400, 480);

QFont scaled(QFont font, qreal factor, QFont::Weight weight)
{
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(weight);
    return font;
}

} // namespace

// The bell of the tray without its number: the state at a glance.
class CountWindow::StateBell : public QWidget
{
public:
    explicit StateBell(int side, QWidget *parent)
        : QWidget(parent)
    {
        setFixedSize(side, side);
    }

    void setBadge(const Badge &badge)
    {
        m_icon = badgeIcon(badge);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        m_icon.paint(&painter, rect());
    }

private:
    QIcon m_icon;
};

CountWindow::CountWindow(const FeedList *feeds, QAbstractItemModel *journal, QWidget *parent)
    : QWidget(parent)
    , m_feeds(feeds)
    , m_watch(feeds, 50ms)
{
    setWindowTitle(tr("Tallybell"));
    setWindowIcon(applicationIcon());
    setFocusPolicy(Qt::StrongFocus); // at first no button has the focus, so that no key hits it
    setFocus();

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
    buttons->setContentsMargins(margin, 12, margin, 14);
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
    countLayout->addWidget(createSummary());
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

QWidget *CountWindow::createSummary()
{
    auto *const summary = new QWidget;

    m_bell = new StateBell(64, summary);
    m_number = new QLabel;
    m_number->setObjectName(u"number"_s);
    m_number->setFont(scaled(font(), 3.6, QFont::DemiBold));
    m_caption = new QLabel;
    m_caption->setObjectName(u"caption"_s);
    m_state = new QLabel;
    m_state->setObjectName(u"state"_s);
    m_state->setFont(scaled(font(), 1.1, QFont::DemiBold));
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail = new QLabel;
    m_detail->setObjectName(u"detail"_s);
    m_detail->setWordWrap(true);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    m_trouble = new QLabel;
    m_trouble->setObjectName(u"trouble"_s);
    m_trouble->setWordWrap(true);
    m_trouble->setTextFormat(Qt::PlainText);
    m_trouble->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_trouble->hide();
    m_mark = new QPushButton;
    m_mark->setObjectName(u"mark"_s);
    connect(m_mark, &QPushButton::clicked, this, [this] {
        if (m_seen->canMark())
            Q_EMIT markSeenRequested();
        else
            Q_EMIT undoSeenRequested();
    });

    m_sources = new SourceList(m_feeds);
    m_sources->setObjectName(u"sources"_s);

    auto *const numberRow = new QHBoxLayout;
    numberRow->setSpacing(12);
    numberRow->addWidget(m_bell);
    numberRow->addWidget(m_number, 0, Qt::AlignBottom);
    numberRow->addWidget(m_caption, 1, Qt::AlignBottom);
    numberRow->addWidget(m_mark, 0, Qt::AlignVCenter);
    // On one base line with the number.
    m_caption->setContentsMargins(
        0, 0, 0, m_number->fontMetrics().descent() - m_caption->fontMetrics().descent());

    auto *const layout = new QVBoxLayout(summary);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(6);
    layout->addLayout(numberRow);
    layout->addSpacing(4);
    layout->addWidget(m_state);
    layout->addWidget(m_detail);
    layout->addWidget(m_trouble);
    layout->addWidget(m_sources);
    return summary;
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
    layout->setContentsMargins(2 * margin, margin, 2 * margin, margin);
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
    m_trouble->setText(sentence);
    m_trouble->setVisible(!sentence.isEmpty());
}

void CountWindow::followSeen(const SeenMark *seen)
{
    m_seen = seen;
    refresh();
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
    const FeedList::Summary &summary = m_feeds->summary();
    const auto models = m_feeds->models();
    m_pages->setCurrentIndex(models.isEmpty() ? 0 : 1);
    m_delegate->setShowsTitle(models.size() > 1);

    Badge badge = badgeFor(summary, {}, false, false);
    setFaint(m_number, badge.state != Badge::State::Live);
    badge.text.clear();
    m_bell->setBadge(badge);

    m_number->setText(summary.count ? QLocale().toString(*summary.count) : u"–"_s);
    m_number->setAccessibleName(summary.count ? countText(*m_feeds) : tr("Number not known"));
    const QString asOf = asOfText(*m_feeds);
    QString waiting = summary.count ? tr("waiting", "behind the number") : tr("not known yet");
    if (summary.count && summary.newCount < *summary.count)
        waiting = tr("waiting, %n new", "behind the number", summary.newCount);
    m_caption->setText(asOf.isEmpty() ? waiting : waiting + u'\n' + asOf);
    // Of several sources each has its own line with its own state.
    const bool isAlone = models.size() == 1;
    m_state->setText(statusText(summary.status));
    m_state->setVisible(isAlone);
    m_detail->setText(summary.detail);
    m_detail->setVisible(isAlone && !summary.detail.isEmpty());
    m_sources->refresh();

    const bool canMark = m_seen && m_seen->canMark();
    const bool canUndo = m_seen && !canMark && m_seen->canUndo();
    m_mark->setText(canUndo ? tr("&Undo") : tr("&Mark seen"));
    m_mark->setAccessibleName(canUndo ? tr("Undo: mark seen") : tr("Mark what waits as seen"));
    m_mark->setToolTip(canUndo ? tr("What was marked as seen is new again")
                               : tr("What waits now does not count as new any more"));
    m_mark->setVisible(canMark || canUndo);
    m_open->setEnabled(canOpen(*m_feeds));
    m_close->setEnabled(canClose(*m_feeds));
}
