// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QMessageBox>
#include <QUrl>

/*!
    Asks whether another program than the browser may open an address that a server named. It blocks
    nothing, and no key that is hit by chance agrees: the answer that is at hand is not to open it.
*/
class OpenQuestion : public QMessageBox
{
    Q_OBJECT

public:
    explicit OpenQuestion(QWidget *parent = nullptr);

    /*! Comes to the front. A question that waits is dropped for this one. */
    void ask(const QUrl &url);

Q_SIGNALS:
    /*! Once for each ask() at most, when the user has said so. */
    void agreed(const QUrl &url);

private:
    QUrl m_url;
    QPushButton *const m_agree;
};
