// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "closedelivery.h"

#include "core/secrets/redaction.h"

#include <algorithm>

using namespace Qt::Literals;

CloseDelivery::CloseDelivery(std::unique_ptr<Sse::Beacon> beacon, const CloseRequest &request,
                             const Source &source, const Variables &variables, QObject *parent)
    : QObject(parent)
    , m_beacon(std::move(beacon))
    , m_request(request)
    , m_source(source)
    , m_variables(variables)
{
    connect(m_beacon.get(), &Sse::Beacon::finished, this, [this](const Sse::BeaconResult &result) {
        StepOutcome outcome = outcomeOf(result);
        outcome.sentence = redacted(outcome.sentence, m_source, m_variables);
        deleteLater();
        Q_EMIT finished(outcome);
    });
    if (m_request.requests.isEmpty() || !m_beacon->hold(m_request.requests))
        m_beacon->release();
    m_beacon->send();
}

StepOutcome CloseDelivery::outcomeOf(const Sse::BeaconResult &result) const
{
    StepOutcome outcome;
    const bool isExpected = (result.status >= 200 && result.status <= 399)
        || std::any_of(m_source.close.begin(), m_source.close.end(), [&result](const Step &step) {
                                return step.expectedStatus.contains(result.status);
                            });
    if (m_request.requests.isEmpty()) {
        outcome.kind = StepOutcome::Kind::Refused;
        outcome.sentence =
            m_request.flaw.isEmpty() ? tr("No step of “close” is due.") : m_request.flaw;
    } else if (result.isDelivered && result.status == 0) {
        outcome.kind = StepOutcome::Kind::Refused;
        outcome.sentence = tr("The close request is larger than 64 KiB, and was not sent.");
    } else if (result.status == 0) {
        outcome.kind = StepOutcome::Kind::Transient;
        outcome.sentence = tr("%1 cannot be reached: %2.").arg(m_request.place, result.errorString);
    } else if (!isExpected) {
        outcome.kind = kindOfStatus(result.status);
        outcome.sentence =
            tr("%1 answered %2.").arg(m_request.place, QString::number(result.status));
        if (outcome.kind == StepOutcome::Kind::Refused)
            outcome.sentence += u' ' + tr("Check the address in the source file.");
    }
    return outcome;
}
