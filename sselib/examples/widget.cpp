// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>

#include <QtNetwork/QNetworkAccessManager>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>

#include <cstdio>

//! [counter]
// The last number that the stream sent; grey while nobody can say that it still holds.
class Counter : public QLabel
{
public:
    explicit Counter(const QUrl &url)
        : QLabel(QStringLiteral("?"))
    {
        connect(&m_source, &Sse::EventSource::eventReceived, this,
                [this](const Sse::Event &event) { setText(event.text()); });
        connect(&m_source, &Sse::EventSource::stateChanged, this,
                [this](Sse::EventSource::State state) {
                    setEnabled(state == Sse::EventSource::State::Open);
                });
        connect(&m_source, &Sse::EventSource::errorOccurred, this,
                [this] { setToolTip(m_source.errorString()); });
        setEnabled(false);
        m_source.open(QNetworkRequest(url));
    }

private:
    QNetworkAccessManager m_manager;
    Sse::EventSource m_source{&m_manager};
};
//! [counter]

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    if (app.arguments().size() != 2) {
        std::fprintf(stderr, "usage: widget URL\n");
        return 2;
    }
    Counter counter{QUrl(app.arguments().at(1))};
    counter.setAlignment(Qt::AlignCenter);
    counter.resize(200, 80);
    counter.show();
    return app.exec();
}
