// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// node origin.mjs better-sse|express-sse|express-sse-compressed PORT COUNT: a portal whose count begins
// at COUNT, with streams of that package as it comes.
//
// GET /count, GET /events; POST /count with the next one. GET /ids tells the Last-Event-ID of each
// stream, as a JSON array.

import { createServer } from 'node:http';

const [, , name, port, first] = process.argv;
let count = Number(first);
const ids = [];

const answerJson = (response, value) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(value));
};

const makers = {
    'better-sse': async () => {
        const { createChannel, createSession } = await import('better-sse');
        const channel = createChannel();
        return {
            open: async (request, response) =>
                channel.register(await createSession(request, response)),
            push: () => channel.broadcast({ count }, 'count'),
        };
    },
    'express-sse': async (options = {}) => {
        const { default: SSE } = await import('express-sse');
        const sse = new SSE({ count }, { initialEvent: 'count', ...options });
        return {
            open: (request, response) => sse.init(request, response),
            push: () => {
                sse.updateInit({ count });
                sse.send({ count }, 'count');
            },
        };
    },
    'express-sse-compressed': () => makers['express-sse']({ isCompressed: true }),
};
const streams = await makers[name]();

createServer((request, response) => {
    const { method, url } = request;
    if (url === '/events') {
        ids.push(request.headers['last-event-id'] ?? '');
        streams.open(request, response);
    } else if (url === '/ids') {
        answerJson(response, ids);
    } else if (url === '/count' && method === 'POST') {
        let body = '';
        request.on('data', (data) => (body += data));
        request.on('end', () => {
            count = Number(body);
            streams.push();
            response.end();
        });
    } else {
        answerJson(response, { count });
    }
}).listen(Number(port), '127.0.0.1');
