// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptscenario.h"

#include "script/scriptparser.h"
#include "script/scriptrun.h"
#include "serve/factlog.h"

#include <QCommandLineParser>
#include <QDir>
#include <QFile>

using namespace Qt::Literals;

using Harness::Exchange;

namespace {

const QString builtInFolder = u":/scripts/"_s;
const QString suffix = u".sse"_s;

// The first line of a script says what it is.
QString summaryOf(const QByteArray &source)
{
    return QString::fromUtf8(source.left(source.indexOf('\n')).mid(1).trimmed());
}

std::unique_ptr<Scenario> makeScenario(const QString &name, const QByteArray &source,
                                       const QCommandLineParser &options, FactLog *log,
                                       QString *error)
{
    bool isNumber = false;
    const double speed = options.value(u"speed"_s).toDouble(&isNumber);
    if (!isNumber || !(speed >= 0 && speed <= 1'000'000)) {
        *error = u"--speed takes a number from 0."_s;
        return {};
    }
    const std::optional<Script> script = parseScript(name, source, error);
    if (!script)
        return {};
    return std::make_unique<ScriptScenario>(*script, speed, log);
}

} // namespace

ScriptScenario::ScriptScenario(const Script &script, double speed, FactLog *log)
    : Scenario(log)
    , m_script(script)
    , m_speed(speed)
{}

void ScriptScenario::serve(Exchange *exchange)
{
    const QList<ScriptRun *> runs = m_runs;
    for (ScriptRun *run : runs)
        run->noteRequest(exchange->path());
    if (m_script.limit > 0 && m_runs.size() >= m_script.limit) {
        m_waiting.enqueue(exchange);
        connect(exchange, &Exchange::peerClosed, this, [this, exchange] {
            if (m_waiting.removeOne(exchange))
                exchange->deleteLater();
        });
    } else {
        answer(exchange);
    }
}

void ScriptScenario::answer(Exchange *exchange)
{
    const QByteArray path = exchange->path();
    auto found = m_script.answers.constFind(path);
    if (found == m_script.answers.cend())
        found = m_script.answers.constFind({});
    if (found == m_script.answers.cend()) {
        answerNotFound(exchange);
        exchange->deleteLater();
        return;
    }
    const QList<ScriptBlock> &blocks = *found;
    const qint64 request = ++m_requests[found.key()];
    start(exchange, blocks.at(std::min(request, qint64(blocks.size())) - 1), request);
}

void ScriptScenario::start(Exchange *exchange, const ScriptBlock &block, qint64 request)
{
    ScriptSurroundings surroundings;
    surroundings.host = place().url.host().toUtf8();
    surroundings.port = QByteArray::number(place().url.port());
    surroundings.plainPort = QByteArray::number(place().plainPort);
    surroundings.request = request;
    surroundings.speed = m_speed;
    auto *const run = new ScriptRun(block, surroundings, exchange);
    m_runs.append(run);
    connect(run, &ScriptRun::failed, this,
            [this](const ScriptPlace &where, const QString &sentence) {
                Q_EMIT failed(u"%1:%2:%3: %4"_s.arg(m_script.fileName)
                                  .arg(where.line)
                                  .arg(where.column)
                                  .arg(sentence));
            });
    connect(run, &ScriptRun::refuseWanted, this, &Scenario::refuseWanted);
    connect(run, &ScriptRun::quitWanted, this, &Scenario::quitWanted);
    connect(exchange, &Exchange::finished, this, [this, exchange] {
        log()->write("closed",
                     {{u"path"_s, QString::fromUtf8(exchange->path())},
                      {u"peer"_s, QString::fromUtf8(exchange->peer())},
                      {u"status"_s, exchange->status()},
                      {u"by"_s, exchange->wasClosedByPeer() ? u"peer"_s : u"server"_s}});
    });
    connect(run, &ScriptRun::finished, this, [this, run, exchange] {
        m_runs.removeOne(run);
        exchange->deleteLater();
        answerNext();
    });
    run->run();
}

void ScriptScenario::answerNext()
{
    if (!m_waiting.isEmpty())
        answer(m_waiting.dequeue());
}

QList<ScenarioEntry> builtInScripts()
{
    QList<ScenarioEntry> entries;
    const QStringList files =
        QDir(builtInFolder).entryList({u'*' + suffix}, QDir::Files, QDir::Name);
    for (const QString &file : files) {
        const QString name = file.chopped(suffix.size());
        const QByteArray source = builtInScript(name);
        entries.append(
            {name,
             summaryOf(source),
             {},
             [name, source](const QCommandLineParser &options, FactLog *log, QString *error) {
                 return makeScenario(name, source, options, log, error);
             },
             true});
    }
    return entries;
}

QByteArray builtInScript(const QString &name)
{
    QFile file(builtInFolder + name + suffix);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isScriptFile(const QString &word)
{
    return word.contains(u'.') || word.contains(u'/');
}

ScenarioEntry scriptFromFile(const QString &path)
{
    return {path,
            {},
            {},
            [path](const QCommandLineParser &options, FactLog *log,
                   QString *error) -> std::unique_ptr<Scenario> {
                QFile file(path);
                if (!file.open(QIODevice::ReadOnly)) {
                    *error = u"Cannot read %1: %2"_s.arg(path, file.errorString());
                    return {};
                }
                return makeScenario(path, file.readAll(), options, log, error);
            },
            true};
}
