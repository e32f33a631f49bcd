// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/scenario.h"

#include <QCommandLineParser>
#include <QHostAddress>

#include <chrono>

/*! What the user asked `ssekit serve` for. */
struct ServeWish
{
    ScenarioEntry scenario;
    QHostAddress address;
    quint16 port = 0;
    QString logTarget; //!< Empty for none, "-" for standard output.
    std::chrono::milliseconds timeout{0}; //!< Of the whole run; 0: none.
    bool isEncrypted = false;
};

/*! The command line of `ssekit serve`. */
class ServeOptions
{
public:
    ServeOptions();

    /*! False: the sentence says what is wrong. */
    [[nodiscard]] bool read(const QStringList &arguments, QString *error);

    [[nodiscard]] bool asksForHelp() const { return m_parser.isSet(m_help); }
    [[nodiscard]] bool asksForList() const { return m_parser.isSet(m_list); }
    /*! A built-in script to print; empty without the option. */
    [[nodiscard]] QString shown() const { return m_parser.value(m_show); }
    [[nodiscard]] QByteArray helpText() const;
    [[nodiscard]] QByteArray list() const;

    /*! For what scenarios define. */
    [[nodiscard]] const QCommandLineParser &parser() const { return m_parser; }

    /*! When none of the above was asked for. An error in the sentence, or a wish. */
    [[nodiscard]] ServeWish wish(QString *error) const;

private:
    [[nodiscard]] QString foreignOption(const ScenarioEntry &chosen) const;

    const QList<ScenarioEntry> m_scenarios;
    const QCommandLineOption m_help;
    const QCommandLineOption m_list;
    const QCommandLineOption m_show;
    const QCommandLineOption m_port;
    const QCommandLineOption m_address;
    const QCommandLineOption m_tls;
    const QCommandLineOption m_speed;
    const QCommandLineOption m_timeout;
    const QCommandLineOption m_log;
    QCommandLineParser m_parser;
};
