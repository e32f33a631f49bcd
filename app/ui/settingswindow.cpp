// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "settingswindow.h"

#include "applicationicon.h"
#include "badge/badgeicon.h"
#include "core/tray/badgefor.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QTimeEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals;

// How the icon will look on a light and on a dark panel: with a few, with many, and not connected.
class SettingsWindow::Preview : public QWidget
{
public:
    explicit Preview(QWidget *parent = nullptr)
        : QWidget(parent)
    {
        setFixedSize(2 * columns * cell, cell);
    }

    void setChoices(const Choices &choices)
    {
        m_choices = choices;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        for (const bool isDark : {false, true}) {
            const int left = isDark ? columns * cell : 0;
            painter.fillRect(left, 0, columns * cell, cell, isDark ? 0x2e3436 : 0xe8e8e7);
            int x = left + (cell - side) / 2;
            for (const FeedList::Summary &summary : summaries()) {
                const Badge badge = badgeFor(summary, m_choices, false, isDark);
                badgeIcon(badge).paint(&painter, x, (cell - side) / 2, side, side);
                x += cell;
            }
        }
    }

private:
    static constexpr int side = 22;
    static constexpr int cell = 34;
    static constexpr int columns = 4;

    static QList<FeedList::Summary> summaries()
    {
        using Status = CountModel::Status;
        const auto fresh = CountModel::Freshness::Fresh;
        const auto stale = CountModel::Freshness::Stale;
        return {{0, fresh, Status::Live, {}, {}, 0},
                {12, fresh, Status::Live, {}, {}, 4},
                {1500, fresh, Status::Live, {}, {}, 1200},
                {12, stale, Status::Reconnecting, {}, {}, 4}};
    }

    Choices m_choices;
};

SettingsWindow::SettingsWindow(Settings *settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
{
    setWindowTitle(tr("Tallybell settings"));
    setWindowIcon(applicationIcon());

    auto *const close = new QPushButton(tr("&Close"));
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this, &QWidget::close);
    m_error = new QLabel;
    m_error->setObjectName(u"error"_s);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *const buttons = new QHBoxLayout;
    buttons->addWidget(m_error, 1);
    buttons->addWidget(close, 0, Qt::AlignBottom);

    auto *const layout = new QVBoxLayout(this);
    layout->addWidget(createTrayGroup());
    layout->addWidget(createNoticeGroup());
    layout->addStretch();
    layout->addLayout(buttons);

    showChoices();
    connect(settings, &Settings::changed, this, &SettingsWindow::showChoices);
}

QWidget *SettingsWindow::createTrayGroup()
{
    // In the order of the enumerations.
    m_counting = new QComboBox;
    m_counting->setObjectName(u"counting"_s);
    m_counting->addItems({tr("All that waits"), tr("What is new since I looked"), tr("Nothing")});
    m_cap = new QComboBox;
    m_cap->setObjectName(u"cap"_s);
    m_cap->addItems({tr("9, then 9+"), tr("99, then 99+"), tr("999, then 999+"),
                     tr("999, then thousands: 1k, 12k")});
    m_panel = new QComboBox;
    m_panel->setObjectName(u"panel"_s);
    m_panel->addItems({tr("In colours"), tr("In one ink that follows the colour scheme"),
                       tr("In dark ink, for a light panel"), tr("In light ink, for a dark panel")});
    m_numberOnly = new QCheckBox(tr("The number alone, larger"));
    m_hideWhenZero = new QCheckBox(tr("No icon while nothing waits"));
    m_preview = new Preview;
    m_preview->setAccessibleName(tr("How the icon will look"));

    auto *const group = new QGroupBox(tr("Tray"));
    auto *const form = new QFormLayout(group);
    form->addRow(tr("The number &counts"), m_counting);
    form->addRow(tr("It goes &up to"), m_cap);
    form->addRow(tr("&Picture"), m_panel);
    form->addRow(QString(), m_numberOnly);
    form->addRow(QString(), m_hideWhenZero);
    form->addRow(tr("It looks like this"), m_preview);
    for (QComboBox *box : {m_counting, m_cap, m_panel})
        connect(box, &QComboBox::currentIndexChanged, this, &SettingsWindow::take);
    for (QCheckBox *box : {m_numberOnly, m_hideWhenZero})
        connect(box, &QCheckBox::toggled, this, &SettingsWindow::take);
    return group;
}

