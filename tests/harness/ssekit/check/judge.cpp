// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/judge.h"

using namespace std::chrono_literals;
using namespace Qt::Literals;

QString levelName(Finding::Level level)
{
    switch (level) {
    case Finding::Level::Ok:
        return u"ok"_s;
    case Finding::Level::Note:
        return u"note"_s;
    case Finding::Level::Warning:
        return u"warning"_s;
    case Finding::Level::Failure:
        return u"failure"_s;
    }
    Q_UNREACHABLE();
}

QString inSeconds(std::chrono::milliseconds time)
{
    return time < 10s ? u"%1 s"_s.arg(double(time.count()) / 1000, 0, 'f', time < 100ms ? 3 : 1)
                      : u"%1 s"_s.arg(std::chrono::round<std::chrono::seconds>(time).count());
}

Findings judge(const EndpointFacts &facts)
{
    Findings findings = judgeHead(facts);
    // Of what is no stream, the rest would be said about an error page.
    if (facts.watch.isStream())
        findings += judgeDelivery(facts) + judgeEvents(facts);
    return findings + judgeTransport(facts);
}
