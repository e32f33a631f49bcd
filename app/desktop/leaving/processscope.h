// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

/*!
    Asks the user's systemd to put the farewell process into a scope of its own. The end of the unit
    in which this application runs would else be the end of that process too, with little time for
    what it has to do. Where no systemd runs nothing happens, and nothing is started.
*/
class ProcessScope : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /*! Asks for the process \a id. It does not wait; adopted() follows where it is granted. */
    void adopt(qint64 id);

    /*! The scope of the last process that was adopted; empty before. */
    [[nodiscard]] QString name() const { return m_name; }

Q_SIGNALS:
    void adopted(qint64 id);

private:
    QString m_name;
};
