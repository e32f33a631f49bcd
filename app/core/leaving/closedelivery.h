// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closerequest.h"

#include "core/feed/steprunner.h"

#include <QObject>

#include <memory>

/*!
    A close request on its way. It deletes itself when it is over; whoever deletes it earlier does not
    keep the request from being sent.
*/
class CloseDelivery : public QObject
{
    Q_OBJECT

public:
    /*! Sends \a request, made of \a variables, by \a beacon, in place of what that holds. */
    CloseDelivery(std::unique_ptr<Sse::Beacon> beacon, const CloseRequest &request,
                  const Source &source, const Variables &variables, QObject *parent);

Q_SIGNALS:
    /*! Once, not before the constructor has returned. The sentence has no secret. */
    void finished(const StepOutcome &outcome);

private:
    [[nodiscard]] StepOutcome outcomeOf(const Sse::BeaconResult &result) const;

    const std::unique_ptr<Sse::Beacon> m_beacon;
    const CloseRequest m_request;
    const Source m_source;
    const Variables m_variables;
};
