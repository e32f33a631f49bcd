// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "askedsecrets.h"

#include "desktop/keyring.h"
#include "privatebus.h"
#include "realkeyring.h"
#include "ui/questionwindow.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>

#include <memory>

using namespace Qt::Literals;
using Kind = SecretAnswer::Kind;

namespace {

constexpr auto service = "org.tallybell.Test"_L1;
const SecretRequest password{u"work"_s, u"password"_s, u"Work"_s, u"Password"_s};
const SecretRequest token{u"work"_s, u"token"_s, u"Work"_s, u"Token"_s};

// Reads one secret as a feed does.
struct Reader
{
    Reader(SecretStore *secrets, const SecretRequest &request)
    {
        secrets->read(request, &context, [this](const SecretAnswer &answer) {
            // Where it takes more than a moment, the keyring says so first.
            if (answer.kind != Kind::Locked
                || answer.sentence != "The keyring has not answered yet."_L1)
                answers.append(answer);
        });
    }
    [[nodiscard]] bool has(const QString &secret) const
    {
        return !answers.isEmpty() && answers.constLast().kind == Kind::Found
            && answers.constLast().secret == secret;
    }
    [[nodiscard]] QString missing() const
    {
        return answers.isEmpty() || answers.constLast().kind != Kind::Missing
            ? QString()
            : answers.constLast().sentence;
    }

    QList<SecretAnswer> answers;
    QObject context;
};

} // namespace

/*! The keyring and the person together: a real gnome-keyring, a real window, and neither. */
class tst_AskedSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksOnceARunWhereThereIsNoKeyring();
    void saysWhatToDoWhenThePersonDeclines();
    void namesBothWaysWhereNobodyCanBeAsked();
    void remembersInTheKeyring();
    void keepsForThisRunWhatIsNotToBeRemembered();
    void asksAgainForWhatTheServerRefused();
    void takesWhatTheKeyringHasNewAfterARefusal();
    void refusesOnlyWhatWasGiven();
    void asksNothingWhileTheKeyringIsLocked(); // the last: nobody unlocks it

private:
    void startKeyring();
    void store(const SecretRequest &request, const QString &secret);
    void type(const QString &secret, bool remember);
    [[nodiscard]] bool isAsking() const { return m_window->questionCount() > 0; }
    [[nodiscard]] std::optional<QString> inKeyring(const SecretRequest &request) const;

    // None at first, and the bus starts none; then it stays, for libsecret cannot do with another.
    std::unique_ptr<Harness::RealKeyring> m_daemon;
    std::unique_ptr<Keyring> m_keyring;
    std::unique_ptr<QuestionWindow> m_window;
    std::unique_ptr<AskedSecrets> m_secrets;
};

void tst_AskedSecrets::init()
{
    m_keyring = std::make_unique<Keyring>(service, Keyring::Unlocking::AskDesktop);
    m_window = std::make_unique<QuestionWindow>();
    m_secrets = std::make_unique<AskedSecrets>(m_keyring.get(), m_window.get());
}

void tst_AskedSecrets::cleanup()
{
    m_secrets.reset();
    m_window.reset();
    m_keyring.reset();
}

void tst_AskedSecrets::startKeyring()
{
    if (m_daemon)
        return;
    m_daemon = std::make_unique<Harness::RealKeyring>();
    QVERIFY(m_daemon->start());
}

void tst_AskedSecrets::store(const SecretRequest &request, const QString &secret)
{
    std::optional<QString> error;
    m_keyring->write(request, secret, this, [&error](const QString &why) { error = why; });
    QTRY_COMPARE(error, QString());
}

void tst_AskedSecrets::type(const QString &secret, bool remember)
{
    QTRY_VERIFY(isAsking());
    m_window->findChild<QLineEdit *>()->setText(secret);
    const auto boxes = m_window->findChildren<QCheckBox *>();
    for (QCheckBox *box : boxes) {
        if (box->text().contains(u"Remember"_s))
            box->setChecked(remember);
    }
    m_window->accept();
}

std::optional<QString> tst_AskedSecrets::inKeyring(const SecretRequest &request) const
{
    const Reader reader(m_keyring.get(), request);
    (void)QTest::qWaitFor([&reader] { return !reader.answers.isEmpty(); }, 30000);
    if (reader.answers.isEmpty() || reader.answers.constLast().kind != Kind::Found)
        return {};
    return reader.answers.constLast().secret;
}

void tst_AskedSecrets::asksOnceARunWhereThereIsNoKeyring()
{
    const Reader first(m_secrets.get(), password);
    QTRY_VERIFY(isAsking());
    QCOMPARE(m_window->findChild<QLabel *>(u"title"_s)->text(), u"Work"_s);
    const auto boxes = m_window->findChildren<QCheckBox *>();
    for (const QCheckBox *box : boxes)
        QVERIFY(!box->text().contains(u"Remember"_s) || !box->isVisible());
    type(u"one"_s, false);
    QVERIFY(first.has(u"one"_s));
    const Reader second(m_secrets.get(), password);
    QVERIFY(second.has(u"one"_s));
    const Reader another(m_secrets.get(), token);
    QTRY_VERIFY(isAsking());
    QVERIFY(another.answers.isEmpty());
}

