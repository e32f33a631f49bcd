// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/serveoptions.h"

#include "requestoptions.h"
#include "script/scriptscenario.h"

#include <algorithm>

using namespace Qt::Literals;

namespace {

// "--log" alone is "--log -"; QCommandLineParser knows no optional values.
QStringList withLogTarget(QStringList arguments)
{
    const qsizetype at = arguments.indexOf("--log"_L1);
    const QString next = arguments.value(at + 1);
    if (at >= 0 && next != "-"_L1 && (next.isEmpty() || next.startsWith(u'-')))
        arguments[at] = u"--log=-"_s;
    return arguments;
}

} // namespace

ServeOptions::ServeOptions()
    : m_scenarios(allScenarios())
    , m_help({u"h"_s, u"help"_s}, u"Show this help."_s)
    , m_list(u"list"_s, u"List the scenarios, one line each."_s)
    , m_show(u"show"_s, u"Print the script of a scenario, to begin one of your own with."_s,
             u"SCENARIO"_s)
    , m_port(u"port"_s, u"The port; 0 picks a free one. Default: 8844."_s, u"N"_s, u"8844"_s)
    , m_address(
          u"address"_s,
          u"The address to listen at. Default: 127.0.0.1, which only this computer reaches."_s,
          u"A"_s, u"127.0.0.1"_s)
    , m_tls(u"tls"_s,
            u"Serve https, with a certificate made on the spot; prints where its authority is."_s)
    , m_speed(u"speed"_s, u"Of a script: divide its pauses by X; 0 leaves them out. Default: 1."_s,
              u"X"_s, u"1"_s)
    , m_timeout(u"timeout"_s,
                u"End with 1 after so many seconds, unless the script ended before."_s,
                u"SECONDS"_s)
    , m_log(
          u"log"_s,
          u"Append JSON lines of what happens to FILE; without FILE or with \"-\", to standard output."_s,
          u"FILE"_s)
{
    m_parser.setApplicationDescription(
        u"Serves SCENARIO, or a script in a FILE, over HTTP until SIGTERM or SIGINT.\n"
        "The first line on standard output is \"listening on http://ADDRESS:PORT\"."_s);
    m_parser.addOptions(
        {m_help, m_list, m_show, m_port, m_address, m_tls, m_speed, m_timeout, m_log});
    for (const ScenarioEntry &scenario : m_scenarios)
        m_parser.addOptions(scenario.options);
    m_parser.addPositionalArgument(
        u"SCENARIO"_s, u"What to serve; see --list. A word with a dot or a slash is a FILE."_s,
        u"serve SCENARIO|FILE"_s);
}

bool ServeOptions::read(const QStringList &arguments, QString *error)
{
    const bool isValid = m_parser.parse(withLogTarget(arguments));
    if (!isValid)
        *error = m_parser.errorText();
    return isValid;
}

QByteArray ServeOptions::helpText() const
{
    return m_parser.helpText().trimmed().toUtf8();
}

QByteArray ServeOptions::list() const
{
    qsizetype width = 0;
    for (const ScenarioEntry &entry : m_scenarios)
        width = std::max(width, entry.name.size() + 2);
    QByteArray text;
    for (const ScenarioEntry &entry : m_scenarios)
        text += (entry.name.leftJustified(width) + entry.summary).toUtf8() + '\n';
    return text.chopped(1);
}

QString ServeOptions::foreignOption(const ScenarioEntry &chosen) const
{
    for (const ScenarioEntry &scenario : m_scenarios) {
        for (const QCommandLineOption &option : scenario.options) {
            if (scenario.name != chosen.name && m_parser.isSet(option))
                return u"--%1 is for the scenario \"%2\"."_s.arg(option.names().constFirst(),
                                                                 scenario.name);
        }
    }
    return m_parser.isSet(m_speed) && !chosen.isScript ? u"--speed is for scripts."_s : QString();
}

ServeWish ServeOptions::wish(QString *error) const
{
    ServeWish wish;
    const QStringList names = m_parser.positionalArguments();
    if (names.size() != 1) {
        *error = u"Name one scenario or script; \"ssekit serve --list\" lists what is built in."_s;
        return wish;
    }
    const QString &name = names.first();
    const auto found =
        std::find_if(m_scenarios.cbegin(), m_scenarios.cend(),
                     [&name](const ScenarioEntry &scenario) { return scenario.name == name; });
    if (found != m_scenarios.cend()) {
        wish.scenario = *found;
    } else if (isScriptFile(name)) {
        wish.scenario = scriptFromFile(name);
    } else {
        *error = u"\"%1\" is no scenario; \"ssekit serve --list\" lists them."_s.arg(name);
        return wish;
    }
    wish.logTarget = m_parser.value(m_log);
    wish.isEncrypted = m_parser.isSet(m_tls);
    *error = foreignOption(wish.scenario);
    bool isNumber = false;
    wish.port = m_parser.value(m_port).toUShort(&isNumber);
    if (!isNumber)
        *error = u"--port takes a number from 0 to 65535."_s;
    if (!wish.address.setAddress(m_parser.value(m_address)))
        *error = u"--address takes an IP address, such as 127.0.0.1 or ::1."_s;
    wish.timeout = secondsOf(m_parser, m_timeout, {}, *error).value_or(wish.timeout);
    return wish;
}
