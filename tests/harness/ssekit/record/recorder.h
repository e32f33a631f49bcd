// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rawstream.h"
#include "requestoptions.h"

#include <QFile>
#include <QNetworkAccessManager>
#include <QTimer>

/*! What to record, where to, and how much of it. */
struct RecordTerms
{
    WantedRequest wanted;
    QString fileName;
    std::chrono::milliseconds duration{0}; //!< From the request on; 0: until it ends.
    qint64 maximumBytes = 0; //!< Of the body.
    bool overwrites = false;
};

/*!
    Writes the answer to one request into a script, statement by statement as it comes: whatever ends
    this program, the file holds what came before. Ends the event loop.
*/
class Recorder : public QObject
{
    Q_OBJECT

public:
    explicit Recorder(const RecordTerms &terms, QObject *parent = nullptr);

    /*! Once. */
    void start();

    /*! Stops here, as time or the user says. Once more does nothing. */
    void stop();

    /*! 0; 1 when the file cannot be written; 6 when no answer came. */
    [[nodiscard]] int exitCode() const { return m_exitCode; }

private:
    void writeHead();
    void writePiece(const QByteArray &piece);
    void writeEnd(RawStream::End end);
    [[nodiscard]] QByteArray pause();
    bool write(const QByteArray &statements);
    void finish(int exitCode);

    const RecordTerms m_terms;
    QNetworkAccessManager m_manager;
    RawStream m_stream{&m_manager};
    QFile m_file;
    QTimer m_duration;
    std::chrono::milliseconds m_written{0}; // the time that the pauses add up to
    qint64 m_goodSize = 0; // of the file, up to the last whole statement
    qint64 m_bytes = 0;
    qint64 m_pieces = 0;
    int m_exitCode = 0;
    bool m_finished = false;
};
