// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "doctorcommand.h"

#include "commandline.h"
#include "doctorfindings.h"
#include "findingprinter.h"
#include "instance.h"
#include "version.h"

#include "desktop/busservice.h"

#include <sselib/beaconkeeper.h>

#include <QCoreApplication>
#include <QJsonObject>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto keeperPatience = 3s; // to start
constexpr qsizetype titleWidth = 15;

QString tr(const char *text)
{
    return QCoreApplication::translate("DoctorCommand", text);
}

/*! Goes through all that there is to look at. */
class Doctor
{
public:
    explicit Doctor(const CommandLine &line)
        : m_line(line)
        , m_instance(line)
        , m_printer(titleWidth, 0)
    {}

    [[nodiscard]] ExitCode examine();

private:
    void report(const QString &word, const QString &title, const Finding &finding);
    [[nodiscard]] Finding examineInstance();
    [[nodiscard]] Finding examineFarewell() const;
    [[nodiscard]] Finding examinePower() const;
    [[nodiscard]] Finding examineSystemd() const;

    const CommandLine &m_line;
    Instance m_instance;
    const FindingPrinter m_printer;
    bool m_isRunning = false;
    QJsonObject m_facts; // what the running instance says of itself; empty without one
    CheckVerdict m_worst = CheckVerdict::Good;
};

ExitCode Doctor::examine()
{
    report(u"version"_s, tr("version"),
           Finding::good(
               tr("Tallybell %1 with Qt %2.")
                   .arg(QString::fromLatin1(tallybellVersion), QString::fromLatin1(qVersion()))));
    report(u"instance"_s, tr("instance"), examineInstance());
    report(u"farewell"_s, tr("farewell"), examineFarewell());
    report(u"display"_s, tr("display"), examineDisplay());
    report(u"tray"_s, tr("tray"), examineTray());
    report(u"notifications"_s, tr("notifications"), examineNotifications());
    report(u"keyring"_s, tr("keyring"), examineKeyring());
    report(u"power"_s, tr("sleep"), examinePower());
    report(u"systemd"_s, tr("systemd"), examineSystemd());
    if (m_line.demo) {
        report(u"sources"_s, tr("sources"), Finding::good(tr("The demo brings its own source.")));
    } else {
        const auto sources = examineSources(m_line.configDirectory);
        for (const SourceFinding &source : sources)
            source.name.isEmpty() ? report(u"sources"_s, tr("sources"), source.finding)
                                  : report(u"source"_s, tr("source"), source.finding);
    }

    const ExitCode code = m_worst == CheckVerdict::Bad ? ExitCode::Failure : ExitCode::Done;
    if (m_line.json)
        m_printer.print(QJsonObject{{u"type"_s, u"result"_s},
                                    {u"verdict"_s, checkVerdictWord(m_worst)},
                                    {u"exitCode"_s, int(code)}});
    else if (code != ExitCode::Done)
        m_printer.print(tr("Something is bad; see above."));
    else if (m_worst == CheckVerdict::Warning)
        m_printer.print(tr("It works; see the warnings."));
    else
        m_printer.print(tr("All is well."));
    return code;
}

void Doctor::report(const QString &word, const QString &title, const Finding &finding)
{
    if (finding.verdict == CheckVerdict::Bad
        || (finding.verdict == CheckVerdict::Warning && m_worst == CheckVerdict::Good))
        m_worst = finding.verdict;
    if (m_line.json)
        m_printer.print(QJsonObject{{u"type"_s, u"finding"_s},
                                    {u"subject"_s, word},
                                    {u"verdict"_s, checkVerdictWord(finding.verdict)},
                                    {u"finding"_s, finding.sentence},
                                    {u"remedy"_s, finding.remedy}});
    else
        m_printer.print(finding.verdict, title, {}, finding.sentence, finding.remedy);
}

