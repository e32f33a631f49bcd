// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>

#include <QtCore/QCoreApplication>
#include <QtNetwork/QNetworkAccessManager>

#include <cstdio>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc != 2) {
        std::fprintf(stderr, "usage: watch URL\n");
        return 2;
    }
    const QUrl url(QString::fromLocal8Bit(argv[1]));

    QNetworkAccessManager manager;
    Sse::EventSource source(&manager);
    QObject::connect(&source, &Sse::EventSource::eventReceived, &app, [](const Sse::Event &event) {
        std::printf("%s: %s\n", event.type.constData(), event.data.constData());
        std::fflush(stdout);
    });
    source.open(QNetworkRequest(url));

    QObject::connect(&source, &Sse::EventSource::errorOccurred, &app,
                     [&] { std::fprintf(stderr, "%s\n", qPrintable(source.errorString())); });
    return app.exec();
}
