// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/keyring.h"

#include "realkeyring.h"

#include <QCoreApplication>
#include <QStandardPaths>
#include <QTest>

using namespace Qt::Literals;
using Kind = SecretAnswer::Kind;

namespace {

const QString service = u"org.tallybell.Test"_s;

// Where it takes more than a moment, the keyring says so first.
bool isPatience(const SecretAnswer &answer)
{
    return answer.kind == Kind::Locked && answer.sentence == "The keyring has not answered yet."_L1;
}

SecretRequest request(const QString &source, const QString &variable = u"password"_s)
{
    return {source, variable, u"Work"_s, u"Password"_s};
}

} // namespace

/*! Real items in a real gnome-keyring, with the prompts that it really shows. */
class tst_GnomeKeyring : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void missesWhatIsNotThere();
    void keepsOneItemForEachSourceAndVariable();
    void readsEverySecretAsItWasWritten_data();
    void readsEverySecretAsItWasWritten();
    void goesOnWhenThePromptIsAnswered();
    void staysLockedWhenThePromptIsDismissed();

private:
    void write(const SecretRequest &request, const QString &secret);
    [[nodiscard]] SecretAnswer read(const SecretRequest &request);

    Harness::RealKeyring m_daemon;
    Keyring m_keyring{service, Keyring::Unlocking::AskDesktop};
};

void tst_GnomeKeyring::initTestCase()
{
    for (const QString &program : {u"gnome-keyring-daemon"_s, u"xdotool"_s})
        QVERIFY2(!QStandardPaths::findExecutable(program).isEmpty(),
                 qPrintable(program + u" is missing"_s));
    QVERIFY(m_daemon.start());
}

void tst_GnomeKeyring::write(const SecretRequest &request, const QString &secret)
{
    std::optional<QString> error;
    m_keyring.write(request, secret, this, [&error](const QString &why) { error = why; });
    QTRY_COMPARE(error, QString());
}

SecretAnswer tst_GnomeKeyring::read(const SecretRequest &request)
{
    QObject context;
    std::optional<SecretAnswer> last;
    m_keyring.read(request, &context, [&last](const SecretAnswer &answer) {
        if (!isPatience(answer))
            last = answer;
    });
    (void)QTest::qWaitFor([&last] { return last.has_value(); }, 30000);
    return last.value_or(SecretAnswer{Kind::Locked, {}, u"no answer"_s});
}

void tst_GnomeKeyring::missesWhatIsNotThere()
{
    const SecretAnswer answer = read(request(u"nobody"_s));
    QCOMPARE(answer.kind, Kind::Missing);
    QCOMPARE(answer.sentence, u"“Password” is not in the keyring."_s);
    QVERIFY(m_keyring.isPresent());
}

void tst_GnomeKeyring::keepsOneItemForEachSourceAndVariable()
{
    write(request(u"work"_s), u"one"_s);
    write(request(u"work"_s, u"token"_s), u"two"_s);
    write(request(u"home"_s), u"three"_s);
    QCOMPARE(read(request(u"work"_s)).secret, u"one"_s);
    QCOMPARE(read(request(u"work"_s, u"token"_s)).secret, u"two"_s);
    QCOMPARE(read(request(u"home"_s)).secret, u"three"_s);
    write(request(u"work"_s), u"four"_s);
    QCOMPARE(read(request(u"work"_s)).secret, u"four"_s);
    QCOMPARE(Harness::RealKeyring::itemCount(service, u"work/password"_s), 1);
    QCOMPARE(Harness::RealKeyring::itemCount(service, u"work/token"_s), 1);
    QCOMPARE(Harness::RealKeyring::itemCount(u"org.tallybell.Other"_s, u"work/password"_s), 0);
}

void tst_GnomeKeyring::readsEverySecretAsItWasWritten_data()
{
    QTest::addColumn<QString>("secret");
    QTest::newRow("other scripts") << u"pässwört 密码 🔑"_s;
    QTest::newRow("spaces and line ends") << u" a\n\tb "_s;
    QTest::newRow("quotes") << uR"("'\%&$)"_s;
    QTest::newRow("long") << QString(4096, u'x');
}

void tst_GnomeKeyring::readsEverySecretAsItWasWritten()
{
    QFETCH(QString, secret);
    write(request(u"exact"_s), secret);
    const SecretAnswer answer = read(request(u"exact"_s));
    QCOMPARE(answer.kind, Kind::Found);
    QCOMPARE(answer.secret, secret);
}

void tst_GnomeKeyring::goesOnWhenThePromptIsAnswered()
{
    write(request(u"work"_s), u"one"_s);
    QVERIFY(m_daemon.lock());
    QList<SecretAnswer> answers;
    m_keyring.read(request(u"work"_s), this, [&answers](const SecretAnswer &answer) {
        if (!isPatience(answer))
            answers.append(answer);
    });
    QTRY_VERIFY_WITH_TIMEOUT(Harness::RealKeyring::isPrompting(), 30000);
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers.constFirst().kind, Kind::Locked);
    Harness::RealKeyring::acceptPrompt();
    QTRY_COMPARE(answers.size(), 2);
    QCOMPARE(answers.constLast().kind, Kind::Found);
    QCOMPARE(answers.constLast().secret, u"one"_s);
}

void tst_GnomeKeyring::staysLockedWhenThePromptIsDismissed()
{
    write(request(u"work"_s), u"one"_s);
    QVERIFY(m_daemon.lock());
    QList<SecretAnswer> answers;
    m_keyring.read(request(u"work"_s), this, [&answers](const SecretAnswer &answer) {
        if (!isPatience(answer))
            answers.append(answer);
    });
    QTRY_VERIFY_WITH_TIMEOUT(Harness::RealKeyring::isPrompting(), 30000);
    Harness::RealKeyring::dismissPrompt();
    QTRY_COMPARE(answers.size(), 2);
    QCOMPARE(answers.constLast().kind, Kind::Locked);
    QTRY_VERIFY(!Harness::RealKeyring::isPrompting());
    QCOMPARE(read(request(u"home"_s)).kind, Kind::Locked); // and nobody is asked for it
    QVERIFY(!Harness::RealKeyring::isPrompting());

    QCOMPARE(answers.size(), 2);
    QVERIFY(Harness::RealKeyring::promptForAnother());
    Harness::RealKeyring::acceptPrompt();
    QTRY_COMPARE(answers.size(), 3);
    QCOMPARE(answers.constLast().kind, Kind::Found);
    QCOMPARE(answers.constLast().secret, u"one"_s);
}

QTEST_GUILESS_MAIN(tst_GnomeKeyring)
#include "tst_gnomekeyring.moc"
