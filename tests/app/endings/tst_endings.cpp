// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "endinground.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <algorithm>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

// As environment variables, for whoever looks for what happens once in a thousand rounds:
constexpr auto seedVariable = "TALLYBELL_ENDINGS_SEED";
constexpr auto roundsVariable = "TALLYBELL_ENDINGS_ROUNDS";
constexpr auto roundVariable = "TALLYBELL_ENDINGS_ROUND"; // this one only
constexpr auto lanesVariable = "TALLYBELL_ENDINGS_LANES"; // rounds at the same time
constexpr auto endingsVariable = "TALLYBELL_ENDINGS"; // these only, with commas between them

constexpr int fewRounds = 40;

int fromEnvironment(const char *name, int fallback)
{
    bool isNumber = false;
    const int value = qEnvironmentVariableIntValue(name, &isNumber);
    return isNumber ? value : fallback;
}

bool knowsTheCommandQuit()
{
    QProcess process;
    process.start(QCoreApplication::applicationDirPath() + "/tallybell"_L1, {u"--help"_s});
    static const QRegularExpression command(u"^ *quit "_s, QRegularExpression::MultilineOption);
    return process.waitForFinished()
        && command.match(QString::fromLocal8Bit(process.readAllStandardOutput())).hasMatch();
}

/*! Runs rounds one after the other, at portals of its own. */
class Lane : public QObject
{
public:
    explicit Lane(const QElapsedTimer *clock)
        : m_clock(clock)
    {
        for (qsizetype kind = 0; kind < RoundPlan::portalKinds().size(); ++kind)
            m_portals.append(new WatchedPortal(this));
    }

    void run(const RoundPlan &plan)
    {
        m_round = std::make_unique<EndingRound>(plan, m_portals, m_clock);
        connect(m_round.get(), &EndingRound::finished, this, [this] { m_isIdle = true; });
        m_isIdle = false;
        m_round->start();
    }

    [[nodiscard]] bool isIdle() const { return m_isIdle; }
    [[nodiscard]] const EndingRound *round() const { return m_round.get(); }
    void clear() { m_round.reset(); }

private:
    const QElapsedTimer *const m_clock;
    QList<WatchedPortal *> m_portals;
    std::unique_ptr<EndingRound> m_round;
    bool m_isIdle = true;
};

} // namespace

/*! However the app goes away, each session at the server is closed, and once. */
class tst_Endings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesASession_data();
    void judgesASession();
    void closesEachSessionOnce();
};

void tst_Endings::judgesASession_data()
{
    QTest::addColumn<QByteArrayList>("log"); // each line after its time in ms; the app ends at 5000
    QTest::addColumn<QString>("complaint");
    const QByteArray login = R"(0 {"type":"login","session":"s1"})";
    const QByteArray count =
        R"(9 {"type":"request","path":"/count","session":"s1","token":"current"})";
    const QByteArray first = R"(20 {"type":"open","session":"s1","connection":"c1"})";
    const QByteArray second = R"(900 {"type":"open","session":"s1","connection":"c2"})";
    const QByteArray late = R"(4900 {"type":"open","session":"s1","connection":"c3"})";
    const QByteArray renewed = R"(2000 {"type":"renewed","session":"s1"})";
    const QByteArray oldToken =
        R"(2001 {"type":"request","path":"/count","session":"s1","token":"superseded"})";
    const QByteArray newToken =
        R"(2002 {"type":"request","path":"/count","session":"s1","token":"current"})";
    const auto close = [](const QByteArray &connection, const QByteArray &token = "current",
                          const QByteArray &key = "k1", const QByteArray &reason = "quit") {
        return R"(5001 {"type":"close request","session":"s1","token":")" + token
            + R"(","idempotencyKey":")" + key + R"(","body":"{\"reason\":\")" + reason
            + R"(\",\"connection\":\")" + connection + R"(\"}"})";
    };
    // The close request itself is in the log as a request, too.
    const QByteArray request =
        R"(5000 {"type":"request","path":"/close","session":"s1","token":"current"})";
    const auto row = [](const char *name, const QByteArrayList &log, const QString &complaint) {
        QTest::newRow(name) << log << complaint;
    };
    row("one", {login, count, first, second, request, close("c2")}, {});
    row("none", {login, count, first}, u"no close request"_s);
    row("none of a session that nobody may know", {login}, {});
    row("one of a session that nobody may know", {login, request, close("")}, {});
    row("two of a session that nobody may know", {login, request, close(""), close("")},
        u"2 close requests, with the Idempotency-Keys k1"_s);
    row("twice the same", {login, count, close(""), close("")},
        u"2 close requests, with the Idempotency-Keys k1"_s);
    row("two senders", {login, count, close(""), close("", "current", "k2")},
        u"2 close requests, with the Idempotency-Keys k1, k2"_s);
    row("no key", {login, count, close("", "current", "")},
        u"a close request without an Idempotency-Key"_s);
    row("another reason", {login, count, close("", "current", "k1", "logout")},
        u"a close request for the reason \"logout\""_s);
    row("an older connection", {login, count, first, second, close("c1")},
        u"a close request of the connection \"c1\" instead of \"c2\""_s);
    row("no connection", {login, count, first, close("")},
        u"a close request of the connection \"\" instead of \"c1\""_s);
    row("a new connection", {login, count, first, late, close("c3")}, {});
    row("the one before a new connection", {login, count, first, late, close("c1")}, {});
    row("an older one than that", {login, count, first, second, late, close("c1")},
        u"a close request of the connection \"c1\" instead of \"c3\" or \"c2\""_s);
    row("nothing before a new connection", {login, count, late, close("")}, {});
    row("an ended token", {login, count, close("", "ended")},
        u"a close request with a token that is ended"_s);
    row("a superseded token", {login, count, renewed, newToken, close("", "superseded")},
        u"a close request with a token that is superseded"_s);
    row("a superseded token, perhaps not known as such",
        {login, count, renewed, oldToken, close("", "superseded")}, {});
    row("the new token", {login, count, renewed, oldToken, close("")}, {});
}

