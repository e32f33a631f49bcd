// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "fault.h"
#include "faultyportal.h"
#include "pulse.h"

#include <QEventLoop>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

using Span = std::chrono::milliseconds;

// Far more than it ever takes: what is waited for are facts.
constexpr Span patience = 30s;
constexpr int mostPortals = 40; // at the same time

int fromEnvironment(const char *name, int fallback)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(name, &isNumber);
    return isNumber ? number : fallback;
}

QString timesOf(std::vector<Span> spans)
{
    std::sort(spans.begin(), spans.end());
    return u"%1 times, median %2 ms, longest %3 ms"_s.arg(spans.size(), 3)
        .arg(spans.at(spans.size() / 2).count(), 5)
        .arg(spans.back().count(), 5);
}

/*! One portal, and the fault that it is at. */
struct Case
{
    std::unique_ptr<FaultyPortal> portal;
    Fault fault = Fault::Cut;
    int endedSessions = 0; // since the user opened the connection
    bool isRight = false;
};

} // namespace

/*!
    Whatever goes wrong, the icon never shows a number as the server's that is not, never asks a
    person for what heals by itself, and is right again when all is well.
*/
class tst_Faults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheRightIconWhateverFails();
    void isBackSoonAfterAwakening();

private:
    void start(int portals);
    void waitFor(const char *what, const std::function<bool(Case &)> &isSo);
    void waitUntilRight(std::map<QString, std::vector<Span>> *times);
    void expectNoLies();
    [[nodiscard]] bool hasLies() const;
    [[nodiscard]] int nextNumber() { return m_number += int(m_random.bounded(1, 50)); }

    std::unique_ptr<Pulse> m_pulse;
    std::vector<Case> m_cases;
    QRandomGenerator m_random;
    int m_number = 1;
};

void tst_Faults::start(int portals)
{
    m_cases.clear(); // before the pulse
    m_pulse = std::make_unique<Pulse>();
    for (int i = 0; i < portals; ++i) {
        m_cases.push_back({std::make_unique<FaultyPortal>(m_pulse.get())});
        m_cases.back().portal->setNumber(nextNumber());
        m_cases.back().portal->feed()->start();
    }
}

void tst_Faults::waitFor(const char *what, const std::function<bool(Case &)> &isSo)
{
    const auto allAre = [&] { // each is asked each time
        return std::count_if(m_cases.begin(), m_cases.end(), isSo) == qsizetype(m_cases.size());
    };
    if (allAre())
        return;
    // An event loop that runs, unlike QTest's, which sleeps between its looks: times are measured.
    QEventLoop loop;
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    const auto look = [&] {
        for (const Case &each : m_cases)
            each.portal->judge();
        if (allAre() || hasLies())
            loop.quit();
    };
    connect(m_pulse.get(), &Pulse::beaten, &loop, look);
    for (const Case &each : m_cases) {
        connect(each.portal.get(), &FaultyPortal::computed, &loop, look);
        connect(each.portal.get(), &FaultyPortal::shown, &loop, look);
    }
    loop.exec();
    if (hasLies()) {
        expectNoLies();
        return;
    }
    if (allAre())
        return;
    for (Case &each : m_cases) {
        if (!isSo(each))
            qWarning().noquote() << what << "after" << nameOf(each.fault) << ':'
                                 << each.portal->describe();
    }
    QFAIL(what);
}

void tst_Faults::waitUntilRight(std::map<QString, std::vector<Span>> *times)
{
    const Span start = m_pulse->now();
    for (Case &each : m_cases)
        each.isRight = false;
    waitFor("not right again", [&](Case &each) {
        if (!each.isRight && each.portal->isRight()) {
            each.isRight = true;
            if (times)
                (*times)[nameOf(each.fault)].push_back(m_pulse->now() - start);
        }
        return each.isRight;
    });
}

bool tst_Faults::hasLies() const
{
    return std::any_of(m_cases.begin(), m_cases.end(),
                       [](const Case &each) { return !each.portal->lies().isEmpty(); });
}

void tst_Faults::expectNoLies()
{
    QStringList lies;
    for (const Case &each : m_cases) {
        each.portal->judge();
        const QStringList told = each.portal->lies();
        for (const QString &lie : told)
            lies.append(nameOf(each.fault) + u": the icon "_s + lie);
    }
    QVERIFY2(lies.isEmpty(), qPrintable(lies.join(u'\n')));
}

