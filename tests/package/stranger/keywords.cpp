// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// The easy-going stranger: everything that Qt allows by default.
#include "everyheader.h"

class Inbox : public QObject
{
    Q_OBJECT

public:
    explicit Inbox(Sse::EventSource *source)
    {
        connect(source, SIGNAL(eventReceived(Sse::Event)), this, SLOT(add(Sse::Event)));
    }

signals:
    void added(const QString &text);

public slots:
    void add(const Sse::Event &event)
    {
        const QString prefix = "new: ";
        emit added(prefix + event.text());
    }
};

void connectInbox(Sse::EventSource *source);
void connectInbox(Sse::EventSource *source)
{
    Inbox inbox(source);
}

#include "keywords.moc"
