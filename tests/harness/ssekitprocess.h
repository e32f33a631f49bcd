// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QProcess>
#include <QUrl>

namespace Harness {

/*!
    The program `ssekit` as a child, which must lie beside the test program. It is killed with this
    object if it still runs then.
*/
class SsekitProcess : public QObject
{
    Q_OBJECT

public:
    explicit SsekitProcess(QObject *parent = nullptr);
    ~SsekitProcess() override;

    /*! Starts `ssekit` with \a arguments. The lines come as the event loop runs. */
    void start(const QStringList &arguments);
    /*! start() with `serve` and a free port, and waits until it listens. */
    [[nodiscard]] bool serve(const QStringList &arguments);
    /*! Sends SIGTERM. */
    void terminate() { m_process.terminate(); }
    /*! Waits for the end; -1 if it crashed or does not end. */
    [[nodiscard]] int waitForExit();

    /*! "http://127.0.0.1:PORT" followed by \a pathAndQuery, once it listens. */
    [[nodiscard]] QUrl url(const QByteArray &pathAndQuery = "/") const;

    /*! Standard output so far, without the line that is still on its way. */
    [[nodiscard]] QByteArrayList lines() const { return m_lines; }
    /*! Those lines that are JSON objects with this "type". */
    [[nodiscard]] QList<QJsonObject> facts(const QString &type) const;
    /*! Standard error so far. */
    [[nodiscard]] QByteArray errors() const { return m_errors; }

    /*! For what a test wants to be odd about the child. */
    [[nodiscard]] QProcess *process() { return &m_process; }

Q_SIGNALS:
    void lineReceived(const QByteArray &line);

private:
    void readLines();

    QProcess m_process;
    QByteArrayList m_lines;
    QByteArray m_errors;
    QByteArray m_address;
};

} // namespace Harness
