// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closerequest.h"
#include "farewellfolder.h"

#include <QObject>

/*!
    Sends the close requests of earlier sessions that did not get through at the time: with what is
    kept of them, and the login of the session that there is now.
*/
class LateFarewells : public QObject
{
    Q_OBJECT

public:
    /*! Neither \a maker nor \a folder is owned; both must outlive it. */
    LateFarewells(const Source &source, const CloseRequestMaker *maker,
                  const FarewellFolder *folder, QObject *parent = nullptr);

    /*!
        Sends what is in the folder, but for the file \a own, and drops what is pointless by now.
        \a variables are those of the session.
    */
    void send(const Variables &variables, const QString &own);

private:
    void sendFile(const QString &file, const Variables &variables);
    [[nodiscard]] QString whyPointless(const std::optional<FarewellRecord> &record) const;

    const Source m_source;
    const CloseRequestMaker *const m_maker;
    const FarewellFolder *const m_folder;
    const QList<Step> m_steps;
    const QSet<QString> m_names; // of the connection
    QStringList m_onTheirWay; // files
};
