// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "differencefinder.h"

#include <QEventLoop>

#include <algorithm>

using namespace Qt::Literals;

namespace Oracle {

namespace {

constexpr qsizetype batch = 50; // Chromium has 30 s for each: see Browser::evaluate()

QByteArrayList linesOf(const QByteArray &bytes)
{
    QByteArrayList lines;
    qsizetype start = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const bool isHalf = bytes.at(i) == '\r' && i + 1 < bytes.size() && bytes.at(i + 1) == '\n';
        if ((bytes.at(i) == '\n' || bytes.at(i) == '\r') && !isHalf) {
            lines.append(bytes.sliced(start, i + 1 - start));
            start = i + 1;
        }
    }
    lines.append(bytes.sliced(start));
    return lines;
}

} // namespace

DifferenceFinder::DifferenceFinder(const QByteArrayList &types)
    : m_chromium(&m_server, types)
{}

bool DifferenceFinder::begin(Harness::Browser *browser)
{
    return m_chromium.openPage(browser);
}

QList<Outcome> DifferenceFinder::run(const QList<Script> &scripts)
{
    QList<int> numbers;
    for (const Script &script : scripts)
        numbers.append(m_server.add(script));
    QEventLoop loop;
    QObject::connect(&m_ssekit, &SsekitClient::finished, &loop, &QEventLoop::quit);
    m_ssekit.listen(numbers); // goes on while Chromium is at it
    QList<QList<Fact>> chromiumFacts;
    bool isComplete = true;
    for (qsizetype from = 0; isComplete && from < numbers.size(); from += batch) {
        const QList<int> some = numbers.mid(from, batch);
        const QList<QList<Fact>> facts = m_chromium.listen(some);
        isComplete = facts.size() == some.size();
        chromiumFacts += facts;
    }
    if (m_ssekit.isListening())
        loop.exec();
    if (!isComplete)
        return {};
    QList<Outcome> outcomes;
    for (qsizetype i = 0; i < numbers.size(); ++i)
        outcomes.append(
            Outcome{{chromiumFacts.at(i), m_server.requests("chromium", numbers.at(i))},
                    {m_ssekit.facts().at(i), m_server.requests("ssekit", numbers.at(i))}});
    return outcomes;
}

Script DifferenceFinder::smallest(const Script &script)
{
    const QByteArray whole = script.answers.constFirst().slices.join();
    Script uncut = script;
    uncut.answers.first().slices = {whole};
    const QList<Outcome> outcomes = run({uncut});
    if (outcomes.isEmpty() || outcomes.constFirst().isSame())
        return script; // the cuts matter
    const QByteArrayList lines =
        withoutNeedless(linesOf(whole), [](const QByteArray &) { return true; });
    QByteArrayList bytes;
    for (const QByteArray &line : lines) {
        if (line.contains("event"))
            bytes.append(line);
        else
            bytes += byteByByte(line);
    }
    bytes = withoutNeedless(bytes, [](const QByteArray &part) { return part.size() == 1; });
    return single({bytes.join()});
}

// Takes away halves, quarters and so on, as long as the difference stays.
QByteArrayList DifferenceFinder::withoutNeedless(const QByteArrayList &parts,
                                                 bool (*mayGo)(const QByteArray &part))
{
    QByteArrayList left = parts;
    qsizetype size = std::max<qsizetype>(1, left.size() / 2);
    while (size > 0) {
        QList<QByteArrayList> candidates;
        QList<Script> scripts;
        for (qsizetype from = 0; from < left.size(); from += size) {
            const QByteArrayList gone = left.mid(from, size);
            if (!std::all_of(gone.cbegin(), gone.cend(), mayGo))
                continue;
            candidates.append(left.first(from) + left.mid(from + size));
            scripts.append(single({candidates.constLast().join()}));
        }
        const QList<Outcome> outcomes = scripts.isEmpty() ? QList<Outcome>() : run(scripts);
        const auto found = std::find_if(outcomes.cbegin(), outcomes.cend(),
                                        [](const Outcome &outcome) { return !outcome.isSame(); });
        if (found == outcomes.cend())
            size /= 2;
        else
            left = candidates.at(found - outcomes.cbegin());
    }
    return left;
}

} // namespace Oracle
