// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QTime>

#include <optional>

/*! What the user may choose, as a value. The defaults are those of a new user. */
struct Choices
{
    /*! What the number in the tray counts. */
    enum class Counting {
        All, //!< All that waits.
        New, //!< What came since the user looked.
        Nothing, //!< No number.
    };

    /*! Where the number in the tray ends. */
    enum class Cap {
        Nine, //!< 9+
        NinetyNine, //!< 99+
        NineHundredNinetyNine, //!< 999+
        Thousands, //!< 1k, 12k, 99k+
    };

    /*! What the picture is drawn for. */
    enum class Panel {
        Colour, //!< Any panel, in colours.
        MonoFollow, //!< One ink, as the desktop's colour scheme wants it.
        MonoLight, //!< Dark ink for a light panel.
        MonoDark, //!< Light ink for a dark panel.
    };

    struct QuietHours
    {
        bool isOn = false;
        QTime from{22, 0}; //!< May be later than to: over midnight.
        QTime to{7, 0};
        QList<int> days{1, 2, 3, 4, 5, 6, 7}; //!< Qt::DayOfWeek on which they begin.

        friend bool operator==(const QuietHours &lhs, const QuietHours &rhs) = default;
    };

    Counting counting = Counting::All;
    Cap cap = Cap::NinetyNine;
    Panel panel = Panel::Colour;
    bool numberOnly = false; //!< No bell while there is a number.
    bool hideWhenZero = false; //!< No icon while nothing waits and nothing is wrong.
    bool notifies = true;
    bool sounds = false; //!< Notifications may make a sound.
    QuietHours quietHours;

    friend bool operator==(const Choices &lhs, const Choices &rhs) = default;
};

/*!
    The user's choices, and their file: settings.json in the configuration folder. A file that cannot
    be read leaves the defaults and is never written over; error() then says why.
*/
class Settings : public QObject
{
    Q_OBJECT

public:
    /*! Reads \a path. Empty: keeps nothing, for a demo. */
    explicit Settings(const QString &path = {}, QObject *parent = nullptr);

    [[nodiscard]] const Choices &choices() const { return m_choices; }
    /*! A sentence on the file; empty while all is well. */
    [[nodiscard]] QString error() const { return m_error; }

    /*! Takes \a choices and writes them. False where the file could not be written; they hold all the same. */
    bool set(const Choices &choices);

Q_SIGNALS:
    /*! choices() are others. */
    void changed();

private:
    bool write();

    const QString m_path;
    Choices m_choices;
    QString m_error;
    bool m_isReadable = true; // or the user will want to mend it
};
