// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// The strict stranger: everything that Qt lets one forbid.
#define QT_NO_KEYWORDS
#define QT_NO_FOREACH
#define QT_NO_CAST_FROM_ASCII
#define QT_NO_CAST_TO_ASCII
#define QT_NO_CAST_FROM_BYTEARRAY
#define QT_NO_URL_CAST_FROM_STRING
#define QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
#define QT_NO_CONTEXTLESS_CONNECT
#define QT_USE_QSTRINGBUILDER
#define QT_DISABLE_DEPRECATED_BEFORE 0x060400
#include "everyheader.h"

class Inbox : public QObject
{
    Q_OBJECT

public:
    explicit Inbox(Sse::EventSource *source)
    {
        connect(source, &Sse::EventSource::eventReceived, this, &Inbox::add);
    }

Q_SIGNALS:
    void added(const QString &text);

public Q_SLOTS:
    void add(const Sse::Event &event) { Q_EMIT added(event.text()); }
};

void connectInbox(Sse::EventSource *source);
void connectInbox(Sse::EventSource *source)
{
    Inbox inbox(source);
    // Names that Qt would take as its keywords.
    const int signals = 0, slots = 1, emit = 2;
    inbox.setProperty("sum", signals + slots + emit);
}

#include "no_keywords.moc"
