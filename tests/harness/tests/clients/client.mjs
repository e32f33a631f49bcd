// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// node client.mjs eventsource|undici URL: what a client of that package sees, as lines of JSON.

const [, , name, url] = process.argv;
const { EventSource } = await import(name);

const print = (fact) => process.stdout.write(JSON.stringify(fact) + '\n');
const source = new EventSource(url);
const printEvent = (event) => print({ type: 'message', event: event.type, data: event.data });
for (const type of ['message', 'drip', 'a\0b']) {
    source.addEventListener(type, printEvent);
}
source.onopen = () => print({ type: 'open' });
source.onerror = () => {
    const isClosed = source.readyState === 2;
    print({ type: 'error', state: isClosed ? 'closed' : 'connecting' });
    if (isClosed) {
        process.exit(6);
    }
};
