// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "openquestion.h"

#include "applicationicon.h"

#include <QFontMetrics>
#include <QPushButton>

using namespace Qt::Literals;

namespace {

constexpr int addressWidth = 360; // pixels of one line of text; the details have all of it

} // namespace

OpenQuestion::OpenQuestion(QWidget *parent)
    : QMessageBox(parent)
    , m_agree(addButton(tr("&Open"), QMessageBox::AcceptRole))
{
    setWindowTitle(tr("Tallybell: open with another program?"));
    setWindowIcon(applicationIcon());
    setIcon(QMessageBox::Question);
    setTextFormat(Qt::PlainText);
    setWindowModality(Qt::NonModal);
    QPushButton *const decline = addButton(tr("&Do not open"), QMessageBox::RejectRole);
    setDefaultButton(decline);
    setEscapeButton(decline);
    connect(this, &QMessageBox::buttonClicked, this, [this](const QAbstractButton *button) {
        if (button == m_agree)
            Q_EMIT agreed(m_url);
    });
}

void OpenQuestion::ask(const QUrl &url)
{
    m_url = url;
    // As it is passed on: letters that only look like others are escaped in it.
    const QString address = QString::fromLatin1(url.toEncoded());
    setText(
        tr("This address is not for the browser. Your desktop would open it with the program "
           "that it has for “%1”:\n\n%2\n\nOpen it only if you trust the server it came from.")
            .arg(url.scheme(), fontMetrics().elidedText(address, Qt::ElideMiddle, addressWidth)));
    setDetailedText(address);
    setDefaultButton(qobject_cast<QPushButton *>(escapeButton()));
    show();
    raise();
    activateWindow();
}
