// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.OpenURI.html and
// …org.freedesktop.portal.Request.html. Not QDesktopServices, which on Wayland says that it did, and
// does nothing, while no window of ours has the focus.

#include "urlopener.h"

#include "core/addresskind.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDeadlineTimer>
#include <QHash>
#include <QLoggingCategory>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QUuid>

#include <chrono>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcUrl, "tallybell.url", QtInfoMsg)

namespace {

constexpr auto service = "org.freedesktop.portal.Desktop"_L1;
constexpr auto path = "/org/freedesktop/portal/desktop"_L1;
constexpr auto openInterface = "org.freedesktop.portal.OpenURI"_L1;
constexpr auto requestInterface = "org.freedesktop.portal.Request"_L1;

// A portal without the parts of its desktop may hang while it starts. It is asked for the user's
// click; then a browser twice is better than none.
constexpr auto portalTimeout = 10s;
// Without a desktop xdg-open lasts as long as the browser: how that ends one day tells us nothing.
constexpr auto xdgOpenPatience = 60s;
constexpr qsizetype maxRequests = 16; // that wait, for a user who is asked which browser

// Of Response
constexpr uint granted = 0;
constexpr uint cancelled = 1;

// xdg-open(1)
constexpr int noToolFound = 3;

// All that a log may have of an address.
QString nameOf(const QUrl &url)
{
    return url.host().isEmpty() ? url.scheme() + u':' : url.scheme() + "://"_L1 + url.host();
}

} // namespace

class UrlOpener::Ways : public QObject
{
    Q_OBJECT

public:
    explicit Ways(UrlOpener *opener);
    ~Ways() override;

    void open(const QUrl &url, const QString &token);
    void fail(const QUrl &url, const QString &why);

public Q_SLOTS:
    void takeResponse(uint response, const QVariantMap &results, const QDBusMessage &signal);

private:
    struct Request
    {
        QUrl url;
        QString token;
        quint64 age = 0;
    };

    [[nodiscard]] bool askPortal(const QUrl &url, const QString &token);
    void listen(const QString &handle);
    void stopListening(const QString &handle);
    [[nodiscard]] Request take(const QString &handle);
    void leavePortal();
    void startXdgOpen(const QUrl &url, const QString &token);
    void judge(const QUrl &url, int exitCode);

    UrlOpener *const m_opener;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_portal;
    QHash<QString, Request> m_requests; // by the path of their object
    quint64 m_age = 0;
};

UrlOpener::Ways::Ways(UrlOpener *opener)
    : m_opener(opener)
    , m_bus(QDBusConnection::sessionBus())
{
    if (!m_bus.isConnected())
        return;
    m_portal.setConnection(m_bus);
    m_portal.setWatchMode(QDBusServiceWatcher::WatchForUnregistration);
    m_portal.addWatchedService(service);
    connect(&m_portal, &QDBusServiceWatcher::serviceUnregistered, this, &Ways::leavePortal);
}

// The shells, and not what they have started: see startXdgOpen().
UrlOpener::Ways::~Ways()
{
    const auto processes = findChildren<QProcess *>();
    for (QProcess *const process : processes) {
        process->disconnect(this);
        process->kill();
        process->waitForFinished();
    }
}

void UrlOpener::Ways::open(const QUrl &url, const QString &token)
{
    qCDebug(lcUrl).noquote() << "Opening" << nameOf(url);
    if (!askPortal(url, token))
        startXdgOpen(url, token);
}

bool UrlOpener::Ways::askPortal(const QUrl &url, const QString &token)
{
    if (!m_bus.isConnected() || m_requests.size() >= maxRequests)
        return false;
    // The path that the portal will use, so that no answer comes before we listen.
    QString sender = m_bus.baseService().mid(1);
    sender.replace(u'.', u'_');
    const QString handleToken = "tallybell_"_L1 + QUuid::createUuid().toString(QUuid::Id128);
    const QString handle = path + "/request/"_L1 + sender + u'/' + handleToken;
    listen(handle);
    m_requests.insert(handle, {url, token, ++m_age});

    QVariantMap options{{u"handle_token"_s, handleToken}, {u"ask"_s, false}};
    if (!token.isEmpty())
        options.insert(u"activation_token"_s, token);
    QDBusMessage message =
        QDBusMessage::createMethodCall(service, path, openInterface, u"OpenURI"_s);
    message << QString() << QString::fromLatin1(url.toEncoded()) << options;
    // Where nobody is there, and nobody can be started, the bus says so at once.
    auto *const call = new QDBusPendingCallWatcher(
        m_bus.asyncCall(message, int(std::chrono::milliseconds(portalTimeout).count())), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, handle] {
        call->deleteLater();
        if (!m_requests.contains(handle))
            return; // the answer came before
        const QDBusPendingReply<QDBusObjectPath> answer = *call;
        if (answer.isError()) {
            qCDebug(lcUrl).noquote() << "Not by the portal:" << answer.error().name();
            const Request request = take(handle);
            startXdgOpen(request.url, request.token);
        } else if (answer.value().path() != handle) { // before its version 0.9
            listen(answer.value().path());
            m_requests.insert(answer.value().path(), take(handle));
        }
    });
    return true;
}

