// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "settings.h"

#include "source/jsonfile.h"
#include "source/jsonobjectreader.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>

using namespace Qt::Literals;

namespace {

// The words of the file, in the order of the enumerations.
const QStringList countings{u"all"_s, u"new"_s, u"nothing"_s};
const QStringList caps{u"9+"_s, u"99+"_s, u"999+"_s, u"k"_s};
const QStringList panels{u"colour"_s, u"mono"_s, u"monoLight"_s, u"monoDark"_s};
const QStringList dayNames{u"mon"_s, u"tue"_s, u"wed"_s, u"thu"_s, u"fri"_s, u"sat"_s, u"sun"_s};
constexpr auto timeFormat = "HH:mm"_L1;

QTime readTime(JsonObjectReader &reader, const QString &key, QTime fallback)
{
    const QString text = reader.string(key);
    if (text.isEmpty() && !reader.has(key))
        return fallback;
    const QTime time = QTime::fromString(text, timeFormat);
    if (!time.isValid())
        reader.fail(key, Settings::tr("a time is needed, as \"22:00\""));
    return time;
}

QList<int> readDays(JsonObjectReader &reader, const QString &key, const QList<int> &fallback)
{
    if (!reader.has(key))
        return fallback;
    QList<int> days;
    const QStringList words = reader.stringOrList(key);
    for (const QString &word : words) {
        const auto day = dayNames.indexOf(word);
        if (day < 0)
            reader.fail(key, Settings::tr("the days are %1").arg(dayNames.join(", "_L1)));
        if (!days.contains(int(day) + 1))
            days.append(int(day) + 1);
    }
    std::sort(days.begin(), days.end());
    return days;
}

Choices readChoices(JsonObjectReader &reader)
{
    Choices choices;
    reader.object(u"badge"_s, [&choices](JsonObjectReader &badge) {
        choices.counting = Choices::Counting(badge.choice(u"counts"_s, countings, 0));
        choices.cap = Choices::Cap(badge.choice(u"cap"_s, caps, 1));
    });
    reader.object(u"tray"_s, [&choices](JsonObjectReader &tray) {
        choices.panel = Choices::Panel(tray.choice(u"panel"_s, panels, 0));
        choices.numberOnly = tray.boolean(u"numberOnly"_s, choices.numberOnly);
        choices.hideWhenZero = tray.boolean(u"hideWhenZero"_s, choices.hideWhenZero);
    });
    reader.object(u"notifications"_s, [&choices](JsonObjectReader &notifications) {
        choices.notifies = notifications.boolean(u"on"_s, choices.notifies);
        choices.sounds = notifications.boolean(u"sounds"_s, choices.sounds);
        notifications.object(u"quietHours"_s, [&choices](JsonObjectReader &hours) {
            Choices::QuietHours &quiet = choices.quietHours;
            quiet.isOn = hours.boolean(u"on"_s, quiet.isOn);
            quiet.from = readTime(hours, u"from"_s, quiet.from);
            quiet.to = readTime(hours, u"to"_s, quiet.to);
            quiet.days = readDays(hours, u"days"_s, quiet.days);
        });
    });
    reader.finish();
    return choices;
}

QJsonObject toJson(const Choices &choices)
{
    QJsonArray days;
    for (const int day : choices.quietHours.days)
        days.append(dayNames.at(day - 1));
    const QJsonObject quietHours{{u"on"_s, choices.quietHours.isOn},
                                 {u"from"_s, choices.quietHours.from.toString(timeFormat)},
                                 {u"to"_s, choices.quietHours.to.toString(timeFormat)},
                                 {u"days"_s, days}};
    return {{u"badge"_s,
             QJsonObject{{u"counts"_s, countings.at(int(choices.counting))},
                         {u"cap"_s, caps.at(int(choices.cap))}}},
            {u"tray"_s,
             QJsonObject{{u"panel"_s, panels.at(int(choices.panel))},
                         {u"numberOnly"_s, choices.numberOnly},
                         {u"hideWhenZero"_s, choices.hideWhenZero}}},
            {u"notifications"_s,
             QJsonObject{{u"on"_s, choices.notifies},
                         {u"sounds"_s, choices.sounds},
                         {u"quietHours"_s, quietHours}}}};
}

} // namespace

Settings::Settings(const QString &path, QObject *parent)
    : QObject(parent)
    , m_path(path)
{
    if (path.isEmpty() || !QFileInfo::exists(path))
        return;
    QByteArray json;
    m_error = readTextFile(path, &json);
    if (m_error.isEmpty()) {
        m_error = readJsonText(json, path, [this](const QJsonValue &value) {
            JsonObjectReader reader(value, {});
            m_choices = readChoices(reader);
        });
    }
    m_isReadable = m_error.isEmpty();
}

bool Settings::set(const Choices &choices)
{
    if (choices == m_choices)
        return true;
    m_choices = choices;
    const bool isWritten = write();
    Q_EMIT changed();
    return isWritten;
}

bool Settings::write()
{
    if (m_path.isEmpty())
        return true;
    if (!m_isReadable) {
        m_error =
            tr("%1 has a mistake and was left as it is: what you choose holds until you quit. "
               "Mend the file, or delete it.")
                .arg(m_path);
        return false;
    }
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    const QByteArray json = QJsonDocument(toJson(m_choices)).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit()) {
        m_error = tr("%1 cannot be written: %2. What you choose holds until you quit.")
                      .arg(m_path, file.errorString());
        return false;
    }
    m_error.clear();
    return true;
}
