// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "ssekitclient.h"

#include "harness/ssekitprocess.h"

#include <QJsonDocument>

using namespace Qt::Literals;
using Harness::SsekitProcess;

namespace Oracle {

namespace {

constexpr int atOnce = 4; // two for each core: half of its time a process waits for the stream

} // namespace

SsekitClient::SsekitClient(const ScriptServer *server, QObject *parent)
    : QObject(parent)
    , m_server(server)
{}

void SsekitClient::listen(const QList<int> &numbers)
{
    m_numbers = numbers;
    m_facts = QList<QList<Fact>>(numbers.size());
    for (qsizetype index = 0; index < numbers.size(); ++index)
        m_waiting.enqueue(index);
    while (m_running < atOnce && !m_waiting.isEmpty())
        startNext();
}

void SsekitClient::startNext()
{
    const qsizetype index = m_waiting.dequeue();
    const int number = m_numbers.at(index);
    // A process that does not end tells fewer facts than the browser: that is seen.
    QStringList arguments{u"listen"_s, m_server->url("ssekit", number).toString(), u"--json"_s,
                          u"--timeout"_s, u"15"_s};
    if (!m_server->script(number).reconnects)
        arguments.append(u"--no-reconnect"_s);
    auto *const process = new SsekitProcess(this);
    ++m_running;
    connect(process->process(), &QProcess::finished, this,
            [this, process, index] { collect(process, index); });
    process->start(arguments);
}

void SsekitClient::collect(SsekitProcess *process, qsizetype index)
{
    QList<Fact> &facts = m_facts[index];
    const QByteArrayList lines = process->lines();
    for (QByteArray line : lines) {
        // Qt 6.4 takes a U+FEFF at the start of a JSON string for a byte order mark, and drops it.
        line.replace("\xEF\xBB\xBF", "\\uFEFF");
        facts.append(Fact::fromJson(QJsonDocument::fromJson(line).object()));
    }
    if (!facts.isEmpty() && facts.constLast().type == "closed"_L1)
        facts.removeLast(); // the end of the program, which a page has not
    if (process->process()->exitStatus() != QProcess::NormalExit)
        facts.append(Fact{u"crash"_s, {}, {}, {}, {}, {}});
    if (!process->errors().isEmpty())
        facts.append(Fact{u"complaint"_s, {}, {}, {}, {}, QString::fromUtf8(process->errors())});
    process->deleteLater();
    --m_running;
    if (!m_waiting.isEmpty())
        startNext();
    if (!isListening())
        Q_EMIT finished();
}

} // namespace Oracle
