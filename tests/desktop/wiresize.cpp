// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "wiresize.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusSignature>
#include <QDBusVariant>

using namespace Qt::Literals;

namespace Harness {

namespace {

qsizetype alignmentOf(char type)
{
    switch (type) {
    case 'y':
    case 'g':
    case 'v':
        return 1;
    case 'n':
    case 'q':
        return 2;
    case 'x':
    case 't':
    case 'd':
    case '(':
    case '{':
        return 8;
    default:
        return 4;
    }
}

// Adds up what is written, from the start of a message or of its body.
class Tape
{
public:
    [[nodiscard]] qsizetype size() const { return m_size; }

    void align(qsizetype to) { m_size += (to - m_size % to) % to; }
    void add(qsizetype size, qsizetype alignment)
    {
        align(alignment);
        m_size += size;
    }
    void addText(const QString &text) { add(4 + text.toUtf8().size() + 1, 4); }
    void addSignature(const QString &signature) { add(1 + signature.size() + 1, 1); }

    void addValue(const QVariant &value)
    {
        switch (value.metaType().id()) {
        case QMetaType::UChar:
            return add(1, 1);
        case QMetaType::Short:
        case QMetaType::UShort:
            return add(2, 2);
        case QMetaType::Bool:
        case QMetaType::Int:
        case QMetaType::UInt:
            return add(4, 4);
        case QMetaType::LongLong:
        case QMetaType::ULongLong:
        case QMetaType::Double:
            return add(8, 8);
        case QMetaType::QString:
            return addText(value.toString());
        case QMetaType::QByteArray:
            return add(4 + value.toByteArray().size(), 4);
        case QMetaType::QStringList: {
            add(4, 4);
            const QStringList texts = value.toStringList();
            for (const QString &text : texts)
                addText(text);
            return;
        }
        default:
            break;
        }
        if (value.metaType() == QMetaType::fromType<QDBusObjectPath>())
            addText(value.value<QDBusObjectPath>().path());
        else if (value.metaType() == QMetaType::fromType<QDBusSignature>())
            addSignature(value.value<QDBusSignature>().signature());
        else if (value.metaType() == QMetaType::fromType<QDBusVariant>())
            addVariant(value.value<QDBusVariant>().variant());
        else if (value.metaType() == QMetaType::fromType<QDBusArgument>())
            addArgument(value.value<QDBusArgument>());
        else
            qFatal("A message with a %s", value.metaType().name());
    }

private:
    void addVariant(const QVariant &value)
    {
        if (value.metaType() == QMetaType::fromType<QDBusArgument>())
            addSignature(value.value<QDBusArgument>().currentSignature());
        else
            addSignature(QString::fromLatin1(QDBusMetaType::typeToSignature(value.metaType())));
        addValue(value);
    }

    void addArgument(const QDBusArgument &argument)
    {
        const QString signature = argument.currentSignature();
        switch (argument.currentType()) {
        case QDBusArgument::BasicType:
        case QDBusArgument::VariantType:
            addValue(argument.asVariant());
            break;
        case QDBusArgument::ArrayType:
            add(4, 4);
            align(alignmentOf(signature.at(1).toLatin1()));
            argument.beginArray();
            while (!argument.atEnd())
                addArgument(argument);
            argument.endArray();
            break;
        case QDBusArgument::StructureType:
            align(8);
            argument.beginStructure();
            while (!argument.atEnd())
                addArgument(argument);
            argument.endStructure();
            break;
        case QDBusArgument::MapType:
            add(4, 4);
            align(8);
            argument.beginMap();
            while (!argument.atEnd()) {
                align(8);
                argument.beginMapEntry();
                addArgument(argument); // the key
                addArgument(argument);
                argument.endMapEntry();
            }
            argument.endMap();
            break;
        default:
            qFatal("A message with an argument of an unknown kind");
        }
    }

    qsizetype m_size = 0;
};

} // namespace

qsizetype wireSize(const QDBusMessage &message, const QString &receiver)
{
    Tape header;
    header.add(12 + 4, 1); // what is fixed, and how long the fields are
    const auto addField = [&header](const QString &text) {
        if (text.isEmpty())
            return;
        header.align(8);
        header.add(1, 1);
        header.addSignature(u"s"_s);
        header.addText(text);
    };
    addField(message.path());
    addField(message.interface());
    addField(message.member());
    addField(message.service()); // of a received message: who sent it
    addField(receiver);
    if (message.type() == QDBusMessage::ReplyMessage) {
        header.align(8);
        header.add(1, 1);
        header.addSignature(u"u"_s);
        header.add(4, 4);
    }
    if (!message.signature().isEmpty()) {
        header.align(8);
        header.add(1, 1);
        header.addSignature(u"g"_s);
        header.addSignature(message.signature());
    }
    header.align(8);

    Tape body;
    const QVariantList arguments = message.arguments();
    for (const QVariant &argument : arguments)
        body.addValue(argument);
    return header.size() + body.size();
}

} // namespace Harness
