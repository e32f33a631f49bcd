// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tallybellprocess.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QTimer>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::Literals;

TallybellProcess::TallybellProcess()
    : m_configDirectory(m_folder.path())
{
    connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { m_output += m_process.readAllStandardOutput(); });
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { m_errors += m_process.readAllStandardError(); });
    connect(&m_process, &QProcess::finished, this, &TallybellProcess::ended);
    setProgram(QCoreApplication::applicationDirPath() + u"/tallybell"_s);
    m_process.setProcessEnvironment(QProcessEnvironment::systemEnvironment());
    setEnvironment(u"XDG_CONFIG_HOME"_s, m_configDirectory);
    // Of its own, or one program would find another one that runs at the same time, or its leavings.
    const QDir home(m_configDirectory);
    home.mkdir(u"sources"_s);
    for (const auto &[variable, folder] :
         {std::pair{u"XDG_STATE_HOME"_s, u"state"_s}, std::pair{u"XDG_CACHE_HOME"_s, u"cache"_s},
          std::pair{u"XDG_RUNTIME_DIR"_s, u"runtime"_s}}) {
        home.mkdir(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        setEnvironment(variable, home.filePath(folder));
    }
}

TallybellProcess::~TallybellProcess()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void TallybellProcess::addPortal(const QString &name, const QUrl &base)
{
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    if (!preset.open(QIODevice::ReadOnly))
        qFatal("no preset");
    QJsonObject source = QJsonDocument::fromJson(preset.readAll()).object();
    QJsonObject variables = source[u"vars"_s].toObject();
    variables[u"base"_s] = base.toString(QUrl::StripTrailingSlash);
    source[u"vars"_s] = variables;
    addSourceFile(name + u".json"_s, QJsonDocument(source).toJson());
}

void TallybellProcess::addSourceFile(const QString &fileName, const QByteArray &content)
{
    QFile file(m_configDirectory + u"/sources/"_s + fileName);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("no source file");
}

QString TallybellProcess::addSecrets(const QString &source, const QByteArray &password,
                                     QFile::Permissions permissions)
{
    QFile file(m_folder.filePath(u"secrets.json"_s));
    m_secrets.insert(source, QJsonObject{{u"password"_s, QString::fromUtf8(password)}});
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(m_secrets).toJson()) < 0
        || !file.setPermissions(permissions))
        qFatal("no secrets file");
    m_secretsFile = file.fileName();
    return m_secretsFile;
}

void TallybellProcess::setEnvironment(const QString &name, const QString &value)
{
    QProcessEnvironment environment = m_process.processEnvironment();
    environment.insert(name, value);
    m_process.setProcessEnvironment(environment);
}

void TallybellProcess::moveInWith(const TallybellProcess &other)
{
    m_configDirectory = other.m_configDirectory;
    m_secretsFile = other.m_secretsFile;
    m_process.setProcessEnvironment(other.m_process.processEnvironment());
}

void TallybellProcess::standApart()
{
    m_process.setChildProcessModifier([] {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::setsid();
    });
}

void TallybellProcess::start(const QStringList &arguments)
{
    m_output.clear();
    m_errors.clear();
    m_process.setArguments(arguments);
    m_process.start();
    if (!m_process.waitForStarted())
        qFatal("tallybell does not start");
}

void TallybellProcess::startConfigured(const QStringList &arguments)
{
    QStringList all = arguments;
    all << u"--config"_s << m_configDirectory;
    if (!m_secretsFile.isEmpty())
        all << u"--secrets-file"_s << m_secretsFile;
    start(all);
}

void TallybellProcess::send(int number)
{
    ::kill(pid_t(m_process.processId()), number);
}

std::optional<int> TallybellProcess::waitForExit(int seconds)
{
    // In the event loop: whom the program says good-bye to may live in this process.
    QEventLoop loop;
    connect(&m_process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
    if (m_process.state() != QProcess::NotRunning)
        loop.exec();
    if (m_process.state() != QProcess::NotRunning || m_process.exitStatus() != QProcess::NormalExit)
        return {};
    return m_process.exitCode();
}

QList<QJsonObject> TallybellProcess::facts() const
{
    QList<QJsonObject> facts;
    const QByteArrayList lines = m_output.split('\n');
    for (const QByteArray &line : lines) {
        if (!line.isEmpty())
            facts.append(QJsonDocument::fromJson(line).object());
    }
    return facts;
}

int TallybellProcess::lastCount() const
{
    int count = -1;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (fact[u"type"_s] == u"count"_s)
            count = fact[u"count"_s].toInt();
    }
    return count;
}

QJsonObject TallybellProcess::lastStatus() const
{
    QJsonObject status;
    const auto all = facts();
    for (const QJsonObject &fact : all) {
        if (fact[u"type"_s] == u"status"_s)
            status = fact;
    }
    return status;
}

QString TallybellProcess::runtimeDirectory() const
{
    return m_configDirectory + u"/runtime"_s;
}
