// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptparser.h"

#include "script/scriptline.h"

#include <limits>

using namespace Qt::Literals;

namespace {

using Kind = ScriptStatement::Kind;

constexpr qint64 mostRounds = std::numeric_limits<qint64>::max();
constexpr qint64 mostBytes = 1LL << 40;

class Parser
{
public:
    void parse(const QByteArray &source)
    {
        m_blocks = &m_script.answers[{}];
        m_blocks->append(ScriptBlock());
        const QList<QByteArray> lines = source.split('\n');
        for (const QByteArray &text : lines) {
            ++m_line;
            ScriptLine line(text);
            if (line.isAtEnd())
                continue;
            m_column = line.column();
            const int column = m_column;
            const QByteArray word = line.word();
            if (word == "on")
                startBlock(line);
            else if (word == "limit")
                readLimit(line);
            else
                addStatement(word, column, line);
            line.finish();
        }
        finishBlock();
        dropEmptyBeginning();
    }

    [[nodiscard]] Script &script() { return m_script; }
    [[nodiscard]] int line() const { return m_line; }

private:
    struct Word
    {
        const char *name;
        Kind kind;
        void (Parser::*read)(ScriptLine &line, ScriptStatement &statement);
    };

    static const QList<Word> &words();

    void startBlock(ScriptLine &line)
    {
        finishBlock();
        const int column = (void(line.isAtEnd()), line.column());
        const QByteArray what = line.word();
        if (what.startsWith('/')) {
            if (m_script.answers.contains(what))
                throw ScriptMistake{column,
                                    u"%1 has a block already; another request for it is "
                                    "“on reconnect” after that"_s.arg(QString::fromUtf8(what))};
            m_blocks = &m_script.answers[what];
        } else if (what != "reconnect") {
            throw ScriptMistake{column, u"“on” is followed by “reconnect” or a path"_s};
        }
        m_blocks->append(ScriptBlock());
    }

    void readLimit(ScriptLine &line)
    {
        if (m_script.answers.size() > 1 || m_blocks->size() > 1 || !m_blocks->last().isEmpty())
            throw ScriptMistake{m_column, u"“limit” stands at the beginning of a script"_s};
        m_script.limit = int(line.number(1, 1'000'000));
    }

    void addStatement(const QByteArray &word, int column, ScriptLine &line)
    {
        for (const Word &candidate : words()) {
            if (word != candidate.name)
                continue;
            ScriptStatement statement;
            statement.kind = candidate.kind;
            statement.place = {m_line, column};
            if (candidate.read)
                (this->*candidate.read)(line, statement);
            m_blocks->last().append(statement);
            return;
        }
        throw ScriptMistake{column,
                            u"“%1” is no statement"_s.arg(QString::fromUtf8(word).left(40))};
    }

    void finishBlock()
    {
        if (m_loops.isEmpty())
            return;
        const ScriptPlace place = m_blocks->last().at(m_loops.last()).place;
        m_line = place.line;
        throw ScriptMistake{place.column, u"this “repeat” has no “done”"_s};
    }

    // Without statements before the first "on PATH" other paths are not there.
    void dropEmptyBeginning()
    {
        const QList<ScriptBlock> &beginning = m_script.answers.value({});
        if (m_script.answers.size() > 1 && beginning.size() == 1 && beginning.first().isEmpty())
            m_script.answers.remove({});
    }

    void readStatus(ScriptLine &line, ScriptStatement &statement)
    {
        statement.number = line.number(100, 999);
        statement.name = line.rest();
    }

    void readHeader(ScriptLine &line, ScriptStatement &statement)
    {
        statement.name = line.headerName(&statement.hasText);
        if (!statement.hasText)
            throw ScriptMistake{line.column(), u"a header looks like “Name: value”"_s};
        statement.text = line.value();
    }

    void readNo(ScriptLine &line, ScriptStatement &statement)
    {
        if (!line.take("header"))
            throw ScriptMistake{line.column(), u"“no” is followed by “header”"_s};
        readNameAlone(line, statement);
    }

    static void readNameAlone(ScriptLine &line, ScriptStatement &statement)
    {
        bool hasValue = false;
        statement.name = line.headerName(&hasValue);
        if (hasValue)
            throw ScriptMistake{line.column(), u"a name is enough here"_s};
    }

    void readFraming(ScriptLine &line, ScriptStatement &statement)
    {
        if (line.take("close")) {
            statement.kind = Kind::FramingClose;
        } else if (line.take("length")) {
            statement.kind = Kind::FramingLength;
            statement.number = line.number(0, mostBytes);
        } else if (!line.take("chunked")) {
            throw ScriptMistake{line.column(), u"framing is chunked, close, or length N"_s};
        }
    }

    void readHttp(ScriptLine &line, ScriptStatement &)
    {
        if (!line.take("1.0"))
            throw ScriptMistake{line.column(), u"only “http 1.0” is there"_s};
    }