Finding Doctor::examineInstance()
{
    m_isRunning = m_instance.isRunning();
    if (!m_isRunning)
        return Finding::good(tr("It does not run."));
    const qint64 process = m_instance.processId();
    const auto answer = m_instance.ask(u"doctor"_s);
    if (!answer)
        return Finding::bad(tr("It runs as process %1, and does not answer.").arg(process),
                            process > 0 ? tr("End it: kill -9 %1.").arg(process) : QString());
    m_facts = *answer;
    const QString version = m_facts[u"version"_s].toString();
    if (version != QString::fromLatin1(tallybellVersion))
        return Finding::warning(
            tr("It runs as process %1, and is version %2.").arg(QString::number(process), version),
            tr("Start it anew with --replace."));
    return Finding::good(tr("It runs as process %1.").arg(process));
}

Finding Doctor::examineFarewell() const
{
    const QString remedy = tr("Install Tallybell anew: the programs sselib-beacon and "
                              "sselib-beacon-send belong to it.");
    const auto missing = [&remedy](const QString &why) {
        return Finding::bad(
            tr("There is no farewell process: servers will not hear of a crash. %1").arg(why),
            remedy);
    };
    if (m_isRunning) {
        if (m_facts.isEmpty())
            return {CheckVerdict::Skipped, tr("The instance does not answer."), {}};
        const QJsonObject farewell = m_facts[u"farewell"_s].toObject();
        if (!farewell[u"isOnDuty"_s].toBool())
            return missing(farewell[u"error"_s].toString());
        return Finding::good(tr("On duty as process %1: servers hear of a crash, too.")
                                 .arg(farewell[u"process"_s].toInteger()));
    }
    auto *const keeper = Sse::BeaconKeeper::instance();
    keeper->start();
    waitUntil(keeper, &Sse::BeaconKeeper::dutyChanged, keeperPatience,
              [keeper] { return keeper->isOnDuty() || !keeper->errorString().isEmpty(); });
    if (!keeper->isOnDuty())
        return missing(keeper->errorString());
    return Finding::good(tr("Tallybell does not run; the farewell process can be started."));
}

Finding Doctor::examinePower() const
{
    const QJsonObject power = m_facts[u"power"_s].toObject();
    const bool isThere = m_facts.isEmpty()
        ? findOnSystemBus(u"org.freedesktop.login1"_s) == BusService::Running
        : power[u"isReachable"_s].toBool();
    if (!isThere)
        return Finding::warning(
            tr("logind cannot be reached: Tallybell does not hear of sleep and shutdown "
               "beforehand."),
            tr("Run systemd-logind or elogind."));
    if (m_facts.isEmpty())
        return Finding::good(tr("logind can be reached."));
    if (power[u"isHolding"_s].toBool())
        return Finding::good(
            tr("The system waits for the close requests before it sleeps or shuts down."));
    return m_facts[u"isBusy"_s].toBool()
        ? Finding::warning(
            tr("The system does not wait for the close requests before it sleeps or shuts "
               "down: logind refuses."),
            tr("See InhibitDelayMaxSec in logind.conf(5), and polkit's rules."))
        : Finding::good(tr("logind can be reached; no source runs, so the system need not wait."));
}

Finding Doctor::examineSystemd() const
{
    if (const QString scope = m_facts[u"farewell"_s].toObject()[u"scope"_s].toString();
        !scope.isEmpty())
        return Finding::good(tr("The farewell process has a scope of its own, %1.").arg(scope));
    if (findOnSessionBus(u"org.freedesktop.systemd1"_s) != BusService::Running)
        return Finding::good(tr("systemd does not manage this session."));
    if (m_facts.isEmpty())
        return Finding::good(tr("systemd manages this session."));
    return Finding::warning(
        tr("The farewell process has no scope of its own: it ends together with the app "
           "when systemd ends its unit."),
        tr("See journalctl --user for what systemd says about it."));
}

} // namespace

int runDoctor(const CommandLine &line)
{
    return int(Doctor(line).examine());
}
