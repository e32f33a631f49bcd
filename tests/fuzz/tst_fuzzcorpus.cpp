// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamproperties.h"

#include <QDir>
#include <QFile>
#include <QTest>

/*! The fuzzer's properties on the inputs that it found so far, and on the streams kept as files. */
class tst_FuzzCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void propertiesHoldForStream_data();
    void propertiesHoldForStream();
    void propertiesHoldForInput_data();
    void propertiesHoldForInput();
};

namespace {

// One row a file. An empty folder is no success.
void addFiles(const QString &folder)
{
    QTest::addColumn<QString>("path");
    const QDir directory(QStringLiteral(TESTS_FOLDER "/") + folder);
    const QStringList names = directory.entryList(QDir::Files, QDir::Name);
    if (names.isEmpty())
        qFatal("no files in %s", qPrintable(directory.path()));
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << directory.filePath(name);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
    return file.readAll();
}

} // namespace

void tst_FuzzCorpus::propertiesHoldForStream_data()
{
    addFiles(QStringLiteral("streams"));
}

void tst_FuzzCorpus::propertiesHoldForStream()
{
    QFETCH(QString, path);
    const QByteArray stream = contents(path);
    QList<Sse::StreamLimits> limits(20); // the default again and again: each with a seed of its own
    for (const qsizetype bytes : {1, 2, 3, 5, 8, 13, 21, 64, 1000}) {
        limits.append(Sse::StreamLimits{.lineBytes = bytes});
        limits.append(Sse::StreamLimits{.eventBytes = bytes});
        limits.append(Sse::StreamLimits{.lineBytes = bytes, .eventBytes = bytes});
    }
    quint32 seed = 0;
    for (const Sse::StreamLimits &limit : std::as_const(limits)) {
        const QString error = checkStream(stream, limit, ++seed);
        const QString where = QStringLiteral("lineBytes %1, eventBytes %2, seed %3: ")
                                  .arg(limit.lineBytes)
                                  .arg(limit.eventBytes)
                                  .arg(seed);
        QVERIFY2(error.isEmpty(), qPrintable(where + error));
    }
}

void tst_FuzzCorpus::propertiesHoldForInput_data()
{
    addFiles(QStringLiteral("fuzz/corpus"));
}

void tst_FuzzCorpus::propertiesHoldForInput()
{
    QFETCH(QString, path);
    const QByteArray bytes = contents(path);
    const FuzzInput input(bytes);
    const QString error = checkStream(input.stream, input.limits, input.seed);
    QVERIFY2(error.isEmpty(), qPrintable(error));
}

QTEST_GUILESS_MAIN(tst_FuzzCorpus)
#include "tst_fuzzcorpus.moc"
