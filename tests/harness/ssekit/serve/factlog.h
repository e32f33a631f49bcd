// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QFile>
#include <QJsonObject>
#include <QObject>

/*!
    What happened at the server, as JSON lines: one object for each fact, with "type" and "time"
    first. Whoever writes a fact leaves out tokens, passwords and queries. The README lists the
    types.
*/
class FactLog : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /*! Writes to standard output. Without it and openFile(), facts only go to the signal. */
    void useStandardOutput() { m_printsLines = true; }
    /*! Appends to a file. On false, errorString() says why. */
    [[nodiscard]] bool openFile(const QString &path);
    [[nodiscard]] QString errorString() const { return m_file.errorString(); }

    void write(const char *type, const QJsonObject &facts);

Q_SIGNALS:
    void written(const QByteArray &line);

private:
    QFile m_file;
    bool m_printsLines = false;
};
