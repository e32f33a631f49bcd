// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "stepvariables.h"

#include "jsontext.h"

#include <algorithm>

using namespace Qt::Literals;

namespace {

void add(const Template &text, QSet<QString> &names)
{
    const QStringList found = text.names();
    names.unite({found.begin(), found.end()});
}

void add(const QMap<QString, Template> &texts, QSet<QString> &names)
{
    for (const Template &text : texts)
        add(text, names);
}

void add(const Step &step, const Source &source, QSet<QString> &names)
{
    add(step.url, names);
    if (!step.url.text().startsWith("http"_L1)) // perhaps a path of the server
        names.insert(u"base"_s);
    add(step.query, names);
    add(source.headers, names);
    add(step.headers, names);
    static_cast<void>(withStrings(step.body, [&names](const QString &text) {
        add(Template(text), names);
        return text;
    }));
    if (step.when)
        names.insert(step.when->variable);
    const Auth auth = step.auth == Auth::Inherit ? source.auth : step.auth;
    if (auth == Auth::Bearer)
        names.insert(source.tokenVariable);
    else if (auth == Auth::Basic)
        names.unite({u"user"_s, u"password"_s});
    if (step.transform == Step::Transform::RuoyiEncrypt)
        names.insert(u"rsaKey"_s);
}

} // namespace

QSet<QString> namesUsedBy(const QList<Step> &steps, const Source &source)
{
    QSet<QString> names;
    for (const Step &step : steps)
        add(step, source, names);
    return names;
}

QSet<QString> namesFromEvents(const Source &source)
{
    QSet<QString> names;
    for (const Rule &rule : source.rules) {
        const QStringList captured = rule.extractions.keys();
        names.unite({captured.begin(), captured.end()});
    }
    return names;
}

QSet<QString> namesFromSteps(const Source &source)
{
    QSet<QString> names;
    for (const QList<Step> &steps :
         {source.login, source.refresh, source.permissions, source.snapshot, source.afterOpen}) {
        for (const Step &step : steps) {
            const QStringList extracted = step.extractions.keys();
            names.unite({extracted.begin(), extracted.end()});
            if (step.prompt)
                names.insert(step.prompt->variable);
        }
    }
    return names;
}

QSet<QString> namesOfConnection(const Source &source)
{
    QSet<QString> names = namesFromEvents(source);
    names.insert(u"uuid"_s);
    names.remove(source.tokenVariable);
    for (auto secret = source.secrets.keyBegin(); secret != source.secrets.keyEnd(); ++secret)
        names.remove(*secret);
    return names.subtract(namesFromSteps(source));
}

QList<Step> stepsOfLogin(const QList<Step> &steps, const Source &source)
{
    const QSet<QString> ofConnection = namesOfConnection(source);
    QSet<QString> ofLogin;
    for (const Step &step : source.login) {
        const QStringList extracted = step.extractions.keys();
        ofLogin.unite({extracted.begin(), extracted.end()});
    }
    QList<Step> found;
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(found), [&](const Step &step) {
        const QSet<QString> names = namesUsedBy({step}, source);
        return names.intersects(ofLogin) && !names.intersects(ofConnection);
    });
    return found;
}

QList<Step> stepsOfConnection(const QList<Step> &steps, const Source &source)
{
    const QSet<QString> names = namesOfConnection(source);
    QList<Step> found;
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(found),
                 [&](const Step &step) { return namesUsedBy({step}, source).intersects(names); });
    return found;
}
