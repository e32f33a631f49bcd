// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/exchange.h>

#include <QCommandLineOption>
#include <QList>
#include <QObject>

#include <functional>
#include <memory>

class FactLog;
class QCommandLineParser;

/*! How a server behaves: a scenario answers each request that comes to `ssekit serve`. */
class Scenario : public QObject
{
    Q_OBJECT

public:
    /*! \a log outlives the scenario. */
    explicit Scenario(FactLog *log);

    /*! Answers, or keeps the exchange to answer later. It lives until it is finished. */
    virtual void serve(Harness::Exchange *exchange) = 0;

protected:
    [[nodiscard]] FactLog *log() const { return m_log; }

    /*! Answers with a page of the folder `pages`. */
    static void answerPage(Harness::Exchange *exchange, const QString &fileName);
    static void answerNotFound(Harness::Exchange *exchange);
    static void answerWrongMethod(Harness::Exchange *exchange, const QByteArray &allowed);

private:
    FactLog *const m_log;
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
};

/*! All there are. */
[[nodiscard]] QList<ScenarioEntry> allScenarios();