QWidget *SettingsWindow::createNoticeGroup()
{
    m_notifies = new QCheckBox(tr("&Notify me of what comes"));
    m_sounds = new QCheckBox(tr("With a &sound"));
    m_quiet = new QCheckBox(tr("&Quiet hours, without notifications"));

    auto *const group = new QGroupBox(tr("Notifications"));
    auto *const layout = new QVBoxLayout(group);
    layout->addWidget(m_notifies);
    layout->addWidget(m_sounds);
    layout->addWidget(m_quiet);
    layout->addWidget(createQuietRow());
    for (QCheckBox *box : {m_notifies, m_sounds, m_quiet})
        connect(box, &QCheckBox::toggled, this, &SettingsWindow::take);
    return group;
}

QWidget *SettingsWindow::createQuietRow()
{
    auto *const row = new QWidget;
    auto *const layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_from = new QTimeEdit;
    m_from->setAccessibleName(tr("Quiet from"));
    m_to = new QTimeEdit;
    m_to->setAccessibleName(tr("Quiet until"));
    layout->addSpacing(24);
    layout->addWidget(new QLabel(tr("from")));
    layout->addWidget(m_from);
    layout->addWidget(new QLabel(tr("until")));
    layout->addWidget(m_to);
    layout->addSpacing(12);
    m_days = new QButtonGroup(this);
    m_days->setExclusive(false);
    const QLocale locale;
    for (int i = 0; i < 7; ++i) {
        const int day = (int(locale.firstDayOfWeek()) - 1 + i) % 7 + 1;
        auto *const button = new QToolButton;
        button->setText(locale.standaloneDayName(day, QLocale::ShortFormat));
        button->setToolTip(locale.standaloneDayName(day));
        button->setAccessibleName(locale.standaloneDayName(day));
        button->setCheckable(true);
        m_days->addButton(button, day);
        layout->addWidget(button);
    }
    layout->addStretch();
    const QString format = locale.timeFormat(QLocale::ShortFormat).remove(u":ss"_s);
    for (QTimeEdit *edit : {m_from, m_to}) {
        edit->setDisplayFormat(format);
        connect(edit, &QTimeEdit::timeChanged, this, &SettingsWindow::take);
    }
    connect(m_days, &QButtonGroup::idToggled, this, &SettingsWindow::take);
    return row;
}

void SettingsWindow::present()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void SettingsWindow::showChoices()
{
    const Choices choices = m_settings->choices();
    m_isShowing = true;
    m_counting->setCurrentIndex(int(choices.counting));
    m_cap->setCurrentIndex(int(choices.cap));
    m_panel->setCurrentIndex(int(choices.panel));
    m_numberOnly->setChecked(choices.numberOnly);
    m_hideWhenZero->setChecked(choices.hideWhenZero);
    m_notifies->setChecked(choices.notifies);
    m_sounds->setChecked(choices.sounds);
    m_quiet->setChecked(choices.quietHours.isOn);
    m_from->setTime(choices.quietHours.from);
    m_to->setTime(choices.quietHours.to);
    const auto days = m_days->buttons();
    for (QAbstractButton *day : days)
        day->setChecked(choices.quietHours.days.contains(m_days->id(day)));
    m_isShowing = false;

    const bool counts = choices.counting != Choices::Counting::Nothing;
    m_cap->setEnabled(counts);
    m_numberOnly->setEnabled(counts);
    m_sounds->setEnabled(choices.notifies);
    m_quiet->setEnabled(choices.notifies);
    m_from->parentWidget()->setEnabled(choices.notifies && choices.quietHours.isOn);
    m_preview->setChoices(choices);
    m_error->setText(m_settings->error());
}

void SettingsWindow::take()
{
    if (m_isShowing)
        return;
    Choices choices = m_settings->choices();
    choices.counting = Choices::Counting(m_counting->currentIndex());
    choices.cap = Choices::Cap(m_cap->currentIndex());
    choices.panel = Choices::Panel(m_panel->currentIndex());
    choices.numberOnly = m_numberOnly->isChecked();
    choices.hideWhenZero = m_hideWhenZero->isChecked();
    choices.notifies = m_notifies->isChecked();
    choices.sounds = m_sounds->isChecked();
    choices.quietHours.isOn = m_quiet->isChecked();
    choices.quietHours.from = m_from->time();
    choices.quietHours.to = m_to->time();
    choices.quietHours.days.clear();
    for (int day = 1; day <= 7; ++day) {
        if (m_days->button(day)->isChecked())
            choices.quietHours.days.append(day);
    }
    m_settings->set(choices);
}
