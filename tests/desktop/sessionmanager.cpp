// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sessionmanager.h"

#include <QHash>
#include <QSocketNotifier>

#include <cstdlib>
#include <cstring>

// libSM's headers want these first.
#include <X11/ICE/ICElib.h>
#include <X11/ICE/ICEutil.h>
#include <X11/SM/SMlib.h>

// Exported by libICE for session managers, and in none of its headers.
extern "C" int _IceTransNoListen(const char *protocol);

namespace Harness {

class SessionManager::Server : public QObject
{
public:
    ~Server() override;

    bool start();
    void accept(IceListenObj listener);
    void read(IceConn connection);

    int count = 0;
    IceListenObj *listeners = nullptr;
    SmsConn client = nullptr;
    QByteArrayList restartCommand;
    bool hasSaved = false;
    int saves = 0;
    bool isEnding = false;

private:
    static Status welcome(SmsConn connection, SmPointer data, unsigned long *mask,
                          SmsCallbacks *callbacks, char **why);
    static Server *self(SmPointer data) { return static_cast<Server *>(data); }

    QHash<IceConn, QSocketNotifier *> m_notifiers;
};

namespace {

Bool acceptAnybody(char *)
{
    return True; // the socket is the test's own
}

void doNotEndTheTest(IceConn)
{}

} // namespace

bool SessionManager::Server::start()
{
    IceSetIOErrorHandler(doNotEndTheTest); // libICE's own would call exit()
    _IceTransNoListen("tcp");
    char error[256] = {};
    char vendor[] = "test";
    char release[] = "1";
    if (!SmsInitialize(vendor, release, welcome, this, acceptAnybody, sizeof error, error)
        || !IceListenForConnections(&count, &listeners, sizeof error, error))
        return false;
    for (int index = 0; index < count; ++index) {
        IceListenObj listener = listeners[index];
        IceSetHostBasedAuthProc(listener, acceptAnybody);
        auto *const notifier = new QSocketNotifier(IceGetListenConnectionNumber(listener),
                                                   QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this,
                [this, listener] { accept(listener); });
    }
    return true;
}

SessionManager::Server::~Server()
{
    if (client)
        SmsCleanUp(client);
    const auto connections = m_notifiers.keys();
    for (IceConn connection : connections) {
        IceSetShutdownNegotiation(connection, False);
        IceCloseConnection(connection);
    }
    IceFreeListenObjs(count, listeners);
}

void SessionManager::Server::accept(IceListenObj listener)
{
    IceAcceptStatus status = IceAcceptFailure;
    IceConn connection = IceAcceptConnection(listener, &status);
    if (!connection || status != IceAcceptSuccess)
        return;
    auto *const notifier =
        new QSocketNotifier(IceConnectionNumber(connection), QSocketNotifier::Read, this);
    m_notifiers.insert(connection, notifier);
    connect(notifier, &QSocketNotifier::activated, this, [this, connection] { read(connection); });
}

void SessionManager::Server::read(IceConn connection)
{
    const IceProcessMessagesStatus status = IceProcessMessages(connection, nullptr, nullptr);
    if (status == IceProcessMessagesSuccess)
        return;
    delete m_notifiers.take(connection);
    if (client && SmsGetIceConnection(client) == connection) {
        SmsCleanUp(client);
        client = nullptr;
    }
    if (status == IceProcessMessagesIOError) {
        IceSetShutdownNegotiation(connection, False);
        IceCloseConnection(connection);
    }
}

Status SessionManager::Server::welcome(SmsConn connection, SmPointer data, unsigned long *mask,
                                       SmsCallbacks *callbacks, char **)
{
    self(data)->client = connection;
    self(data)->hasSaved = false;
    *mask = SmsRegisterClientProcMask | SmsInteractRequestProcMask | SmsInteractDoneProcMask
        | SmsSaveYourselfRequestProcMask | SmsSaveYourselfP2RequestProcMask
        | SmsSaveYourselfDoneProcMask | SmsCloseConnectionProcMask | SmsSetPropertiesProcMask
        | SmsDeletePropertiesProcMask | SmsGetPropertiesProcMask;
    const auto set = [data](auto &callback, auto function) {
        callback.callback = function;
        callback.manager_data = data;
    };
    set(callbacks->register_client, [](SmsConn it, SmPointer, char *previous) -> Status {
        if (previous) {
            std::free(previous);
            return 0; // we know nobody from before
        }
        char *const id = SmsGenerateClientID(it);
        SmsRegisterClientReply(it, id);
        std::free(id);
        SmsSaveYourself(it, SmSaveLocal, False, SmInteractStyleNone, False);
        return 1;
    });
    set(callbacks->interact_request, [](SmsConn it, SmPointer, int) { SmsInteract(it); });
    set(callbacks->interact_done, [](SmsConn, SmPointer, Bool) {});
    set(callbacks->save_yourself_request, [](SmsConn, SmPointer, int, Bool, int, Bool, Bool) {});
    set(callbacks->save_yourself_phase2_request,
        [](SmsConn it, SmPointer) { SmsSaveYourselfPhase2(it); });
    set(callbacks->save_yourself_done, [](SmsConn it, SmPointer manager, Bool) {
        if (self(manager)->isEnding)
            ++self(manager)->saves;
        else
            SmsSaveComplete(it);
        self(manager)->hasSaved = true;
    });
    set(callbacks->close_connection,
        [](SmsConn, SmPointer, int number, char **reasons) { SmFreeReasons(number, reasons); });
    set(callbacks->set_properties, [](SmsConn, SmPointer manager, int number, SmProp **properties) {
        for (int index = 0; index < number; ++index) {
            const SmProp &property = *properties[index];
            if (std::strcmp(property.name, SmRestartCommand) == 0) {
                self(manager)->restartCommand.clear();
                for (int word = 0; word < property.num_vals; ++word)
                    self(manager)->restartCommand.append(
                        QByteArray(static_cast<const char *>(property.vals[word].value),
                                   property.vals[word].length));
            }
            SmFreeProperty(properties[index]);
        }
        std::free(properties);
    });
    set(callbacks->delete_properties, [](SmsConn, SmPointer, int number, char **names) {
        for (int index = 0; index < number; ++index)
            std::free(names[index]);
        std::free(names);
    });
    set(callbacks->get_properties,
        [](SmsConn it, SmPointer) { SmsReturnProperties(it, 0, nullptr); });
    return 1;
}

SessionManager::SessionManager()
    : m_server(std::make_unique<Server>())
{}

SessionManager::~SessionManager() = default;

bool SessionManager::start()
{
    return m_server->start();
}

QString SessionManager::address() const
{
    char *const list = IceComposeNetworkIdList(m_server->count, m_server->listeners);
    const QString address = QString::fromLocal8Bit(list);
    std::free(list);
    return address;
}

bool SessionManager::hasClient() const
{
    return m_server->client && m_server->hasSaved;
}

void SessionManager::askToSave()
{
    m_server->isEnding = true;
    if (m_server->client)
        SmsSaveYourself(m_server->client, SmSaveBoth, True, SmInteractStyleAny, False);
}

void SessionManager::cancel()
{
    m_server->isEnding = false;
    if (m_server->client)
        SmsShutdownCancelled(m_server->client);
}

void SessionManager::letDie()
{
    if (m_server->client)
        SmsDie(m_server->client);
}

QByteArrayList SessionManager::restartCommand() const
{
    return m_server->restartCommand;
}

int SessionManager::saves() const
{
    return m_server->saves;
}

} // namespace Harness
