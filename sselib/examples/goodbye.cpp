// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Follows a stream, and says goodbye to its server however it ends: goodbye STREAM-URL CLOSE-URL

#include <sselib/beacon.h>
#include <sselib/eventsource.h>

#include <QCoreApplication>
#include <QNetworkAccessManager>

#include <cstdio>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc != 3) {
        std::fputs("usage: goodbye STREAM-URL CLOSE-URL\n", stderr);
        return 2;
    }

    Sse::BeaconRequest goodbye;
    goodbye.request.setUrl(QUrl::fromUserInput(QString::fromLocal8Bit(argv[2])));
    goodbye.request.setRawHeader("Content-Type", "application/json");
    goodbye.body = R"({"reason":"quit"})";

    QNetworkAccessManager manager;
    Sse::EventSource source(&manager);
    Sse::Beacon beacon;
    QObject::connect(&source, &Sse::EventSource::opened, &beacon, [&] { beacon.hold({goodbye}); });
    QObject::connect(&source, &Sse::EventSource::eventReceived, &app, [](const Sse::Event &event) {
        std::printf("%s: %s\n", event.type.constData(), event.data.constData());
        std::fflush(stdout);
    });
    source.open(QNetworkRequest(QUrl::fromUserInput(QString::fromLocal8Bit(argv[1]))));
    return QCoreApplication::exec();
}
