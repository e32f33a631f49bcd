// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptexpectation.h"

using namespace Qt::Literals;

using Kind = ScriptStatement::Kind;

namespace {

QString difference(const QString &what, const QByteArray &wanted, const QByteArray &found)
{
    constexpr qsizetype longest = 200;
    if (found == wanted)
        return {};
    return u"expected %1 %2, but it was %3"_s.arg(
        what, QString::fromUtf8(wanted),
        found.isEmpty() ? u"empty"_s : QString::fromUtf8(found.left(longest)));
}

} // namespace

QString unmetExpectation(const ScriptStatement &statement, const QByteArray &wanted,
                         const Harness::HttpRequest &request)
{
    const QString name = QString::fromUtf8(statement.name);
    switch (statement.kind) {
    case Kind::ExpectHeader:
        if (!request.hasHeader(statement.name))
            return u"expected the header %1, but it did not come"_s.arg(name);
        return statement.hasText
            ? difference(u"header %1:"_s.arg(name), wanted, request.header(statement.name))
            : QString();
    case Kind::ExpectNoHeader:
        return request.hasHeader(statement.name) ? u"expected no header %1, but it came"_s.arg(name)
                                                 : QString();
    case Kind::ExpectMethod:
        return difference(u"method"_s, wanted, request.method);
    case Kind::ExpectQuery:
        return difference(u"query"_s, wanted, request.query);
    case Kind::ExpectBody:
        return difference(u"body"_s, wanted, request.body);
    default:
        Q_UNREACHABLE();
    }
}
