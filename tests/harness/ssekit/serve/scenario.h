// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/exchange.h>

#include <QCommandLineOption>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>

class FactLog;
class QCommandLineParser;

/*! Where a scenario is served. */
struct ServedPlace
{
    QUrl url;
    quint16 plainPort = 0; //!< The one without TLS: of the URL, or a second one.
};

/*! How a server behaves: a scenario answers each request that comes to `ssekit serve`. */
class Scenario : public QObject
{
    Q_OBJECT

public:
    /*! \a log outlives the scenario. */
    explicit Scenario(FactLog *log);

    /*! Answers, or keeps the exchange to answer later. It lives until it is finished. */
    virtual void serve(Harness::Exchange *exchange) = 0;
    /*! The scenario deletes exchanges itself, at any time after they are finished. */
    [[nodiscard]] virtual bool ownsExchanges() const { return false; }

    /*! What the scenario knows of a request from its head, for the line in the log. No secrets. */
    [[nodiscard]] virtual QJsonObject requestFacts(const Harness::Exchange *exchange) const;

    /*! Before the first exchange. */
    void setPlace(const ServedPlace &place) { m_place = place; }

Q_SIGNALS:
    /*! A client did not do what the scenario expects: the program ends with 1. */
    void failed(const QString &sentence);
    /*! The server is to go away for so long, with all connections. */
    void refuseWanted(std::chrono::milliseconds duration);
    /*! The program is to end with 0. */
    void quitWanted();

protected:
    [[nodiscard]] const ServedPlace &place() const { return m_place; }
    [[nodiscard]] FactLog *log() const { return m_log; }

    /*! Answers with a page of the folder `pages`. */
    static void answerPage(Harness::Exchange *exchange, const QString &fileName);
    static void answerNotFound(Harness::Exchange *exchange);
    static void answerWrongMethod(Harness::Exchange *exchange, const QByteArray &allowed);

private:
    FactLog *const m_log;
    ServedPlace m_place;
};

/*! One line of the list of scenarios, and how to make one. */
struct ScenarioEntry
{
    QString name;
    QString summary;
    QList<QCommandLineOption> options; //!< Of this scenario only.
    /*! Returns nothing, and a sentence in \a error, when an option makes no sense. */
    std::function<std::unique_ptr<Scenario>(const QCommandLineParser &options, FactLog *log,
                                            QString *error)>
        create;
    bool isScript = false;
};

/*! All there are. */
[[nodiscard]] QList<ScenarioEntry> allScenarios();