void tst_AskedSecrets::saysWhatToDoWhenThePersonDeclines()
{
    const Reader reader(m_secrets.get(), password);
    QTRY_VERIFY(isAsking());
    m_window->reject();
    QCOMPARE(reader.missing(),
             u"“Password” is needed to log in. Open the connection to be asked for it again."_s);
    QVERIFY(!isAsking());
    const Reader again(m_secrets.get(), password);
    QTRY_VERIFY(isAsking());
}

void tst_AskedSecrets::namesBothWaysWhereNobodyCanBeAsked()
{
    AskedSecrets headless(m_keyring.get(), nullptr);
    const Reader without(&headless, password);
    QTRY_VERIFY(!without.missing().isEmpty());
    QVERIFY(without.missing().startsWith(u"No keyring is running here."_s));
    QVERIFY(without.missing().contains(u"keyring, or"_s));
    QVERIFY(without.missing().contains(u"--secrets-file"_s));

    startKeyring();
    const Reader with(&headless, password);
    QTRY_VERIFY(!with.missing().isEmpty());
    QVERIFY(with.missing().startsWith(u"“Password” is not in the keyring."_s));
    QVERIFY(with.missing().contains(u"--secrets-file"_s));
    QVERIFY(!isAsking());
}

void tst_AskedSecrets::remembersInTheKeyring()
{
    startKeyring();
    const Reader reader(m_secrets.get(), password);
    type(u"one"_s, true);
    QVERIFY(reader.has(u"one"_s));
    QTRY_COMPARE(inKeyring(password), u"one"_s);
    AskedSecrets nextRun(m_keyring.get(), m_window.get());
    const Reader later(&nextRun, password);
    QTRY_VERIFY(later.has(u"one"_s));
    QVERIFY(!isAsking());
}

void tst_AskedSecrets::keepsForThisRunWhatIsNotToBeRemembered()
{
    startKeyring();
    const Reader reader(m_secrets.get(), token);
    type(u"two"_s, false);
    QVERIFY(reader.has(u"two"_s));
    const Reader again(m_secrets.get(), token);
    QVERIFY(again.has(u"two"_s));
    QCOMPARE(inKeyring(token), std::nullopt);
}

void tst_AskedSecrets::asksAgainForWhatTheServerRefused()
{
    startKeyring();
    const SecretRequest request{u"refused"_s, u"password"_s, u"Work"_s, u"Password"_s};
    const Reader first(m_secrets.get(), request);
    type(u"wrong"_s, true);
    QTRY_COMPARE(inKeyring(request), u"wrong"_s);
    m_secrets->refuse(request);
    const Reader second(m_secrets.get(), request);
    QTRY_VERIFY(isAsking());
    QCOMPARE(m_window->findChild<QLabel *>(u"remark"_s)->text(),
             u"The server refused the last one."_s);
    // Declined: still not given again.
    m_window->reject();
    const Reader third(m_secrets.get(), request);
    type(u"right"_s, true);
    QVERIFY(third.has(u"right"_s));
    QTRY_COMPARE(inKeyring(request), u"right"_s);
    const Reader fourth(m_secrets.get(), request);
    QTRY_VERIFY(fourth.has(u"right"_s));
    // Not remembered, and refused too.
    m_secrets->refuse(request);
    const Reader fifth(m_secrets.get(), request);
    type(u"wrong again"_s, false);
    m_secrets->refuse(request);
    const Reader sixth(m_secrets.get(), request);
    QTRY_VERIFY(isAsking()); // the keyring's was refused as well
}

void tst_AskedSecrets::takesWhatTheKeyringHasNewAfterARefusal()
{
    startKeyring();
    const SecretRequest request{u"mended"_s, u"password"_s, u"Work"_s, u"Password"_s};
    store(request, u"old"_s);
    AskedSecrets headless(m_keyring.get(), nullptr);
    const Reader first(&headless, request);
    QTRY_VERIFY(first.has(u"old"_s));
    headless.refuse(request);
    const Reader second(&headless, request);
    QTRY_VERIFY2(second.missing().startsWith(u"The server refused “Password”."_s),
                 qPrintable(second.missing()));
    store(request, u"new"_s);
    const Reader third(&headless, request);
    QTRY_VERIFY(third.has(u"new"_s));
}

void tst_AskedSecrets::refusesOnlyWhatWasGiven()
{
    startKeyring();
    store(token, u"stored"_s);
    m_secrets->refuse(token); // which nobody had of this store
    const Reader reader(m_secrets.get(), token);
    QTRY_VERIFY(reader.has(u"stored"_s));
}

void tst_AskedSecrets::asksNothingWhileTheKeyringIsLocked()
{
    startKeyring();
    QVERIFY(m_daemon->lock());
    const Reader reader(m_secrets.get(), SecretRequest{u"locked"_s, u"password"_s, {}, {}});
    // On this bus there is nothing to show gnome-keyring's prompt: that is as good as dismissed.
    QTRY_COMPARE(reader.answers.size(), 2);
    QCOMPARE(reader.answers.constLast().kind, Kind::Locked);
    QVERIFY(reader.answers.constLast().sentence.contains(u"stays locked"_s));
    QVERIFY(!isAsking());
}

int main(int argc, char *argv[])
{
    // The display's bus would start the keyring that is installed, also for the tests without one.
    Harness::PrivateBus bus;
    if (!bus.start())
        qFatal("no bus");
    const QApplication application(argc, argv);
    tst_AskedSecrets test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_askedsecrets.moc"
