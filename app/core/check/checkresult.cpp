// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "checkresult.h"

using namespace Qt::Literals;

CheckResult CheckResult::good(CheckStage stage, const QString &finding)
{
    return {stage, CheckVerdict::Good, {}, finding, {}, CheckEnd::Good};
}

CheckResult CheckResult::warning(CheckStage stage, const QString &finding, const QString &remedy)
{
    return {stage, CheckVerdict::Warning, {}, finding, remedy, CheckEnd::Good};
}

CheckResult CheckResult::bad(CheckStage stage, CheckEnd end, const QString &finding,
                             const QString &remedy)
{
    return {stage, CheckVerdict::Bad, {}, finding, remedy, end};
}

CheckResult CheckResult::skipped(CheckStage stage, const QString &why)
{
    return {stage, CheckVerdict::Skipped, {}, why, {}, CheckEnd::Good};
}

QString checkStageWord(CheckStage stage)
{
    switch (stage) {
    case CheckStage::Dns:
        return u"dns"_s;
    case CheckStage::Connect:
        return u"connect"_s;
    case CheckStage::Tls:
        return u"tls"_s;
    case CheckStage::Login:
        return u"login"_s;
    case CheckStage::Permissions:
        return u"permissions"_s;
    case CheckStage::Snapshot:
        return u"snapshot"_s;
    case CheckStage::StreamOpened:
        return u"streamOpened"_s;
    case CheckStage::FirstByte:
        return u"firstByte"_s;
    case CheckStage::Close:
        return u"close"_s;
    }
    Q_UNREACHABLE();
}

QString checkStageTitle(CheckStage stage)
{
    switch (stage) {
    case CheckStage::Dns:
        return u"DNS"_s;
    case CheckStage::Tls:
        return u"TLS"_s;
    case CheckStage::StreamOpened:
        return u"stream opened"_s;
    case CheckStage::FirstByte:
        return u"first byte"_s;
    default:
        return checkStageWord(stage);
    }
}

QString checkVerdictWord(CheckVerdict verdict)
{
    switch (verdict) {
    case CheckVerdict::Good:
        return u"good"_s;
    case CheckVerdict::Warning:
        return u"warning"_s;
    case CheckVerdict::Bad:
        return u"bad"_s;
    case CheckVerdict::Skipped:
        return u"skipped"_s;
    }
    Q_UNREACHABLE();
}
