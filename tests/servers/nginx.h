// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serverprogram.h"

#include <QTemporaryDir>
#include <QUrl>

#include <csignal>

/*! One nginx in a folder of its own, with a site of the test's. */
class Nginx
{
public:
    /*! What is missing to run it, a sentence; empty where nothing is. */
    [[nodiscard]] static QString missing();
    /*! The same for an nginx with Nchan. */
    [[nodiscard]] static QString missingNchan();
    /*! Where Nchan is; empty without. */
    [[nodiscard]] static QString nchanModule();

    /*! Who runs the test: name and group, as nginx and PHP-FPM want them. */
    [[nodiscard]] static QString currentUser();

    Nginx();

    /*!
        Starts it with \a site, the part of a configuration that stands within "http", filled in
        with \a values and with FOLDER and PORT, where it must listen: waits until it does.
    */
    [[nodiscard]] bool start(const QString &site, const QHash<QString, QString> &values = {});

    /*! More of the configuration's outermost part. Before start(). */
    void setGlobalDirectives(const QString &directives) { m_globalDirectives = directives; }

    /*! It comes back after kill(), on the same port. */
    [[nodiscard]] bool startAgain();

    /*! New workers by SIGHUP, while the old ones end what they are at. */
    void reload() { m_program.send(SIGHUP); }

    void kill() { m_program.kill(); }

    /*! Its log so far. */
    [[nodiscard]] QByteArray log() const;
    /*! What it printed and its log, for a test that fails. */
    [[nodiscard]] QByteArray complaints() { return m_program.output() + log(); }

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QUrl url(const QString &path = {}) const;
    /*! The same with https. */
    [[nodiscard]] QUrl secureUrl(const QString &path = {}) const;
    [[nodiscard]] QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
    ServerProgram m_program;
    QString m_globalDirectives;
    quint16 m_port = 0;
};
