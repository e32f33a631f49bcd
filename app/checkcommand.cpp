// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "checkcommand.h"

#include "askedsecrets.h"
#include "commandline.h"
#include "findingprinter.h"
#include "version.h"

#include "core/check/sourcecheck.h"
#include "core/secrets/secretstore.h"
#include "core/source/sourcereader.h"
#include "desktop/keyring.h"
#include "desktop/unixsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonObject>

#include <cstdio>
#include <memory>

using namespace Qt::Literals;

namespace {

constexpr qsizetype stageWidth = 15;
constexpr qsizetype timeWidth = 8; // "10003 ms"

QString tr(const char *text)
{
    return QCoreApplication::translate("CheckCommand", text);
}

ExitCode exitCodeOf(CheckEnd end)
{
    switch (end) {
    case CheckEnd::Good:
        return ExitCode::Done;
    case CheckEnd::Failed:
        return ExitCode::Failure;
    case CheckEnd::BadConfiguration:
        return ExitCode::BadConfiguration;
    case CheckEnd::LoginNeeded:
        return ExitCode::LoginNeeded;
    case CheckEnd::CannotConnect:
        return ExitCode::CannotConnect;
    }
    Q_UNREACHABLE();
}

/*! Prints results for people, or for programs, and remembers the worst. */
class Report
{
public:
    Report(const Source &source, bool json)
        : m_source(source)
        , m_json(json)
        , m_printer(stageWidth, timeWidth)
    {
        if (!m_json)
            m_printer.print(tr("Checking the source “%1” (%2).").arg(source.title, source.name));
    }

    void add(const CheckResult &result)
    {
        if (result.verdict == CheckVerdict::Bad && m_badStage.isEmpty())
            m_badStage = m_json ? checkStageWord(result.stage) : checkStageTitle(result.stage);
        m_hasWarning = m_hasWarning || result.verdict == CheckVerdict::Warning;
        if (m_json)
            m_printer.print(QJsonObject{{u"type"_s, u"stage"_s},
                                        {u"stage"_s, checkStageWord(result.stage)},
                                        {u"verdict"_s, checkVerdictWord(result.verdict)},
                                        {u"ms"_s, qint64(result.duration.count())},
                                        {u"finding"_s, result.finding},
                                        {u"remedy"_s, result.remedy}});
        else
            m_printer.print(result.verdict, checkStageTitle(result.stage),
                            result.verdict == CheckVerdict::Skipped
                                ? QString()
                                : tr("%1 ms").arg(result.duration.count()),
                            result.finding, result.remedy);
    }

    void end(ExitCode code) const
    {
        const bool isGood = code == ExitCode::Done;
        if (m_json) {
            m_printer.print(QJsonObject{{u"type"_s, u"result"_s},
                                        {u"source"_s, m_source.name},
                                        {u"verdict"_s,
                                         checkVerdictWord(!isGood            ? CheckVerdict::Bad
                                                              : m_hasWarning ? CheckVerdict::Warning
                                                                             : CheckVerdict::Good)},
                                        {u"stage"_s, m_badStage}, // the first bad one
                                        {u"exitCode"_s, int(code)}});
        } else if (!isGood && m_badStage.isEmpty()) {
            m_printer.print(tr("Interrupted."));
        } else if (!isGood) {
            m_printer.print(tr("It fails at: %1 (exit status %2).")
                                .arg(m_badStage, QString::number(int(code))));
        } else if (m_hasWarning) {
            m_printer.print(tr("It works; see the warnings."));
        } else {
            m_printer.print(tr("All is well."));
        }
    }

private:
    const Source &m_source;
    const bool m_json;
    const FindingPrinter m_printer;
    bool m_hasWarning = false;
    QString m_badStage;
};

SourceResult readNamedSource(const CommandLine &line)
{
    if (line.source.contains(u'/') || line.source.endsWith(".json"_L1))
        return readSourceFile(line.source);
    const QDir folder(QDir(line.configDirectory).filePath(u"sources"_s));
    const QString file = line.source + ".json"_L1;
    if (folder.exists(file))
        return readSourceFile(folder.filePath(file));
    QStringList names = folder.entryList({u"*.json"_s}, QDir::Files | QDir::Hidden, QDir::Name);
    names.replaceInStrings(u".json"_s, QString());
    return {{},
            tr("There is no source “%1” in %2; there is: %3.")
                .arg(line.source, QDir::toNativeSeparators(folder.path()),
                     names.isEmpty() ? tr("none") : names.join(u", "_s))};
}

int complain(const QString &sentence)
{
    std::fprintf(stderr, "tallybell: %s\n", qPrintable(sentence));
    return int(ExitCode::BadConfiguration);
}

} // namespace

int runCheck(const CommandLine &line)
{
    const SourceResult read = readNamedSource(line);
    if (!read.source)
        return complain(read.error);
    std::unique_ptr<SecretStore> secrets;
    Keyring keyring(QString::fromLatin1(tallybellId), Keyring::Unlocking::Wait);
    if (line.secretsFile.isEmpty()) {
        secrets = std::make_unique<AskedSecrets>(&keyring, nullptr);
    } else {
        QString error;
        const auto table = KnownSecrets::readFile(line.secretsFile, &error);
        if (!table)
            return complain(error);
        secrets = std::make_unique<KnownSecrets>(*table);
    }

    Report report(*read.source, line.json);
    SourceCheck check(*read.source, secrets.get(),
                      line.timeout.count() > 0 ? line.timeout : SourceCheck::defaultLimit);
    QObject::connect(&check, &SourceCheck::stageDone, &check,
                     [&report](const CheckResult &result) { report.add(result); });
    QObject::connect(&check, &SourceCheck::finished, &check, [&report](CheckEnd end) {
        const ExitCode code = exitCodeOf(end);
        report.end(code);
        QCoreApplication::exit(int(code));
    });
    // The server hears that we leave, also when the user has seen enough.
    const UnixSignals signalled;
    QObject::connect(&signalled, &UnixSignals::terminationRequested, &check, &SourceCheck::stop);
    check.start();
    return QCoreApplication::exec();
}
