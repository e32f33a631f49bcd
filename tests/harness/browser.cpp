// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "browser.h"

#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QStandardPaths>

#include <memory>

using namespace Qt::Literals;

namespace Harness {

namespace {

constexpr int patience = 60'000; // ms; the first start of a browser on a busy machine is slow
constexpr auto elementKey = "element-6066-11e4-a52e-4f735466cecf"_L1; // fixed by W3C WebDriver, 11

QString driverPath()
{
    return QStandardPaths::findExecutable(u"chromedriver"_s);
}

} // namespace

Browser::Browser(QObject *parent)
    : QObject(parent)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_network.setTransferTimeout(patience);
}

Browser::~Browser()
{
    if (!m_session.isEmpty())
        command("DELETE", {}); // the browser is chromedriver's child: it would outlive a kill
    if (m_driver.state() == QProcess::NotRunning)
        return;
    m_driver.terminate();
    if (!m_driver.waitForFinished(5000)) {
        m_driver.kill();
        m_driver.waitForFinished();
    }
}

bool Browser::isInstalled()
{
    return !driverPath().isEmpty();
}

bool Browser::start()
{
    return startDriver() && startSession();
}

// A free port for IPv6 may be taken for IPv4: chromedriver wants both, and gives up.
bool Browser::startDriver()
{
    for (int attempt = 0; attempt < 5; ++attempt) {
        if (tryDriver())
            return true;
        m_driver.waitForFinished(patience);
    }
    return false;
}

bool Browser::tryDriver()
{
    m_driver.start(driverPath(), {u"--port=0"_s});
    static const QRegularExpression success(u"started successfully on port (\\d+)"_s);
    QString output;
    while (m_driver.waitForReadyRead(patience)) {
        output += QString::fromUtf8(m_driver.readAllStandardOutput());
        const QRegularExpressionMatch match = success.match(output);
        if (match.hasMatch()) {
            m_root = QUrl(u"http://127.0.0.1:%1"_s.arg(match.captured(1)));
            return true;
        }
    }
    m_error = u"chromedriver did not start: %1"_s.arg(
        output + QString::fromUtf8(m_driver.readAllStandardError()));
    return false;
}

bool Browser::startSession()
{
    const QJsonArray arguments = {
        u"--headless=new"_s,
        u"--no-sandbox"_s, // it refuses to run as root otherwise, as in most containers
        u"--disable-gpu"_s,
        u"--disable-dev-shm-usage"_s, // containers give it 64 MB
        u"--disable-quic"_s,
        u"--no-first-run"_s,
        u"--disable-background-networking"_s,
        u"--disable-component-update"_s,
        u"--disable-sync"_s,
        u"--no-proxy-server"_s,
        u"--window-size=1000,820"_s,
        "--user-data-dir="_L1 + m_profile.path(),
    };
    const QJsonObject options = {{u"goog:chromeOptions"_s, QJsonObject{{u"args"_s, arguments}}}};
    const QJsonValue value = command(
        "POST", u"/session"_s, {{u"capabilities"_s, QJsonObject{{u"alwaysMatch"_s, options}}}});
    const QString id = value[u"sessionId"_s].toString();
    if (id.isEmpty())
        return false;
    m_session = "/session/"_L1 + id;
    return true;
}

bool Browser::open(const QUrl &url)
{
    m_error.clear();
    command("POST", u"/url"_s, {{u"url"_s, url.toString()}});
    return m_error.isEmpty();
}

QStringList Browser::texts(const QString &selector)
{
    const QString script =
        u"return [...document.querySelectorAll(arguments[0])].map(e => e.innerText);"_s;
    return evaluate(script, {selector}).toVariant().toStringList();
}

QJsonValue Browser::evaluate(const QString &script, const QJsonArray &arguments)
{
    m_error.clear();
    const QJsonValue value =
        command("POST", u"/execute/sync"_s, {{u"script"_s, script}, {u"args"_s, arguments}});
    return m_error.isEmpty() ? value : QJsonValue(QJsonValue::Undefined);
}

bool Browser::click(const QString &selector)
{
    m_error.clear();
    const QJsonValue element =
        command("POST", u"/element"_s, {{u"using"_s, u"css selector"_s}, {u"value"_s, selector}});
    if (m_error.isEmpty())
        command("POST", u"/element/%1/click"_s.arg(element[elementKey].toString()));
    return m_error.isEmpty();
}

bool Browser::saveScreenshot(const QString &path)
{
    const QString png = command("GET", u"/screenshot"_s).toString();
    QFile file(path);
    return !png.isEmpty() && file.open(QIODevice::WriteOnly)
        && file.write(QByteArray::fromBase64(png.toLatin1())) > 0;
}

bool Browser::setDarkMode(bool isDark)
{
    m_error.clear();
    const QJsonObject feature = {{u"name"_s, u"prefers-color-scheme"_s},
                                 {u"value"_s, isDark ? u"dark"_s : u"light"_s}};
    command("POST", u"/goog/cdp/execute"_s,
            {{u"cmd"_s, u"Emulation.setEmulatedMedia"_s},
             {u"params"_s, QJsonObject{{u"features"_s, QJsonArray{feature}}}}});
    return m_error.isEmpty();
}

QJsonValue Browser::command(const QByteArray &method, const QString &path, const QJsonObject &body)
{
    QUrl url = m_root;
    url.setPath(m_session + path);
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const QByteArray content =
        method == "POST" ? QJsonDocument(body).toJson(QJsonDocument::Compact) : QByteArray();
    const std::unique_ptr<QNetworkReply> reply(
        m_network.sendCustomRequest(request, method, content));
    QEventLoop loop;
    connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    const QJsonValue value = QJsonDocument::fromJson(reply->readAll())[u"value"];
    if (reply->error() != QNetworkReply::NoError)
        m_error = value[u"message"_s].toString(reply->errorString());
    return value;
}

} // namespace Harness