void UrlOpener::Ways::listen(const QString &handle)
{
    // From whoever, for to name the sender costs a call that blocks; the path is not to be guessed.
    m_bus.connect(QString(), handle, requestInterface, u"Response"_s, this,
                  SLOT(takeResponse(uint, QVariantMap, QDBusMessage)));
}

void UrlOpener::Ways::stopListening(const QString &handle)
{
    m_bus.disconnect(QString(), handle, requestInterface, u"Response"_s, this,
                     SLOT(takeResponse(uint, QVariantMap, QDBusMessage)));
}

UrlOpener::Ways::Request UrlOpener::Ways::take(const QString &handle)
{
    stopListening(handle);
    return m_requests.take(handle);
}

void UrlOpener::Ways::takeResponse(uint response, const QVariantMap &, const QDBusMessage &signal)
{
    if (!m_requests.contains(signal.path()))
        return;
    const Request request = take(signal.path());
    if (response == granted || response == cancelled)
        return;
    qCDebug(lcUrl) << "The portal failed:" << response;
    startXdgOpen(request.url, request.token);
}

// What it was asked for, and has not answered, it will not do any more.
void UrlOpener::Ways::leavePortal()
{
    const QStringList handles = m_requests.keys();
    for (const QString &handle : handles) {
        const Request request = take(handle);
        startXdgOpen(request.url, request.token);
    }
}

void UrlOpener::Ways::startXdgOpen(const QUrl &url, const QString &token)
{
    const QString program = QStandardPaths::findExecutable(u"xdg-open"_s);
    if (program.isEmpty()) {
        fail(url,
             UrlOpener::tr("Nothing could be opened: neither a desktop portal nor the "
                           "program xdg-open is there. Install xdg-utils."));
        return;
    }
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto &variable : {u"XDG_ACTIVATION_TOKEN"_s, u"DESKTOP_STARTUP_ID"_s}) {
        if (token.isEmpty())
            environment.remove(variable); // that of our own start is used up
        else
            environment.insert(variable, token);
    }
    auto *const process = new QProcess(this);
    process->setProcessEnvironment(environment);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setStandardErrorFile(QProcess::nullDevice());
    // A session of its own: what ends us, in a terminal for instance, does not end the browser.
    process->setChildProcessModifier([] { ::setsid(); });
    connect(process, &QProcess::errorOccurred, this,
            [this, process, url](QProcess::ProcessError error) {
                if (error != QProcess::FailedToStart)
                    return;
                process->deleteLater();
                judge(url, -1);
            });
    connect(process, &QProcess::finished, this,
            [this, process, url, patience = QDeadlineTimer(xdgOpenPatience)](
                int exitCode, QProcess::ExitStatus status) {
                process->deleteLater();
                if (!patience.hasExpired())
                    judge(url, status == QProcess::NormalExit ? exitCode : -1);
            });
    // Our end kills the shell between us, and leaves what it started. The address is an argument,
    // and not a part of what the shell reads.
    process->start(
        u"/bin/sh"_s,
        {u"-c"_s, u"\"$@\"; exit $?"_s, u"sh"_s, program, QString::fromLatin1(url.toEncoded())});
}

void UrlOpener::Ways::judge(const QUrl &url, int exitCode)
{
    if (exitCode == 0)
        return;
    qCDebug(lcUrl) << "xdg-open ended with" << exitCode;
    const bool isNotThere = exitCode == noToolFound;
    if (addressKind(url) == AddressKind::Foreign)
        fail(url,
             (isNotThere ? UrlOpener::tr("No program for “%1” addresses was found. Install one.")
                         : UrlOpener::tr("The program for “%1” addresses could not be started. "
                                         "Is one installed, and does it start by hand?"))
                 .arg(url.scheme()));
    else
        fail(url,
             isNotThere
                 ? UrlOpener::tr("No browser was found. Install one, or choose the one that you "
                                 "have as the standard in the settings of the desktop.")
                 : UrlOpener::tr("The browser could not be started. Does it start by hand?"));
}

void UrlOpener::Ways::fail(const QUrl &url, const QString &why)
{
    qCInfo(lcUrl).noquote() << "Not opened:" << nameOf(url);
    QMetaObject::invokeMethod(
        m_opener, [opener = m_opener, url, why] { Q_EMIT opener->failed(url, why); },
        Qt::QueuedConnection);
}

UrlOpener::UrlOpener(QObject *parent)
    : QObject(parent)
    , m_ways(std::make_unique<Ways>(this))
{}

UrlOpener::~UrlOpener() = default;

void UrlOpener::open(const QUrl &url, const QString &token, Consent consent)
{
    const QString why = objection(url, consent);
    if (!why.isEmpty())
        m_ways->fail(url, why);
    else
        m_ways->open(url, token);
}

#include "urlopener_linux.moc"
