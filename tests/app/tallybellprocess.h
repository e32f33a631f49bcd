// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

#include <optional>

/*! The program `tallybell` as a child, with a home and a configuration of its own. */
class TallybellProcess : public QObject
{
    Q_OBJECT

public:
    static constexpr auto canary = "canary-4711"; // a password that must be seen nowhere

    TallybellProcess();
    ~TallybellProcess() override;

    /*! Writes a source file for the portal at \a base, which the program will read. */
    void addPortal(const QString &name, const QUrl &base);
    void addSourceFile(const QString &fileName, const QByteArray &content);
    /*! Adds \a password for \a source to the secrets file; 0600 unless told otherwise. */
    [[nodiscard]] QString addSecrets(const QString &source, const QByteArray &password,
                                     QFile::Permissions permissions = QFile::ReadOwner
                                         | QFile::WriteOwner);

    /*! For what is started from now on. */
    void setEnvironment(const QString &name, const QString &value);
    [[nodiscard]] QProcessEnvironment environment() const { return m_process.processEnvironment(); }
    /*! Has the home, the configuration and the secrets of \a other, which must live longer. */
    void moveInWith(const TallybellProcess &other);

    // Before the start:
    /*! Another program than the one beside the test. */
    void setProgram(const QString &path) { m_process.setProgram(path); }
    /*! Has it leave no core file when it crashes, and lead a session and process group of its own. */
    void standApart();

    void start(const QStringList &arguments);
    /*! start() with --config and --secrets-file for what was added. */
    void startConfigured(const QStringList &arguments);

    /*! Sends the signal \a number. */
    void send(int number);
    /*! Waits for the end; none if it crashed or does not come within \a seconds. */
    [[nodiscard]] std::optional<int> waitForExit(int seconds = 30);

    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    [[nodiscard]] QByteArray output() const { return m_output; }
    [[nodiscard]] QByteArray errors() const { return m_errors; }

    /*! The JSON lines so far. */
    [[nodiscard]] QList<QJsonObject> facts() const;
    /*! The last "count" line; -1 before. */
    [[nodiscard]] int lastCount() const;
    /*! The last "status" line; empty before. */
    [[nodiscard]] QJsonObject lastStatus() const;
    /*! Its word: "live" for instance. */
    [[nodiscard]] QString status() const { return lastStatus()[u"status"].toString(); }

    /*! Its state, cache and runtime folders are folders of its own in here. */
    [[nodiscard]] QString configDirectory() const { return m_configDirectory; }
    /*! Its XDG_RUNTIME_DIR. */
    [[nodiscard]] QString runtimeDirectory() const;

Q_SIGNALS:
    /*! It ended, however that happened. */
    void ended();

private:
    QTemporaryDir m_folder;
    QString m_configDirectory;
    QProcess m_process;
    QJsonObject m_secrets;
    QString m_secretsFile;
    QByteArray m_output;
    QByteArray m_errors;
};
