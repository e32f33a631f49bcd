// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requesttemplate.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RequestTemplate", text);
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
        if (value.isString())
            return text(Template(value.toString()));
        if (value.isArray()) {
            QJsonArray array = value.toArray();
            for (qsizetype index = 0; index < array.size(); ++index)
                array[index] = json(array.at(index));
            return array;
        }
        if (value.isObject()) {
            QJsonObject object = value.toObject();
            for (auto member = object.begin(); member != object.end(); ++member)
                *member = json(*member);
            return object;
        }
        return value;
    }

    QByteArray form(const QJsonObject &fields)
    {
        QByteArrayList pairs;
        for (auto field = fields.begin(); field != fields.end(); ++field)
            pairs.append(QUrl::toPercentEncoding(field.key()) + '='
                         + QUrl::toPercentEncoding(text(Template(field->toString()))));
        return pairs.join('&');
    }

    QUrl url(const Template &address)
    {
        const QString rendered = text(address);
        const QUrl url(rendered, QUrl::StrictMode);
        const bool isHttp = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
        if (error.isEmpty() && (!url.isValid() || !isHttp || url.host().isEmpty()))
            error = tr("“%1” is not an http or https address. Correct it in the source file.")
                        .arg(url.isValid() ? placeOf(url) : address.text());
        return url;
    }

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

void setHeaders(QNetworkRequest &request, const QMap<QString, Template> &headers,
                Renderer &renderer)
{
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        QString value = renderer.text(*header);
        value.remove(u'\r').remove(u'\n'); // a value can never begin a header of its own
        request.setRawHeader(header.key().toLatin1(), value.toUtf8());
    }
}

void setAuthorization(QNetworkRequest &request, const Source &source, Auth auth,
                      const Variables &variables)
{
    if (auth == Auth::Inherit)
        auth = source.auth;
    if (auth == Auth::Bearer && variables.contains(source.tokenVariable)) {
        request.setRawHeader("Authorization",
                             "Bearer " + variables.value(source.tokenVariable).toUtf8());
    } else if (auth == Auth::Basic) {
        const QString pair = variables.value(u"user"_s) + u':' + variables.value(u"password"_s);
        request.setRawHeader("Authorization", "Basic " + pair.toUtf8().toBase64());
    }
}

} // namespace

QString placeOf(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

RenderedRequest renderStep(const Source &source, const Step &step, const Variables &variables)
{
    Renderer renderer(variables);
    RenderedRequest rendered;
    QNetworkRequest &request = rendered.request;
    request.setUrl(renderer.url(step.url));
    // Qt sends Authorization along to any host that a redirect names, but for this policy.
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::SameOriginRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setRawHeader("Accept", step.accept.toLatin1());
    setAuthorization(request, source, step.auth, variables);
    switch (step.bodyKind) {
    case Step::Body::Empty:
        break;
    case Step::Body::Json:
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        rendered.body = toJson(renderer.json(step.body));
        break;
    case Step::Body::Form:
        request.setHeader(QNetworkRequest::ContentTypeHeader,
                          u"application/x-www-form-urlencoded"_s);
        rendered.body = renderer.form(step.body.toObject());
        break;
    case Step::Body::Text:
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain; charset=utf-8"_s);
        rendered.body = renderer.text(Template(step.body.toString())).toUtf8();
        break;
    }
    setHeaders(request, source.headers, renderer);
    setHeaders(request, step.headers, renderer);
    rendered.error = renderer.error;
    return rendered;
}

RenderedRequest renderStream(const Source &source, const Variables &variables)
{
    Renderer renderer(variables);
    RenderedRequest rendered;
    rendered.request.setUrl(renderer.url(source.streamUrl));
    setAuthorization(rendered.request, source, Auth::Inherit, variables);
    setHeaders(rendered.request, source.headers, renderer);
    setHeaders(rendered.request, source.streamHeaders, renderer);
    rendered.error = renderer.error;
    return rendered;
}
