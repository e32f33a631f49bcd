// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "latefarewells.h"

#include "closedelivery.h"
#include "farewell.h"

#include "core/secrets/redaction.h"
#include "core/source/stepvariables.h"

#include <QFile>
#include <QLoggingCategory>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.farewell", QtInfoMsg)

constexpr qsizetype mostKept = 8; // more of them, and the app never came as far as a login

} // namespace

LateFarewells::LateFarewells(const Source &source, const CloseRequestMaker *maker,
                             const FarewellFolder *folder, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_maker(maker)
    , m_folder(folder)
    , m_steps(stepsOfConnection(source.close, source))
    , m_names(namesOfConnection(source))
{}

void LateFarewells::send(const Variables &variables, const QString &own)
{
    const QStringList files = m_folder->files();
    for (qsizetype index = 0; index < files.size(); ++index) {
        const QString &file = files.at(index);
        if (file == own || m_onTheirWay.contains(file))
            continue;
        if (index < mostKept)
            sendFile(file, variables);
        else
            QFile::remove(file);
    }
}

void LateFarewells::sendFile(const QString &file, const Variables &variables)
{
    const std::optional<FarewellRecord> record = m_folder->read(file);
    QString obstacle = whyPointless(record);
    Variables all = variables;
    CloseRequest request;
    if (obstacle.isEmpty()) {
        for (const QString &name : m_names) { // those of this session would close it
            all.remove(name);
            if (record->variables.contains(name))
                all.insert(name, record->variables.value(name));
        }
        all.insert(u"occasion"_s, record->occasion);
        request = m_maker->make(m_steps, all, record->key);
        if (request.requests.isEmpty())
            obstacle = request.flaw.isEmpty() ? tr("It is not due any more.") : request.flaw;
        else if (request.origin() != record->server)
            obstacle = tr("It was for another server.");
    }
    if (!obstacle.isEmpty()) {
        QFile::remove(file);
        qCInfo(log).noquote() << m_source.name << "drops a close request that was kept:"
                              << redacted(obstacle, m_source, variables);
        return;
    }
    auto beacon = std::make_unique<Sse::Beacon>();
    beacon->setDeadline(std::min(m_source.timeout, Farewell::longestDeadline));
    beacon->setReminder(file);
    m_onTheirWay.append(file);
    const auto *const delivery = new CloseDelivery(std::move(beacon), request, m_source, all, this);
    connect(delivery, &CloseDelivery::finished, this, [this, file](const StepOutcome &outcome) {
        m_onTheirWay.removeAll(file);
        if (outcome.kind == StepOutcome::Kind::Done)
            qCInfo(log).noquote() << m_source.name << "the server knows that we left the last time";
        else
            qCWarning(log).noquote()
                << m_source.name << "close request that was kept:" << outcome.sentence;
    });
}

QString LateFarewells::whyPointless(const std::optional<FarewellRecord> &record) const
{
    if (!record)
        return tr("Its file cannot be read.");
    if (m_source.closeKeep == 0s)
        return tr("The source has no use for it.");
    const std::chrono::seconds age{record->time.secsTo(QDateTime::currentDateTimeUtc())};
    if (age > m_source.closeKeep || age < -m_source.closeKeep) // by a clock that was wrong
        return tr("It is too old.");
    return {};
}
