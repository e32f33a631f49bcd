// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "countmodel.h"

#include <QList>
#include <QObject>

/*!
    The count models of all sources, and their sum: what one tray icon can show of them.
    It owns the models. Views hold it as const.
*/
class FeedList : public QObject
{
    Q_OBJECT

public:
    /*! All sources in one number and one state. */
    struct Summary
    {
        std::optional<int> count; //!< The sum of what is known; none where nothing is known.
        CountModel::Freshness freshness =
            CountModel::Freshness::Unknown; //!< The least fresh one; Stale where a part is missing.
        CountModel::Status status = CountModel::Status::Off; //!< The one that most needs the eye.
        QString detail; //!< The sentence that belongs to status.
        QDateTime since; //!< When status became what it is.
        int newCount = 0; //!< What of count the user has not seen.

        friend bool operator==(const Summary &lhs, const Summary &rhs) = default;
    };

    explicit FeedList(QObject *parent = nullptr);

    /*! Creates the model of a source; the list owns it. */
    CountModel *add(const QString &name, const QString &title);

    [[nodiscard]] QList<CountModel *> models() { return m_models; }
    [[nodiscard]] QList<const CountModel *> models() const;
    [[nodiscard]] const Summary &summary() const { return m_summary; }
    /*! The same of some models, or of one alone. */
    [[nodiscard]] static Summary summaryOf(const QList<const CountModel *> &models);

Q_SIGNALS:
    void modelAdded(CountModel *model);
    /*! summary() changed. Never emitted without a change. */
    void summaryChanged();

private:
    void update();

    QList<CountModel *> m_models;
    Summary m_summary;
};
