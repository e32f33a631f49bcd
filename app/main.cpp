// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "application.h"
#include "checkcommand.h"
#include "commandline.h"
#include "doctorcommand.h"
#include "instance.h"
#include "version.h"

#include "desktop/display.h"
#include "desktop/leaving/coredumps.h"
#include "desktop/leaving/exitdeadline.h"
#include "desktop/unixsignals.h"

#include <QApplication>
#include <QLoggingCategory>

#include <cstdio>

using namespace Qt::Literals;

namespace {

int complain(const QString &sentence, ExitCode code)
{
    std::fprintf(stderr, "tallybell: %s\n", qPrintable(sentence));
    return int(code);
}

void setLogLevel(const QString &level)
{
    qSetMessagePattern(u"%{time HH:mm:ss.zzz} %{if-warning}warning: %{endif}%{message}"_s);
    // Not sselib's: it shows the paths of addresses, where a source may have put a token.
    if (level == "debug"_L1)
        QLoggingCategory::setFilterRules(u"tallybell.*.debug=true"_s);
    else if (level == "warning"_L1)
        QLoggingCategory::setFilterRules(u"tallybell.*.info=false\nsselib.*.info=false"_s);
}

int run(const CommandLine &line, const QString &controlSocket)
{
    Application application(line, controlSocket);
    QString error;
    if (!application.start(&error))
        return complain(error, ExitCode::BadConfiguration);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    ExitDeadline::install(); // before any object of Qt's
    forbidCoreDumps();

    QCoreApplication::setApplicationName(u"tallybell"_s);
    QCoreApplication::setApplicationVersion(QString::fromLatin1(tallybellVersion));
    QStringList arguments;
    for (int index = 0; index < argc; ++index)
        arguments.append(QString::fromLocal8Bit(argv[index]));
    const CommandLine line = CommandLine::read(arguments);
    setLogLevel(line.logLevel);

    switch (line.wish) {
    case CommandLine::Wish::ShowHelp:
        std::fputs(qPrintable(line.help), stdout);
        return int(ExitCode::Done);
    case CommandLine::Wish::ShowVersion:
        std::printf("tallybell %s\n", tallybellVersion);
        return int(ExitCode::Done);
    case CommandLine::Wish::Complain:
        return complain(line.error + " Try: tallybell "_L1
                            + (line.command.isEmpty() ? line.command : line.command + u' ')
                            + "--help"_L1,
                        ExitCode::WrongUsage);
    case CommandLine::Wish::Check: {
        UnixSignals::install();
        const QCoreApplication qt(argc, argv);
        return runCheck(line);
    }
    case CommandLine::Wish::Doctor: {
        if (!displayObstacle().isEmpty()) {
            const QCoreApplication qt(argc, argv);
            return runDoctor(line);
        }
        const QGuiApplication qt(argc, argv); // for trays of the older kind
        return runDoctor(line);
    }
    case CommandLine::Wish::Quit: {
        const QCoreApplication qt(argc, argv);
        return int(Instance(line).quit());
    }
    case CommandLine::Wish::Run:
        break;
    }

    Instance instance(line);
    if (!instance.claim()) {
        const QCoreApplication qt(argc, argv);
        if (const auto code = instance.handOver())
            return int(*code);
    }
    UnixSignals::install(); // not before: nothing would listen while another instance is waited for
    if (line.headless) {
        const QCoreApplication qt(argc, argv);
        return run(line, instance.socket());
    }
    // Qt would abort.
    if (const QString obstacle = displayObstacle(); !obstacle.isEmpty())
        return complain(obstacle, ExitCode::NoDisplay);
    const QApplication qt(argc, argv);
    QGuiApplication::setDesktopFileName(QString::fromLatin1(tallybellId));
    QGuiApplication::setApplicationDisplayName(u"Tallybell"_s);
    QGuiApplication::setQuitOnLastWindowClosed(false);
    return run(line, instance.socket());
}
