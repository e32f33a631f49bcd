// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamprobe.h"

#include "core/feed/requesttemplate.h"

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Error = Sse::EventSource::Error;

namespace {

constexpr std::chrono::milliseconds lookForBytes = 100ms;
constexpr auto hidden = QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment;

int toSeconds(std::chrono::milliseconds duration)
{
    return int(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

} // namespace

StreamProbe::StreamProbe(QNetworkAccessManager *manager, const Terms &terms, QObject *parent)
    : QObject(parent)
    , m_terms(terms)
    , m_stream(manager)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // sentences name the limit
    connect(&m_timer, &QTimer::timeout, this, &StreamProbe::timeOut);
    connect(&m_byteTimer, &QTimer::timeout, this, [this] {
        if (m_stream.bytesReceived() > 0)
            firstByte(tr("The first bytes came, not yet a whole event."));
    });
    // The limits are ours, so that they can be told apart.
    m_stream.setOpenTimeout(0ms);
    m_stream.setIdleTimeout(0ms);
    connect(&m_stream, &Sse::EventSource::opened, this, &StreamProbe::streamOpened);
    connect(&m_stream, &Sse::EventSource::errorOccurred, this, &StreamProbe::streamFailed);
    connect(&m_stream, &Sse::EventSource::eventReceived, this, [this](const Sse::Event &event) {
        constexpr qsizetype enough = 40;
        firstByte(
            tr("The first event came, “%1”.").arg(QString::fromUtf8(event.type).left(enough)));
    });
    connect(&m_stream, &Sse::EventSource::commentReceived, this, [this] {
        firstByte(tr("The first comment came: the server keeps the stream alive."));
    });
}

void StreamProbe::open(const RenderedRequest &rendered, const QByteArray &method,
                       const QList<QSslCertificate> &caCertificates)
{
    m_stream.setMethod(method, rendered.body);
    m_stream.setCaCertificates(caCertificates);
    m_url = rendered.request.url();
    m_place = rendered.place;
    m_elapsed.start();
    m_timer.start(m_terms.openLimit);
    m_stream.open(rendered.request);
}

void StreamProbe::close()
{
    m_timer.stop();
    m_byteTimer.stop();
    m_stream.close();
}

void StreamProbe::streamOpened()
{
    Q_EMIT opened();
    const QUrl url = m_stream.url();
    if (url == m_url.adjusted(QUrl::RemoveUserInfo)) {
        finish(
            CheckResult::good(m_stage, tr("%1 answered 200 with an event stream.").arg(m_place)));
    } else {
        finish(CheckResult::warning(
            m_stage,
            tr("%1 led to %2, which answered 200 with an event stream.")
                .arg(m_place, url.toDisplayString(hidden)),
            tr("Put the last address into the source file: each connection makes the detour.")));
    }
    m_timer.start(m_terms.firstByteLimit);
    m_byteTimer.start(lookForBytes);
}

void StreamProbe::firstByte(const QString &finding)
{
    close();
    finish(CheckResult::good(m_stage, finding));
    Q_EMIT passed();
}

void StreamProbe::timeOut()
{
    const bool isOpen = m_stage == CheckStage::FirstByte;
    finish(isOpen ? silent() : heldBack());
    m_stream.close();
    if (isOpen)
        Q_EMIT passed();
}

void StreamProbe::streamFailed(Error error)
{
    const CheckResult result = failure(error);
    close(); // one attempt is enough
    finish(result);
}

CheckResult StreamProbe::heldBack() const
{
    const int seconds = toSeconds(m_terms.openLimit);
    if (m_terms.plainRequestsWork)
        return bad(tr("No byte of an answer from %1 within %n s, while other requests are "
                      "answered.",
                      nullptr, seconds)
                       .arg(m_place),
                   tr("A proxy holds the stream back: switch off buffering for this path (nginx: "
                      "`proxy_buffering off`). If there is none, let the server send the head at "
                      "once, not with its first event."));
    return bad(tr("No byte of an answer from %1 within %n s.", nullptr, seconds).arg(m_place),
               tr("If a proxy holds the stream back, switch off buffering for this path (nginx: "
                  "`proxy_buffering off`). Else the server is too slow."),
               CheckEnd::CannotConnect);
}

// A stream that nobody has anything to say on looks the same as one that is held back.
CheckResult StreamProbe::silent() const
{
    return CheckResult::warning(
        m_stage,
        tr("No byte within %n s; that is normal for servers without a greeting.", nullptr,
           toSeconds(m_terms.firstByteLimit)),
        tr("To be sure that nothing holds events back, change the count while this waits, with "
           "--timeout 60 for instance."));
}

CheckResult StreamProbe::failure(Error error) const
{
    const QString source = tr("Check the address in the source file.");
    switch (error) {
    case Error::NoContent:
        return bad(tr("%1 answered 204: it asks not to come again.").arg(m_place),
                   tr("It has no stream at this address, or none for you: %1").arg(source));
    case Error::HttpStatus:
        return badStatus();
    case Error::ContentType:
        if (m_stream.contentType().startsWith("text/html"))
            return bad(
                tr("%1 answered with a web page (text/html), not with an event stream: mostly a "
                   "login page.")
                    .arg(m_place),
                tr("The session does not reach the stream: let the source file send what the login "
                   "gave (\"http\": {\"auth\": …}), and check the address."));
        return bad(streamSentence(), tr("The stream must say Content-Type: text/event-stream."));
    case Error::ContentEncoding:
        return bad(streamSentence(),
                   tr("Switch compression off for this path (nginx: `gzip off`): it holds small "
                      "events back."));
    case Error::Redirect:
        return bad(streamSentence(), tr("Put the last address into the source file."));
    case Error::Tls:
        return bad(streamSentence(), tr("Let this computer trust the server's authority."),
                   CheckEnd::CannotConnect);
    case Error::InvalidRequest:
        return bad(streamSentence(), tr("Correct it in the source file."),
                   CheckEnd::BadConfiguration);
    case Error::LimitExceeded:
        return bad(streamSentence(), tr("Let the server send shorter events."));
    case Error::StreamEnded:
    case Error::ConnectionLost:
        return bad(
            tr("The stream was open, and ended before its first byte: %1").arg(streamSentence()),
            tr("Look for a time limit at the server or at a proxy (nginx: "
               "`proxy_read_timeout 1h`); let the server send a comment each 15 s."));
    case Error::NoError:
    case Error::ConnectionFailed:
    case Error::OpenTimeout:
    case Error::IdleTimeout:
        break;
    }
    if (m_terms.plainRequestsWork)
        return bad(
            tr("%1 While other requests are answered, this one is not.").arg(streamSentence()),
            tr("Look into the log of the server, or of the proxy before it."),
            CheckEnd::CannotConnect);
    return bad(streamSentence(), tr("Check the address in the source file, and the network."),
               CheckEnd::CannotConnect);
}

CheckResult StreamProbe::badStatus() const
{
    const int status = m_stream.httpStatus();
    const QString finding = tr("%1 answered %2.").arg(m_place, QString::number(status));
    const QString remedy = [status] {
        switch (status) {
        case 401:
            return tr(
                "The session does not count for the stream: let the source file send what the "
                "login gave (\"http\": {\"auth\": …}).");
        case 403:
            return tr("Ask whoever manages the server for the permission to see the stream.");
        case 404:
        case 405:
        case 410:
            return tr("Check the address of the stream in the source file.");
        case 406:
            return tr("The server does not offer text/event-stream at this address: check it in "
                      "the source file.");
        case 407:
            return tr("The proxy asks for a login: give it one in the settings of the system.");
        case 429:
            return tr("Too many requests or streams of this user: close some, and try later.");
        case 502:
        case 503:
        case 504:
            return tr("A proxy answers instead of the server, which is down, or too slow to begin "
                      "the stream: look into the proxy's log.");
        default:
            return status >= 500 ? tr("Look into the log of the server.")
                                 : tr("Check the address and the headers in the source file.");
        }
    }();
    if (status == 401)
        return bad(finding, remedy, CheckEnd::LoginNeeded);
    return bad(finding, remedy, status >= 500 ? CheckEnd::CannotConnect : CheckEnd::Failed);
}

CheckResult StreamProbe::bad(const QString &finding, const QString &remedy, CheckEnd end) const
{
    return CheckResult::bad(m_stage, end, finding, remedy);
}

// The library names the address as it was asked for, secrets in its path included.
QString StreamProbe::streamSentence() const
{
    return m_stream.errorString().replace(m_url.toDisplayString(hidden), m_place);
}

// The stage is over; the next one begins now.
void StreamProbe::finish(const CheckResult &result)
{
    CheckResult timed = result;
    timed.duration = std::chrono::milliseconds(m_elapsed.restart());
    m_stage = CheckStage::FirstByte;
    Q_EMIT stageDone(timed);
}
