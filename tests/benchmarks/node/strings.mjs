// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// node strings.mjs STREAM SLICE: npm's eventsource-parser, fed with ready strings. Says "ready" when
// its code is warm; then answers each line of its input, the least time to measure in seconds, with
// the seconds and the events of one reading. A slice is SLICE bytes, decoded before the clock runs;
// a slice of 1 is one character.
//
// The events' data is not looked at. V8 joins strings only when somebody reads them, so the figures
// for data of many lines hold no copying at all: a yardstick harder than any use of it.

import { createParser } from 'eventsource-parser';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';

const [, , file, size] = process.argv;
const bytes = readFileSync(file);
const slices = [];
if (size === '1') {
    for (const character of bytes.toString())
        slices.push(character);
} else {
    const decoder = new StringDecoder('utf8');
    for (let at = 0; at < bytes.length; at += Number(size))
        slices.push(decoder.write(bytes.subarray(at, at + Number(size))));
}

function readOnce() {
    let events = 0;
    let characters = 0; // kept, so that no compiler can leave the work out
    const parser = createParser({
        onEvent(event) {
            ++events;
            characters += event.data.length;
        },
    });
    for (const slice of slices)
        parser.feed(slice);
    return { events, characters };
}

// The smaller of both: other programs stretch the clock, V8's own threads the processor's time.
function measure(leastSeconds) {
    const processor = process.cpuUsage();
    const begin = process.hrtime.bigint();
    let readings = 0;
    let seconds = 0;
    let found;
    do {
        found = readOnce();
        ++readings;
        const { user, system } = process.cpuUsage(processor);
        seconds = Math.min(Number(process.hrtime.bigint() - begin) / 1e9, (user + system) / 1e6);
    } while (seconds < leastSeconds);
    return { seconds: seconds / readings, ...found };
}

for (let warmUp = 0; warmUp < 3; ++warmUp)
    measure(0.2);
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
    const { seconds, events, characters } = measure(Number(line));
    console.log(`${seconds} ${events} ${characters}`);
}
