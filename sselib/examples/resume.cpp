// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QSaveFile>
#include <QtNetwork/QNetworkAccessManager>

#include <cstdio>

//! [id]
// Keeps the id of the last event in a file, so that the next run goes on where this one ended.
class LastEventId
{
public:
    explicit LastEventId(const QString &path)
        : m_path(path)
    {}

    [[nodiscard]] QByteArray read() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    void write(const QByteArray &id) const
    {
        QSaveFile file(m_path); // the old id stays until the new one is on the disk
        if (!file.open(QIODevice::WriteOnly) || file.write(id) != id.size() || !file.commit())
            std::fprintf(stderr, "%s: %s\n", qPrintable(m_path), qPrintable(file.errorString()));
    }

private:
    const QString m_path;
};
//! [id]

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() != 4) {
        std::fprintf(stderr, "usage: resume STREAM-URL TOKEN-URL ID-FILE\n");
        return 2;
    }
    const QUrl tokenUrl(arguments.at(2));
    const LastEventId lastEventId(arguments.at(3));

    QNetworkAccessManager streams;
    QNetworkAccessManager requests; // six open streams would block every other request on one
    Sse::EventSource source(&streams);
    source.setLastEventId(lastEventId.read());

    //! [hook]
    // A fresh token before each attempt. Where it cannot be had, the attempt fails by itself after
    // openTimeout(), and the next one asks again.
    source.setRequestHook([&](QNetworkRequest request, const Sse::EventSource::Proceed &proceed) {
        QNetworkReply *const reply = requests.get(QNetworkRequest(tokenUrl));
        QObject::connect(reply, &QNetworkReply::finished, &source, [reply, request, proceed] {
            reply->deleteLater();
            if (reply->error() != QNetworkReply::NoError)
                return;
            QNetworkRequest authorized(request);
            authorized.setRawHeader("Authorization", "Bearer " + reply->readAll().trimmed());
            proceed(authorized);
        });
    });
    //! [hook]

    QObject::connect(&source, &Sse::EventSource::eventReceived, &app,
                     [&lastEventId](const Sse::Event &event) {
                         std::printf("%s\n", qPrintable(event.text()));
                         std::fflush(stdout);
                         lastEventId.write(event.lastEventId); // after the work, not before it
                     });
    QObject::connect(&source, &Sse::EventSource::errorOccurred, &app,
                     [&source] { std::fprintf(stderr, "%s\n", qPrintable(source.errorString())); });
    source.open(QNetworkRequest(QUrl(arguments.at(1))));
    return app.exec();
}
