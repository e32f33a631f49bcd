// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/keyring.h"

#include "privatebus.h"
#include "scriptedkeyring.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::Literals;
using Kind = SecretAnswer::Kind;

namespace {

// Reads one secret as a feed does.
class Reader : public QObject
{
public:
    explicit Reader(Keyring *keyring, const QString &source = u"work"_s)
    {
        keyring->read({source, u"password"_s, u"Work"_s, u"Password"_s}, this,
                      [this](const SecretAnswer &answer) { answers.append(answer); });
    }

    [[nodiscard]] bool isLocked() const
    {
        return !answers.isEmpty() && answers.constLast().kind == Kind::Locked;
    }
    [[nodiscard]] bool isDone() const
    {
        return !answers.isEmpty() && answers.constLast().kind != Kind::Locked;
    }
    [[nodiscard]] QString sentence() const
    {
        return answers.isEmpty() ? QString() : answers.constLast().sentence;
    }

    QList<SecretAnswer> answers;
};

} // namespace

/*! The keyring's lock, on a bus where there is no keyring but the test's. tst_gnomekeyring has a real one. */
class tst_Keyring : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void goesOnWhenItIsUnlocked();
    void goesOnWhenSomebodyElseUnlocksIt();
    void asksTheDesktopOnceForAll();
    void asksNothingMoreWhenThatWasDismissed();
    void asksAnewWhenNobodyWaitedAnyMore();
    void asksNobodyWhereItMayOnlyWait();
    void readsAtOnceWhereThereIsNoCollectionYet();
    void saysThatThereIsNoKeyring();
    void givesUpOnAKeyringThatGoesAway();
    void saysThatTheKeyringIsSilent();
    void tellsNobodyWhoIsGone();

private:
    [[nodiscard]] std::unique_ptr<Keyring>
    keyring(Keyring::Unlocking unlocking = Keyring::Unlocking::AskDesktop) const
    {
        return std::make_unique<Keyring>(u"org.tallybell.Test"_s, unlocking);
    }

    std::unique_ptr<Harness::ScriptedKeyring> m_script;
};

void tst_Keyring::init()
{
    m_script = std::make_unique<Harness::ScriptedKeyring>();
    QVERIFY(m_script->start());
}

void tst_Keyring::cleanup()
{
    m_script.reset();
}

void tst_Keyring::goesOnWhenItIsUnlocked()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isLocked());
    QVERIFY(reader.sentence().contains(u"locked"_s));
    QTRY_COMPARE(m_script->prompts, 1);
    QCOMPARE(m_script->readings, 0);
    m_script->acceptPrompt();
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(m_script->prompts, 1);
    QVERIFY(m_script->readings > 0);
    QVERIFY2(reader.sentence().startsWith(u"The keyring cannot be read: "_s),
             qPrintable(reader.sentence()));
    QCOMPARE(reader.answers.size(), 2);
}

void tst_Keyring::goesOnWhenSomebodyElseUnlocksIt()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_COMPARE(m_script->prompts, 1);
    m_script->setLocked(false);
    QTRY_VERIFY(reader.isDone());
}

void tst_Keyring::asksTheDesktopOnceForAll()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    const Reader one(keyring.get(), u"one"_s);
    const Reader two(keyring.get(), u"two"_s);
    QTRY_COMPARE(m_script->prompts, 1);
    const Reader three(keyring.get(), u"three"_s);
    QTRY_VERIFY(one.isLocked() && two.isLocked() && three.isLocked());
    m_script->acceptPrompt();
    QTRY_VERIFY(one.isDone() && two.isDone() && three.isDone());
    QCOMPARE(m_script->prompts, 1);
}

void tst_Keyring::asksNothingMoreWhenThatWasDismissed()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_COMPARE(m_script->prompts, 1);
    QTRY_VERIFY(reader.isLocked());
    const QString before = reader.sentence();
    m_script->dismissPrompt();
    QTRY_VERIFY(reader.sentence() != before);
    QVERIFY(reader.isLocked());
    QVERIFY2(reader.sentence().contains(u"stays locked"_s), qPrintable(reader.sentence()));
    const Reader later(keyring.get(), u"later"_s);
    QTRY_VERIFY(later.isLocked());
    QCOMPARE(later.sentence(), reader.sentence());
    m_script->setLocked(true); // the keyring has news that are none
    m_script->setLocked(false);
    QTRY_VERIFY(reader.isDone() && later.isDone());
    QCOMPARE(m_script->prompts, 1);
}

void tst_Keyring::asksAnewWhenNobodyWaitedAnyMore()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    {
        const Reader reader(keyring.get());
        QTRY_COMPARE(m_script->prompts, 1);
        m_script->dismissPrompt();
        QTRY_VERIFY(reader.sentence().contains(u"stays locked"_s));
    }
    const Reader again(keyring.get()); // the user opened the connection again
    QTRY_COMPARE(m_script->prompts, 2);
    m_script->acceptPrompt();
    QTRY_VERIFY(again.isDone());
}

void tst_Keyring::asksNobodyWhereItMayOnlyWait()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring(Keyring::Unlocking::Wait);
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isLocked());
    m_script->setLocked(false);
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(m_script->prompts, 0);
}

void tst_Keyring::readsAtOnceWhereThereIsNoCollectionYet()
{
    m_script->setLocked(true);
    m_script->setEmpty();
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.answers.size(), 1);
    QCOMPARE(m_script->prompts, 0);
}

void tst_Keyring::saysThatThereIsNoKeyring()
{
    m_script.reset();
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(reader.answers.constLast().kind, Kind::Missing);
    QCOMPARE(reader.sentence(), u"No keyring is running here."_s);
    QVERIFY(!keyring->isPresent());
}

void tst_Keyring::givesUpOnAKeyringThatGoesAway()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isLocked());
    QVERIFY(keyring->isPresent());
    m_script.reset();
    QTRY_VERIFY(reader.isDone());
    QVERIFY(!keyring->isPresent());
}

void tst_Keyring::saysThatTheKeyringIsSilent()
{
    m_script->fallSilent();
    const auto keyring = this->keyring();
    const Reader reader(keyring.get());
    QTRY_VERIFY(reader.isLocked());
    QCOMPARE(reader.sentence(), u"The keyring has not answered yet."_s);
}

void tst_Keyring::tellsNobodyWhoIsGone()
{
    m_script->setLocked(true);
    const auto keyring = this->keyring();
    int answers = 0;
    auto context = std::make_unique<QObject>();
    keyring->read({u"gone"_s, u"password"_s, {}, {}}, context.get(),
                  [&answers](const SecretAnswer &) { ++answers; });
    context.reset();
    const Reader reader(keyring.get());
    QTRY_COMPARE(m_script->prompts, 1);
    m_script->acceptPrompt();
    QTRY_VERIFY(reader.isDone());
    QCOMPARE(answers, 0);
}

int main(int argc, char *argv[])
{
    Harness::PrivateBus bus;
    if (!bus.start())
        qFatal("no bus");
    QCoreApplication application(argc, argv);
    tst_Keyring test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_keyring.moc"
