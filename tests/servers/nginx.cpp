// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "nginx.h"

#include <QFile>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

using namespace Qt::Literals;

QString Nginx::missing()
{
    return findServer(u"nginx"_s).isEmpty() ? u"no nginx here (Debian: nginx)"_s : QString();
}

QString Nginx::missingNchan()
{
    if (const QString without = missing(); !without.isEmpty())
        return without;
    return nchanModule().isEmpty() ? u"no Nchan here (Debian: libnginx-mod-nchan)"_s : QString();
}

QString Nginx::nchanModule()
{
    for (const QString &folder : {u"/usr/lib/nginx/modules"_s, u"/usr/share/nginx/modules"_s}) {
        const QString file = folder + u"/ngx_nchan_module.so"_s;
        if (QFile::exists(file))
            return file;
    }
    return {};
}

// Whoever runs the test: nobody, to whom nginx of root's hands over, may not enter its folder.
QString Nginx::currentUser()
{
    const passwd *const user = ::getpwuid(::geteuid());
    const group *const primary = ::getgrgid(::getegid());
    return user != nullptr && primary != nullptr
        ? QString::fromLocal8Bit(user->pw_name) + u' ' + QString::fromLocal8Bit(primary->gr_name)
        : QString();
}

Nginx::Nginx()
    : m_port(freePort())
{}

bool Nginx::start(const QString &site, const QHash<QString, QString> &values)
{
    QHash<QString, QString> all = values;
    all.insert(u"FOLDER"_s, folder());
    all.insert(u"PORT"_s, QString::number(m_port));
    const QString module = nchanModule();
    return fillIn(site, folder() + u"/site.conf"_s, all)
        && fillIn(QStringLiteral(NGINX_CONFIGURATION), folder() + u"/nginx.conf"_s,
                  {{u"FOLDER"_s, folder()},
                   {u"USER"_s, currentUser()},
                   {u"DIRECTIVES"_s, m_globalDirectives},
                   {u"MODULES"_s, module.isEmpty() ? QString() : u"load_module %1;"_s.arg(module)}})
        && startAgain();
}

bool Nginx::startAgain()
{
    return m_program.start(findServer(u"nginx"_s),
                           {u"-p"_s, folder(), u"-c"_s, folder() + u"/nginx.conf"_s, u"-e"_s,
                            folder() + u"/error.log"_s},
                           m_port);
}

QByteArray Nginx::log() const
{
    QFile file(folder() + u"/error.log"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QUrl Nginx::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_port).arg(path));
}

QUrl Nginx::secureUrl(const QString &path) const
{
    QUrl secure = url(path);
    secure.setScheme(u"https"_s);
    return secure;
}