#define VERIFY_STEP(step) \
    do { \
        step; \
        if (QTest::currentTestFailed()) \
            return; \
    } while (false)

void tst_Faults::showsTheRightIconWhateverFails()
{
    const int seed = fromEnvironment("TALLYBELL_FAULTS_SEED",
                                     int(QRandomGenerator::global()->bounded(1'000'000)));
    const int rounds = std::max(1, fromEnvironment("TALLYBELL_FAULTS_ROUNDS", 200));
    qInfo("TALLYBELL_FAULTS_SEED=%d TALLYBELL_FAULTS_ROUNDS=%d", seed, rounds);
    m_random.seed(quint32(seed));
    std::vector<Fault> plan;
    for (int i = 0; i < rounds; ++i)
        plan.push_back(Fault(i % faults));
    std::shuffle(plan.begin(), plan.end(), m_random);

    start(std::min(rounds, mostPortals));
    VERIFY_STEP(waitUntilRight(nullptr));
    std::map<QString, std::vector<Span>> times;
    int rightIcons = 0;
    while (!plan.empty()) {
        while (m_cases.size() > plan.size()) {
            VERIFY_STEP(expectNoLies());
            m_cases.pop_back();
        }
        for (Case &each : m_cases) {
            each.fault = plan.back();
            plan.pop_back();
            begin(each.fault, each.portal.get());
        }
        VERIFY_STEP(waitFor("no event has begun",
                            [](Case &each) { return hasBegun(each.fault, each.portal.get()); }));
        for (Case &each : m_cases)
            inject(each.fault, each.portal.get(), nextNumber());
        VERIFY_STEP(waitFor("not noticed",
                            [](Case &each) { return isNoticed(each.fault, each.portal.get()); }));
        VERIFY_STEP(expectNoLies());
        for (Case &each : m_cases)
            heal(each.fault, each.portal.get());
        VERIFY_STEP(waitUntilRight(&times));
        for (Case &each : m_cases) { // it is the stream that tells it, not only a snapshot
            each.portal->allowLoginNeeded(false);
            each.portal->setNumber(nextNumber());
        }
        VERIFY_STEP(waitUntilRight(nullptr));
        VERIFY_STEP(expectNoLies());
        rightIcons += int(m_cases.size());
        // Sessions that end again and again are a reason to ask a person; here it is the test's doing.
        for (Case &each : m_cases) {
            each.endedSessions += each.fault == Fault::SessionEnded ? 1 : 0;
            if (each.endedSessions == 2) {
                each.endedSessions = 0;
                each.portal->feed()->stop(Feed::Occasion::Logout);
                each.portal->feed()->start();
            }
        }
        VERIFY_STEP(waitUntilRight(nullptr));
    }
    QCOMPARE(rightIcons, rounds);
    Span longestLag{0};
    int judgements = 0;
    for (const Case &each : m_cases) {
        longestLag = std::max(longestLag, each.portal->longestLag());
        judgements += each.portal->judgements();
    }
    for (const auto &[fault, spans] : times)
        qInfo().noquote() << "right again after" << fault.leftJustified(26) << timesOf(spans);
    qInfo("%d faults, %d right icons; %d judgements in the last portals, longest lag %d ms", rounds,
          rightIcons, judgements, int(longestLag.count()));
}

void tst_Faults::isBackSoonAfterAwakening()
{
    start(1);
    VERIFY_STEP(waitUntilRight(nullptr));
    FaultyPortal *const portal = m_cases.front().portal.get();
    std::vector<Span> spans;
    const int times = std::max(1, fromEnvironment("TALLYBELL_AWAKENINGS", 3));
    for (int i = 0; i < times; ++i) {
        const Span before = m_pulse->now();
        QTRY_VERIFY(m_pulse->now() - before > 1s); // else it would belong to the one before
        portal->cable()->strand();
        portal->setNumber(nextNumber());
        const Span start = m_pulse->now();
        portal->feed()->awaken();
        QVERIFY(!portal->showsALiveNumber());
        VERIFY_STEP(waitUntilRight(nullptr));
        spans.push_back(m_pulse->now() - start);
        QVERIFY2(spans.back() <= 2s + 2 * m_pulse->lateness(start),
                 qPrintable(QString::number(spans.back().count())));
    }
    VERIFY_STEP(expectNoLies());
    qInfo().noquote() << "back after an awakening" << timesOf(spans);
}

QTEST_GUILESS_MAIN(tst_Faults)
#include "tst_faults.moc"
