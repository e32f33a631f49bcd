// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requesttemplate.h"

#include "requesttransform.h"

#include "core/source/jsontext.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RequestTemplate", text);
}

// An address that a step extracted may be a path of the server.
QUrl absolute(const QString &address, const Variables &variables)
{
    const QUrl url(address, QUrl::StrictMode);
    return address.startsWith(u'/') ? QUrl(variables.value(u"base"_s)).resolved(url) : url;
}

// Some servers want their secret in the path: only what the source file says itself is shown. Nor
// are user, password, query and fragment.
QString placeOf(const Template &address, const Source &source, const QUrl &target)
{
    Variables shown = source.variables;
    const QStringList names = address.names();
    for (const QString &name : names) {
        if (!shown.contains(name))
            shown.insert(name, u"…"_s);
    }
    QUrl url = absolute(address.render(shown).value_or(QString()), shown);
    if (url.host().isEmpty() && !target.host().isEmpty()) { // an address that a step extracted
        url = target;
        url.setPath(u"/…"_s);
    }
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

// Renders templates and keeps the first complaint, so that callers look at it only once.
class Renderer
{
public:
    explicit Renderer(const Variables &variables)
        : m_variables(variables)
    {}

    QString text(const Template &text)
    {
        const std::optional<QString> rendered = text.render(m_variables);
        if (!rendered && error.isEmpty())
            error = tr("The variable “%1” has no value; the source file uses it in “%2”.")
                        .arg(text.missingName(m_variables), text.text());
        return rendered.value_or(QString());
    }

    QJsonValue json(const QJsonValue &value)
    {
        return withStrings(value, [this](const QString &string) { return text(Template(string)); });
    }

    QByteArray form(const QJsonObject &fields)
    {
        QByteArrayList pairs;
        for (auto field = fields.begin(); field != fields.end(); ++field)
            pairs.append(QUrl::toPercentEncoding(field.key()) + '='
                         + QUrl::toPercentEncoding(text(Template(field->toString()))));
        return pairs.join('&');
    }

    // The address with \a query behind it. The place is what people and logs may see of it.
    QUrl url(const Source &source, const Template &address, const QMap<QString, Template> &query,
             const QMap<QString, Template> &uriTemplate, QString *place)
    {
        QString rendered = text(address); // once: what a server gave is no template of ours
        for (auto value = uriTemplate.begin(); value != uriTemplate.end(); ++value)
            rendered.replace(u'{' + value.key() + u'}',
                             QString::fromLatin1(QUrl::toPercentEncoding(text(*value))));
        QUrl url = absolute(rendered, m_variables);
        *place = placeOf(address, source, url);
        const bool isHttp = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
        if (error.isEmpty() && (!url.isValid() || !isHttp || url.host().isEmpty()))
            error = tr("“%1” is not an http or https address. Correct it in the source file.")
                        .arg(place->isEmpty() ? address.text() : *place);
        QByteArrayList pairs;
        if (url.hasQuery())
            pairs.append(url.query(QUrl::FullyEncoded).toLatin1());
        for (auto pair = query.begin(); pair != query.end(); ++pair)
            pairs.append(QUrl::toPercentEncoding(pair.key()) + '='
                         + QUrl::toPercentEncoding(text(*pair)));
        if (!pairs.isEmpty())
            url.setQuery(QString::fromLatin1(pairs.join('&')), QUrl::StrictMode);
        return url;
    }

    QByteArray body(Step::Body kind, const QJsonValue &content, QNetworkRequest &request);

    QString error;

private:
    const Variables &m_variables;
};

QByteArray toJson(const QJsonValue &value)
{
    if (value.isObject())
        return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.sliced(1, list.size() - 2);
}

QByteArray Renderer::body(Step::Body kind, const QJsonValue &content, QNetworkRequest &request)
{
    switch (kind) {
    case Step::Body::Empty:
        break;
    case Step::Body::Json:
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        return toJson(json(content));
    case Step::Body::Form:
        request.setHeader(QNetworkRequest::ContentTypeHeader,
                          u"application/x-www-form-urlencoded"_s);
        return form(content.toObject());
    case Step::Body::Text:
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain; charset=utf-8"_s);
        return text(Template(content.toString())).toUtf8();
    }
    return {};
}

// A value can never begin a header of its own.
void setHeader(QNetworkRequest &request, const QByteArray &name, QByteArray value)
{
    value.removeIf([](char byte) { return byte == '\r' || byte == '\n' || byte == '\0'; });
    request.setRawHeader(name, value);
}

// Qt would say that we were a browser.
QByteArray userAgent()
{
    return "Tallybell/" + QCoreApplication::applicationVersion().toLatin1();
}

void setHeaders(QNetworkRequest &request, const QMap<QString, Template> &headers,
                Renderer &renderer)
{
    for (auto header = headers.begin(); header != headers.end(); ++header)
        setHeader(request, header.key().toLatin1(), renderer.text(*header).toUtf8());
}

void setAuthorization(QNetworkRequest &request, const Source &source, Auth auth,
                      const Variables &variables)
{
    if (auth == Auth::Inherit)
        auth = source.auth;
    const QByteArray token = variables.value(source.tokenVariable).toUtf8();
    if (auth == Auth::Bearer && !token.isEmpty()) {
        setHeader(request, "Authorization", "Bearer " + token);
    } else if (auth == Auth::Basic) {
        const QString pair = variables.value(u"user"_s) + u':' + variables.value(u"password"_s);
        setHeader(request, "Authorization", "Basic " + pair.toUtf8().toBase64());
    }
}

} // namespace

bool expectsRedirect(const Step &step)
{
    return std::any_of(step.expectedStatus.begin(), step.expectedStatus.end(),
                       [](int status) { return status / 100 == 3; });
}

RenderedRequest renderStep(const Source &source, const Step &step, const Variables &variables)
{
    Renderer renderer(variables);
    RenderedRequest rendered;
    QNetworkRequest &request = rendered.request;
    request.setUrl(renderer.url(source, step.url, step.query, {}, &rendered.place));
    // Qt sends Authorization along to any host that a redirect names, but for this policy.
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         expectsRedirect(step) ? QNetworkRequest::ManualRedirectPolicy
                                               : QNetworkRequest::SameOriginRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    setHeader(request, "Accept", step.accept.toLatin1());
    setAuthorization(request, source, step.auth, variables);
    rendered.body = renderer.body(step.bodyKind, step.body, request);
    setHeader(request, "User-Agent", userAgent());
    setHeaders(request, source.headers, renderer);
    setHeaders(request, step.headers, renderer);
    rendered.error = renderer.error;
    if (rendered.error.isEmpty())
        rendered.error = transformRequest(step.transform, variables, request, rendered.body);
    return rendered;
}

RenderedRequest renderStream(const Source &source, const Variables &variables)
{
    const StreamDescription &stream = source.stream;
    Renderer renderer(variables);
    RenderedRequest rendered;
    rendered.request.setUrl(
        renderer.url(source, stream.url, stream.query, stream.uriTemplate, &rendered.place));
    rendered.request.setAttribute(QNetworkRequest::Http2AllowedAttribute, stream.http2);
    if (!stream.accept.isEmpty())
        setHeader(rendered.request, "Accept", stream.accept.toLatin1());
    setAuthorization(rendered.request, source, Auth::Inherit, variables);
    rendered.body = renderer.body(stream.bodyKind, stream.body, rendered.request);
    setHeader(rendered.request, "User-Agent", userAgent());
    setHeaders(rendered.request, source.headers, renderer);
    setHeaders(rendered.request, stream.headers, renderer);
    rendered.error = renderer.error;
    return rendered;
}
