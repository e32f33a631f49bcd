// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "fault.h"

#include "faultyportal.h"

using namespace Qt::Literals;
using Status = CountModel::Status;
using Trouble = FaultyPortal::Trouble;

QString nameOf(Fault fault)
{
    static const std::array<QString, faults> names = {
        u"cut"_s,
        u"cut in an event"_s,
        u"half an event"_s,
        u"clean end"_s,
        u"freeze"_s,
        u"freeze in an event"_s,
        u"black hole"_s,
        u"unplugged"_s,
        u"restart with another number"_s,
        u"502 for the stream"_s,
        u"502 for the count"_s,
        u"401, session renewed"_s,
        u"401, login refused"_s,
        u"no stream in the answer"_s,
        u"sleep"_s,
        u"sleep in silence"_s,
        u"another network"_s,
    };
    return names.at(size_t(fault));
}

void begin(Fault fault, FaultyPortal *portal)
{
    if (fault == Fault::CutInAnEvent || fault == Fault::FreezeInAnEvent)
        portal->beginEvent();
}

bool hasBegun(Fault fault, FaultyPortal *portal)
{
    return (fault != Fault::CutInAnEvent && fault != Fault::FreezeInAnEvent)
        || portal->cable()->hasPassed();
}

void inject(Fault fault, FaultyPortal *portal, int number)
{
    portal->expectTrouble();
    switch (fault) {
    case Fault::Cut:
    case Fault::CutInAnEvent:
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::HalfAnEvent:
        portal->beginEvent();
        portal->endStreams();
        portal->setNumber(number);
        break;
    case Fault::CleanEnd:
        portal->endStreams();
        portal->setNumber(number);
        break;
    case Fault::Freeze:
    case Fault::FreezeInAnEvent:
        portal->cable()->freeze();
        portal->setNumber(number);
        break;
    case Fault::BlackHole:
        portal->cable()->freeze();
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::Unplugged:
        portal->cable()->unplug();
        portal->setNumber(number);
        break;
    case Fault::Restart:
        portal->server()->stop();
        portal->setNumber(number);
        break;
    case Fault::BadGateway:
        portal->setTrouble(Trouble::StreamIsBadGateway);
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::BadGatewayForTheCount:
        portal->setTrouble(Trouble::SnapshotIsBadGateway);
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::SessionEnded:
        portal->revokeTokens();
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::LoginRefused:
        portal->allowLoginNeeded(true);
        portal->setTrouble(Trouble::LoginIsRefused);
        portal->revokeTokens();
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::NoStream:
        portal->setTrouble(Trouble::StreamIsNoStream);
        portal->cable()->cut();
        portal->setNumber(number);
        break;
    case Fault::Sleep:
        portal->feed()->stop(Feed::Occasion::Suspend);
        portal->cable()->strand();
        portal->setNumber(number);
        break;
    case Fault::SleepInSilence:
        // What runs goes on as before the sleep, so all is said at its end: see heal().
        portal->cable()->strand();
        portal->setNumber(number);
        portal->feed()->awaken();
        break;
    case Fault::OtherNetwork:
        portal->cable()->freeze();
        portal->cable()->strand();
        portal->setNumber(number);
        portal->feed()->awaken(); // a network went
        break;
    }
}

bool isNoticed(Fault fault, const FaultyPortal *portal)
{
    const Status status = portal->summary().status;
    switch (fault) {
    case Fault::Cut:
    case Fault::CutInAnEvent:
    case Fault::HalfAnEvent:
    case Fault::CleanEnd:
    case Fault::SessionEnded:
    case Fault::SleepInSilence:
        return portal->hasShownTrouble(); // and may be well again
    case Fault::Freeze:
    case Fault::FreezeInAnEvent:
    case Fault::BlackHole:
    case Fault::Unplugged:
    case Fault::Restart:
    case Fault::BadGateway:
    case Fault::OtherNetwork:
        return !portal->showsALiveNumber() && status != Status::Live && status != Status::Off;
    case Fault::BadGatewayForTheCount:
        return portal->hasShownTrouble() && !portal->showsALiveNumber();
    case Fault::LoginRefused:
        return !portal->showsALiveNumber() && status == Status::LoginNeeded;
    case Fault::NoStream:
        return portal->hasShownTrouble() && status == Status::Polling;
    case Fault::Sleep:
        return !portal->showsALiveNumber() && status == Status::Off;
    }
    Q_UNREACHABLE();
}

void heal(Fault fault, FaultyPortal *portal)
{
    portal->setTrouble(Trouble::None);
    switch (fault) {
    case Fault::Freeze:
    case Fault::FreezeInAnEvent:
    case Fault::BlackHole:
        portal->cable()->thaw();
        break;
    case Fault::Unplugged:
        portal->cable()->plugIn();
        break;
    case Fault::Restart:
        portal->server()->start();
        break;
    case Fault::LoginRefused:
        portal->feed()->start(); // by hand
        break;
    case Fault::Sleep:
        portal->feed()->start();
        break;
    case Fault::OtherNetwork:
        portal->cable()->thaw();
        portal->feed()->awaken(); // another one came
        break;
    default:
        break;
    }
}
