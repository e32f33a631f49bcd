// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "clientprograms.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QStandardPaths>

using namespace Qt::Literals;

namespace {

const QString nodeFolder = QStringLiteral(NODE_FOLDER);

QString shown(QString data)
{
    constexpr qsizetype longest = 80;
    data.replace(QChar(u'\0'), u'␀').replace(QChar(0xFEFF), u"BOM "_s).replace(u'\n', u'⏎');
    return data.size() > longest ? data.left(longest) + u'…' : data;
}

// A program that prints its facts as `ssekit listen --json` does, and ends when it gives up.
class JsonProgram : public ClientProgram
{
public:
    JsonProgram(const QString &program, const QStringList &arguments, const QString &caOption)
        : m_arguments(arguments)
        , m_caOption(caOption)
    {
        m_process.setProgram(program);
    }

    ~JsonProgram() override
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void start(const QUrl &url, const QString &authority) override
    {
        QStringList arguments = m_arguments;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        if (!authority.isEmpty()) {
            environment.insert(u"NODE_EXTRA_CA_CERTS"_s, authority);
            if (!m_caOption.isEmpty())
                arguments += {m_caOption, authority};
        }
        m_process.setProcessEnvironment(environment);
        m_process.setArguments(arguments << url.toString());
        m_process.start();
    }

    [[nodiscard]] QString outcome(bool hasAskedAgain) override
    {
        const bool hasGivenUp = m_process.state() == QProcess::NotRunning;
        QStringList events;
        const QByteArrayList lines = m_process.readAllStandardOutput().split('\n');
        for (const QByteArray &line : lines) {
            const QJsonObject fact = QJsonDocument::fromJson(line).object();
            if (fact.value(u"type") == u"message"_s)
                events.append(fact.value(u"data").toString());
        }
        return describe(events, hasGivenUp, hasAskedAgain);
    }

private:
    const QStringList m_arguments;
    const QString m_caOption;
    QProcess m_process;
};

// It knows no events: only how the transfer ended.
class Curl : public ClientProgram
{
public:
    ~Curl() override
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void start(const QUrl &url, const QString &authority) override
    {
        QStringList arguments{u"-sN"_s, u"--output"_s, QProcess::nullDevice()};
        if (!authority.isEmpty())
            arguments += {u"--cacert"_s, authority};
        m_process.start(u"curl"_s, arguments << url.toString());
    }

    [[nodiscard]] QString outcome(bool) override
    {
        return m_process.state() != QProcess::NotRunning
            ? u"waits"_s
            : u"exit "_s + QString::number(m_process.exitCode());
    }

private:
    QProcess m_process;
};

// An EventSource in the page that the browser shows.
class Page : public ClientProgram
{
public:
    explicit Page(Harness::Browser *browser)
        : m_browser(browser)
    {}

    void start(const QUrl &url, const QString &) override
    {
        m_url = url.toString();
        // What goes wrong here shows in the outcome.
        (void)m_browser->evaluate(uR"(
            const [url] = arguments;
            const source = new EventSource(url);
            const run = {source, events: []};
            for (const type of ['message', 'drip', 'a\0b'])
                source.addEventListener(type, (event) => run.events.push(event.data));
            (window.runs ??= {})[url] = run;)"_s,
                                  {m_url});
    }

    [[nodiscard]] QString outcome(bool hasAskedAgain) override
    {
        const QJsonObject run = m_browser
                                    ->evaluate(uR"(
            const run = window.runs[arguments[0]];
            const hasGivenUp = run.source.readyState === 2;
            run.source.close();
            return {hasGivenUp, count: run.events.length, events: run.events.slice(0, 5)};)"_s,
                                               {m_url})
                                    .toObject();
        if (run.isEmpty())
            return u"the browser does not answer"_s;
        QStringList events;
        const QJsonArray first = run.value(u"events").toArray();
        for (const QJsonValue &event : first)
            events.append(event.toString());
        while (events.size() < run.value(u"count").toInt())
            events.append(QString());
        return describe(events, run.value(u"hasGivenUp").toBool(), hasAskedAgain);
    }

private:
    Harness::Browser *const m_browser;
    QString m_url;
};

} // namespace

QString ClientProgram::describe(const QStringList &events, bool hasGivenUp, bool hasAskedAgain)
{
    constexpr qsizetype most = 4;
    constexpr qsizetype countable = 20'000; // fewer may depend on how fast the machine is
    QString text;
    if (events.size() >= countable) {
        text = u"%1 events"_s.arg(events.size());
    } else {
        QStringList first;
        for (const QString &data : events.first(std::min(most, events.size())))
            first.append(shown(data));
        if (events.size() > most)
            first.append(u"…"_s);
        text = first.isEmpty() ? u"–"_s : first.join(u", "_s);
    }
    return text + u"; "_s
        + (hasGivenUp          ? u"gives up"_s
               : hasAskedAgain ? u"asks again"_s
                               : u"waits"_s);
}

QList<ClientKind> clientKinds(Harness::Browser *browser)
{
    const QString ssekit = QCoreApplication::applicationDirPath() + u"/ssekit"_s;
    const bool hasNode = !QStandardPaths::findExecutable(u"node"_s).isEmpty()
        && QFile::exists(nodeFolder + u"/node_modules/undici"_s);
    const auto program = [](const QString &path, const QStringList &arguments,
                            const QString &caOption) {
        return [=] { return std::make_unique<JsonProgram>(path, arguments, caOption); };
    };
    const auto node = [&](const QString &package) {
        return program(u"node"_s, {u"--no-warnings"_s, nodeFolder + u"/client.mjs"_s, package}, {});
    };
    return {
        {u"curl -N"_s, true, [] { return std::make_unique<Curl>(); }},
        {u"npm eventsource 4.1.1"_s, hasNode, node(u"eventsource"_s)},
        {u"npm undici 6.29.1"_s, hasNode, node(u"undici"_s)},
        {u"Chromium"_s, browser != nullptr, [browser] { return std::make_unique<Page>(browser); }},
        {u"ssekit listen"_s, true, program(ssekit, {u"listen"_s, u"--json"_s}, u"--cacert"_s)},
        {u"ssekit listen --persistent"_s, true,
         program(ssekit, {u"listen"_s, u"--json"_s, u"--persistent"_s}, u"--cacert"_s)},
    };
}
