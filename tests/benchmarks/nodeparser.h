// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryFile>

#include <optional>

/*!
    npm's eventsource-parser on one stream, in a node of its own, which stays warm between the
    measurements and sleeps meanwhile.
*/
class NodeParser
{
public:
    struct Reading
    {
        double seconds = 0;
        qsizetype events = 0;
    };

    /*! \a folder is where `./dev bench` has installed the package. Returns when node is warm. */
    NodeParser(const QString &folder, const QByteArray &stream, qsizetype slice);
    ~NodeParser();

    /*! False when node or the package is not there; whyNot() says which. */
    [[nodiscard]] bool isRunning() const { return m_whyNot.isEmpty(); }
    [[nodiscard]] QByteArray whyNot() const { return m_whyNot; }

    /*! One measurement of at least \a leastSeconds. Nothing when node has died. */
    [[nodiscard]] std::optional<Reading> read(double leastSeconds);

private:
    Q_DISABLE_COPY_MOVE(NodeParser)
    QByteArray readLine();

    QTemporaryFile m_stream;
    QProcess m_node;
    QByteArray m_whyNot;
};
