// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "nodeparser.h"

#include <QDir>
#include <QStandardPaths>

#include <chrono>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds patience = 60s; // for one answer, on a busy machine

} // namespace

NodeParser::NodeParser(const QString &folder, const QByteArray &stream, qsizetype slice)
{
    if (QStandardPaths::findExecutable(u"node"_s).isEmpty()) {
        m_whyNot = "node is not there";
        return;
    }
    if (!QDir(folder).exists(u"node_modules/eventsource-parser"_s)) {
        m_whyNot = "eventsource-parser is not installed; ./dev bench does it";
        return;
    }
    if (!m_stream.open() || m_stream.write(stream) != stream.size() || !m_stream.flush()) {
        m_whyNot = "no room for a temporary file";
        return;
    }
    m_node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_node.start(u"node"_s,
                 {folder + "/strings.mjs"_L1, m_stream.fileName(), QString::number(slice)});
    if (readLine() != "ready")
        m_whyNot = "node did not become ready";
}

NodeParser::~NodeParser()
{
    m_node.closeWriteChannel();
    if (m_node.state() != QProcess::NotRunning && !m_node.waitForFinished(5000))
        m_node.kill();
}

std::optional<NodeParser::Reading> NodeParser::read(double leastSeconds)
{
    m_node.write(QByteArray::number(leastSeconds) + '\n');
    const QList<QByteArray> answer = readLine().split(' ');
    if (answer.size() < 2)
        return {};
    return Reading{answer.at(0).toDouble(), answer.at(1).toLongLong()};
}

QByteArray NodeParser::readLine()
{
    while (!m_node.canReadLine()) {
        if (!m_node.waitForReadyRead(int(patience.count())))
            return {};
    }
    return m_node.readLine().trimmed();
}
