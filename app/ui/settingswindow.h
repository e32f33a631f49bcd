// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/settings.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QTimeEdit;

/*! The user's choices to look at and to change. What is changed holds at once; there is no Apply. */
class SettingsWindow : public QWidget
{
    Q_OBJECT

public:
    /*! \a settings is not owned and must outlive the window. */
    explicit SettingsWindow(Settings *settings, QWidget *parent = nullptr);

    /*! Shows it before the other windows. */
    void present();

private:
    class Preview;

    [[nodiscard]] QWidget *createTrayGroup();
    [[nodiscard]] QWidget *createNoticeGroup();
    [[nodiscard]] QWidget *createQuietRow();
    void showChoices();
    void take();

    Settings *const m_settings;
    QComboBox *m_counting;
    QComboBox *m_cap;
    QComboBox *m_panel;
    QCheckBox *m_numberOnly;
    QCheckBox *m_hideWhenZero;
    QCheckBox *m_notifies;
    QCheckBox *m_sounds;
    QCheckBox *m_quiet;
    QTimeEdit *m_from;
    QTimeEdit *m_to;
    QButtonGroup *m_days;
    Preview *m_preview;
    QLabel *m_error;
    bool m_isShowing = false; // it fills the fields itself
};