void tst_Endings::judgesASession()
{
    QFETCH(QByteArrayList, log);
    SessionRecord record;
    for (const QByteArray &line : std::as_const(log)) {
        const qsizetype blank = line.indexOf(' ');
        const QJsonObject fact = QJsonDocument::fromJson(line.mid(blank + 1)).object();
        QVERIFY2(!fact.isEmpty(), line.constData());
        record.add(fact, std::chrono::milliseconds(line.left(blank).toInt()));
    }
    QTEST(record.complaint(5s), "complaint");
}

void tst_Endings::closesEachSessionOnce()
{
    const auto seed = quint32(
        fromEnvironment(seedVariable, int(QRandomGenerator::system()->bounded(1'000'000'000))));
    const int only = fromEnvironment(roundVariable, -1);
    const int rounds = only >= 0 ? 1 : fromEnvironment(roundsVariable, fewRounds);
    const int lanes = std::min(rounds, fromEnvironment(lanesVariable, QThread::idealThreadCount()));
    QStringList endings =
        qEnvironmentVariable(endingsVariable, RoundPlan::allEndings().join(u',')).split(u',');
    if (!knowsTheCommandQuit())
        endings.removeAll(u"quit"_s);
    qInfo("%s=%u, %d rounds", seedVariable, seed, rounds);

    QElapsedTimer clock;
    clock.start();
    int next = 0;
    int done = 0;
    qsizetype sessions = 0;
    QMap<QString, int> tally; // of what happened how often, so that nobody has to take it on trust
    std::vector<std::chrono::milliseconds> latenesses;
    QStringList complaints;
    std::vector<std::unique_ptr<Lane>> all;
    for (int lane = 0; lane < lanes; ++lane)
        all.push_back(std::make_unique<Lane>(&clock));
    constexpr int tooMany = 5; // complaints: the rest would say the same
    const auto goOn = [&] {
        for (const auto &lane : all) {
            if (!lane->isIdle())
                continue;
            if (const EndingRound *const round = lane->round()) {
                ++done;
                sessions += round->sessionCount();
                round->addTo(&tally);
                latenesses.push_back(round->lateness());
                if (!round->complaint().isEmpty())
                    complaints.append(round->complaint());
                lane->clear();
            }
            if (next < rounds && complaints.size() < tooMany)
                lane->run(RoundPlan::make(seed, only >= 0 ? only : next++, endings));
            if (only >= 0)
                next = rounds;
        }
        return std::all_of(all.begin(), all.end(), [](const auto &lane) { return !lane->round(); });
    };
    QEventLoop loop;
    while (!goOn())
        loop.processEvents(QEventLoop::WaitForMoreEvents);
    for (const QString &complaint : std::as_const(complaints))
        qWarning().noquote() << complaint << '\n';
    QVERIFY2(complaints.isEmpty(),
             qPrintable(u"%1 of %2 rounds; repeat one with %3=%4 %5=…"_s.arg(complaints.size())
                            .arg(done)
                            .arg(QLatin1String(seedVariable))
                            .arg(seed)
                            .arg(QLatin1String(roundVariable))));
    QVERIFY(sessions > 0 || only >= 0);
    std::sort(latenesses.begin(), latenesses.end());
    for (auto entry = tally.cbegin(); entry != tally.cend(); ++entry)
        qInfo("%5d %s", entry.value(), qPrintable(entry.key()));
    qInfo("%d rounds in %lld s, %lld sessions; the last close request came %lld ms after the end "
          "(median), at most %lld ms",
          done, clock.elapsed() / 1000, qint64(sessions),
          qint64(latenesses[latenesses.size() / 2].count()), qint64(latenesses.back().count()));
}

QTEST_GUILESS_MAIN(tst_Endings)
#include "tst_endings.moc"