    void readStrings(ScriptLine &line, ScriptStatement &statement)
    {
        (void)line.isAtEnd();
        statement.text = line.strings();
    }

    void readSlice(ScriptLine &line, ScriptStatement &statement)
    {
        if (line.take("off"))
            return;
        statement.number = line.number(1, mostBytes);
        if (line.take("every"))
            statement.duration = line.duration();
    }

    void readGzip(ScriptLine &line, ScriptStatement &statement)
    {
        if (line.take("no-flush"))
            statement.kind = Kind::GzipWithoutFlush;
    }

    void readDuration(ScriptLine &line, ScriptStatement &statement)
    {
        statement.duration = line.duration();
    }

    void readRepeat(ScriptLine &line, ScriptStatement &statement)
    {
        statement.number = line.take("forever") ? -1 : line.number(1, mostRounds);
        if (line.take("every"))
            statement.duration = line.duration();
        m_loops.append(m_blocks->last().size());
    }

    void readDone(ScriptLine &line, ScriptStatement &statement)
    {
        if (m_loops.isEmpty())
            throw ScriptMistake{statement.place.column, u"this “done” has no “repeat”"_s};
        (void)line;
        statement.partner = m_loops.takeLast();
        m_blocks->last()[statement.partner].partner = m_blocks->last().size();
    }

    void readWaitFor(ScriptLine &line, ScriptStatement &statement)
    {
        if (line.take("request")) {
            statement.kind = Kind::WaitForRequest;
            if (!line.take("within")) {
                statement.name = line.word();
                if (!statement.name.isEmpty() && !statement.name.startsWith('/'))
                    throw ScriptMistake{statement.place.column,
                                        u"“wait-for request” is followed by a path, or nothing"_s};
                if (!line.take("within"))
                    return;
            }
        } else if (!line.take("close")) {
            throw ScriptMistake{line.column(), u"“wait-for” is followed by “close” or “request”"_s};
        } else if (!line.take("within")) {
            return;
        }
        statement.limit = line.duration();
    }

    void readExpect(ScriptLine &line, ScriptStatement &statement)
    {
        if (line.take("no")) {
            statement.kind = Kind::ExpectNoHeader;
            readNo(line, statement);
        } else if (line.take("header")) {
            statement.kind = Kind::ExpectHeader;
            statement.name = line.headerName(&statement.hasText);
            if (statement.hasText)
                statement.text = line.value();
        } else if (line.take("method")) {
            statement.kind = Kind::ExpectMethod;
            statement.text = line.value();
        } else if (line.take("query")) {
            statement.kind = Kind::ExpectQuery;
            statement.text = line.value();
        } else if (line.take("body")) {
            statement.kind = Kind::ExpectBody;
            statement.text = line.strings();
        } else {
            throw ScriptMistake{
                line.column(),
                u"what can be expected is a header, no header, method, query or body"_s};
        }
    }

    Script m_script;
    QList<ScriptBlock> *m_blocks = nullptr; // of the path that statements are for
    QList<qsizetype> m_loops; // that are open, by the indices of their statements
    int m_line = 0;
    int m_column = 0;
};

const QList<Parser::Word> &Parser::words()
{
    static const QList<Word> words = {
        {"status", Kind::Status, &Parser::readStatus},
        {"header", Kind::Header, &Parser::readHeader},
        {"no", Kind::NoHeader, &Parser::readNo},
        {"framing", Kind::FramingChunked, &Parser::readFraming},
        {"http", Kind::Http10, &Parser::readHttp},
        {"head", Kind::Head, nullptr},
        {"send", Kind::Send, &Parser::readStrings},
        {"raw", Kind::Raw, &Parser::readStrings},
        {"slice", Kind::Slice, &Parser::readSlice},
        {"gzip", Kind::Gzip, &Parser::readGzip},
        {"sleep", Kind::Sleep, &Parser::readDuration},
        {"repeat", Kind::Repeat, &Parser::readRepeat},
        {"done", Kind::Done, &Parser::readDone},
        {"wait-for", Kind::WaitForClose, &Parser::readWaitFor},
        {"end", Kind::End, nullptr},
        {"cut", Kind::Cut, nullptr},
        {"reset", Kind::Reset, nullptr},
        {"freeze", Kind::Freeze, nullptr},
        {"vanish", Kind::Vanish, nullptr},
        {"refuse", Kind::Refuse, &Parser::readDuration},
        {"quit", Kind::Quit, nullptr},
        {"expect", Kind::ExpectHeader, &Parser::readExpect},
    };
    return words;
}

} // namespace

std::optional<Script> parseScript(const QString &fileName, const QByteArray &source, QString *error)
{
    Parser parser;
    try {
        parser.parse(source);
    } catch (const ScriptMistake &mistake) {
        *error = u"%1:%2:%3: %4"_s.arg(fileName)
                     .arg(parser.line())
                     .arg(mistake.column)
                     .arg(mistake.sentence);
        return {};
    }
    parser.script().fileName = fileName;
    return std::move(parser.script());
}
