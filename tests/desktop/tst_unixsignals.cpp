// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <QProcess>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <memory>

using namespace Qt::Literals;

class tst_UnixSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void turnsSignalsIntoQtSignals_data();
    void turnsSignalsIntoQtSignals();
    void keepsASignalThatComesBeforeTheObject();
    void leavesAnIgnoredSignalIgnored();
    void startsChildrenWithTheDefaultHandling();
    void survivesABrokenPipe();

private:
    void start(const QString &program, const QStringList &arguments = {});
    bool reads(const QByteArray &line);

    std::unique_ptr<QProcess> m_process;
    QByteArray m_output;
};

void tst_UnixSignals::cleanup()
{
    m_process->kill();
    m_process->waitForFinished();
    m_process.reset();
}

void tst_UnixSignals::start(const QString &program, const QStringList &arguments)
{
    m_output.clear();
    m_process = std::make_unique<QProcess>();
    m_process->start(program, arguments);
    QVERIFY(m_process->waitForStarted());
}

bool tst_UnixSignals::reads(const QByteArray &line)
{
    while (!m_output.contains(line + '\n')) {
        if (!m_process->waitForReadyRead(5000))
            return false;
        m_output += m_process->readAllStandardOutput();
    }
    return m_process->state() == QProcess::Running;
}

void tst_UnixSignals::turnsSignalsIntoQtSignals_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void tst_UnixSignals::turnsSignalsIntoQtSignals()
{
    QFETCH(int, number);
    start(QStringLiteral(SIGNALLED));
    QVERIFY(reads("ready 0"));
    ::kill(pid_t(m_process->processId()), number);
    QVERIFY(reads("signal " + QByteArray::number(number)));
    m_output.clear();
    ::kill(pid_t(m_process->processId()), number); // and again
    QVERIFY(reads("signal " + QByteArray::number(number)));
}

void tst_UnixSignals::keepsASignalThatComesBeforeTheObject()
{
    start(QStringLiteral(SIGNALLED), {u"early"_s});
    QVERIFY(reads("signal " + QByteArray::number(SIGTERM)));
}

void tst_UnixSignals::leavesAnIgnoredSignalIgnored()
{
    start(u"/bin/sh"_s, {u"-c"_s, u"trap '' HUP; exec \"$0\""_s, QStringLiteral(SIGNALLED)});
    QVERIFY(reads("ready 0"));
    ::kill(pid_t(m_process->processId()), SIGHUP);
    // Of two that are pending the kernel lets the later one run first; the third comes after both.
    for (const int number : {SIGTERM, SIGINT}) {
        ::kill(pid_t(m_process->processId()), number);
        QVERIFY(reads("signal " + QByteArray::number(number)));
    }
    QVERIFY(!m_output.contains("signal " + QByteArray::number(SIGHUP) + '\n'));
}

void tst_UnixSignals::startsChildrenWithTheDefaultHandling()
{
    start(QStringLiteral(SIGNALLED));
    QVERIFY(reads("child-term " + QByteArray::number(SIGTERM)));
    QVERIFY(reads("child-pipe " + QByteArray::number(SIGPIPE)));
}

void tst_UnixSignals::survivesABrokenPipe()
{
    start(QStringLiteral(SIGNALLED));
    QVERIFY(reads("pipe " + QByteArray::number(EPIPE)));
}

QTEST_GUILESS_MAIN(tst_UnixSignals)
#include "tst_unixsignals.moc"
