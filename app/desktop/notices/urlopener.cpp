// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "urlopener.h"

#include <QDesktopServices>

class UrlOpener::Ways
{};

UrlOpener::UrlOpener(QObject *parent)
    : QObject(parent)
{}

UrlOpener::~UrlOpener() = default;

void UrlOpener::open(const QUrl &url, const QString &, Consent consent)
{
    QString why = objection(url, consent);
    if (why.isEmpty() && !QDesktopServices::openUrl(url))
        why = tr("The system found no program for this address.");
    if (!why.isEmpty()) {
        QMetaObject::invokeMethod(
            this, [this, url, why] { Q_EMIT failed(url, why); }, Qt::QueuedConnection);
    }
}
