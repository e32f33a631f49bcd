// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "reader.h"
#include "slices.h"

#include <cstring>
#include <istream>
#include <streambuf>
#include <string>
#include <vector>

namespace {

Found copyBytes(const QByteArray &stream, qsizetype slice, int passes)
{
    std::vector<char> target(size_t(std::min(slice, stream.size())));
    Found found;
    eachSlice(stream, slice, passes, [&](QByteArrayView bytes) {
        std::memcpy(target.data(), bytes.data(), size_t(bytes.size()));
        found.dataBytes += target[size_t(bytes.size()) / 2];
    });
    return found;
}

Found scanLines(const QByteArray &stream, qsizetype slice, int passes)
{
    Found found;
    eachSlice(stream, slice, passes, [&](QByteArrayView bytes) {
        const char *at = bytes.data();
        const char *const end = at + bytes.size();
        while (const void *next = std::memchr(at, '\n', size_t(end - at))) {
            ++found.dataBytes;
            at = static_cast<const char *>(next) + 1;
        }
    });
    return found;
}

// A std::istream that gets its bytes slice by slice, as from a socket.
class SliceBuffer : public std::streambuf
{
public:
    SliceBuffer(const QByteArray &stream, qsizetype slice, int passes)
        : m_stream(stream)
        , m_slice(slice)
        , m_passes(passes)
    {}

protected:
    int_type underflow() override
    {
        if (m_at == m_stream.size()) {
            m_at = 0;
            --m_passes;
        }
        if (m_passes <= 0)
            return traits_type::eof();
        const qsizetype size = std::min(m_slice, m_stream.size() - m_at);
        char *const begin = const_cast<char *>(m_stream.constData()) + m_at; // nobody puts back
        setg(begin, begin, begin + size);
        m_at += size;
        return traits_type::to_int_type(*begin);
    }

private:
    const QByteArray &m_stream;
    const qsizetype m_slice;
    qsizetype m_at = 0;
    int m_passes;
};

Found readPlainly(const QByteArray &stream, qsizetype slice, int passes)
{
    SliceBuffer buffer(stream, slice, passes);
    std::istream input(&buffer);
    Found found;
    std::string line;
    std::string data;
    std::string type;
    std::string id;
    bool hasData = false;
    while (std::getline(input, line)) {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.empty()) {
            if (hasData) {
                ++found.events;
                found.dataBytes += qsizetype(data.size());
            }
            data.clear();
            type.clear();
            hasData = false;
            continue;
        }
        const size_t colon = line.find(':');
        const std::string name = line.substr(0, colon);
        std::string value = colon == std::string::npos ? std::string() : line.substr(colon + 1);
        if (!value.empty() && value.front() == ' ')
            value.erase(0, 1);
        if (name == "data") {
            if (hasData)
                data += '\n';
            data += value;
            hasData = true;
        } else if (name == "event") {
            type = value;
        } else if (name == "id") {
            id = value;
        }
    }
    return found;
}

} // namespace

std::span<const Reader> yardsticks()
{
    static constexpr Reader readers[] = {
        {copyName, copyBytes, false},
        {"memchr line scan", scanLines, false},
        {"std::getline", readPlainly, true},
    };
    return readers;
}
