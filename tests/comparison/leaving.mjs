// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT
//
// How many of N close requests arrive when a web page and Tallybell go away? Prints a Markdown table.
//
//     node leaving.mjs --tallybell PATH [--chromium PATH] [--headed] [--rounds 20] [--only NAME]
//
// One server on 127.0.0.1 for both: log in, get the count, follow the stream, say goodbye. The page
// does the last with navigator.sendBeacon() on pagehide, in Chromium, driven by its pipe: headless, or
// with --headed on the display that DISPLAY names.
// Exits with 1 when a close request of Tallybell is missing that no SIGKILL of everything has taken,
// or when one came twice. What it ends are processes that it started, by their ids.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const patience = 30_000; // ms, until a client has its stream; the first start of a browser is slow
const grace = 4_000; // ms, that a close request may take after its sender has gone
const lateGrace = 15_000; // ms, after the next start, which first lets an earlier sender finish

const { values: options } = parseArgs({
    options: {
        tallybell: { type: "string" },
        chromium: { type: "string", default: "chromium" },
        headed: { type: "boolean", default: false },
        rounds: { type: "string", default: "20" },
        only: { type: "string" },
    },
});
const rounds = Number(options.rounds);

// ── The server ──────────────────────────────────────────────────────────────────────────────────

const page = `<!DOCTYPE html><meta charset="utf-8"><title>Portal</title><p id="count">…</p><script>
(async () => {
    const client = crypto.randomUUID(); // names the session at its close
    await fetch("/login", {method: "POST", body: JSON.stringify({user: "mia", client})});
    const show = count => document.getElementById("count").textContent = count;
    show((await (await fetch("/count")).json()).count);
    new EventSource("/stream").addEventListener("count", event => show(JSON.parse(event.data).count));
    addEventListener("pagehide", () => navigator.sendBeacon("/close", JSON.stringify({client})));
})();
</script>`;

class Portal {
    sessions = new Map(); // id → {client, streams, closes}
    waiting = new Set();

    async listen() {
        this.http = createServer((request, response) => this.serve(request, response));
        this.http.listen(0, "127.0.0.1");
        await once(this.http, "listening");
        this.url = `http://127.0.0.1:${this.http.address().port}`;
    }

    async serve(request, response) {
        const id = /session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
        const session = this.sessions.get(id);
        const path = new URL(request.url, this.url).pathname;
        let body = "";
        for await (const piece of request) body += piece;
        const json = (value, headers = {}) => {
            response.writeHead(200, { "Content-Type": "application/json", ...headers });
            response.end(JSON.stringify(value));
        };
        if (path === "/") {
            response.writeHead(200, { "Content-Type": "text/html" });
            response.end(page);
        } else if (path === "/login") {
            const fresh = `s${this.sessions.size + 1}`;
            this.sessions.set(fresh, { client: JSON.parse(body).client, streams: 0, closes: 0 });
            json({}, { "Set-Cookie": `session=${fresh}; HttpOnly; SameSite=Strict` });
        } else if (!session) {
            response.writeHead(path === "/favicon.ico" ? 404 : 401).end();
        } else if (path === "/count") {
            json({ count: 3 });
        } else if (path === "/stream") {
            response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
            response.write('event: count\ndata: {"count":3}\n\n');
            session.streams += 1;
        } else if (path === "/close") {
            // By the client's name, not by the cookie: it may come in a later session of mia's.
            const { client } = JSON.parse(body);
            for (const known of this.sessions.values()) if (known.client === client) known.closes += 1;
            response.writeHead(204).end();
        }
        for (const look of this.waiting) look();
    }

    // Resolves to whether it came true.
    async until(condition, ms) {
        const deadline = Date.now() + ms;
        while (!condition()) {
            const left = deadline - Date.now();
            if (left <= 0) return false;
            let look;
            const something = new Promise(resolve => { look = resolve; });
            this.waiting.add(look);
            await Promise.race([something, sleep(left, undefined, { ref: false })]);
            this.waiting.delete(look);
        }
        return true;
    }
}

// ── Processes ───────────────────────────────────────────────────────────────────────────────────

const procFile = (pid, name) => {
    try { return readFileSync(`/proc/${pid}/${name}`, "utf8"); } catch { return ""; }
};

// The ids of those that carry our mark in their environment or arguments, and of all their children:
// a process that has a session of its own, or whose parent has gone, is found all the same. What keeps
// Tallybell's farewell shows its environment to root alone.
function family(mark) {
    const parents = new Map();
    const found = new Set();
    for (const name of readdirSync("/proc")) {
        if (!/^\d+$/.test(name)) continue;
        const pid = Number(name);
        const stat = procFile(pid, "stat");
        if (!stat || pid === process.pid) continue;
        const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z") continue;
        parents.set(pid, Number(parent));
        if (procFile(pid, "environ").includes(mark) || procFile(pid, "cmdline").includes(mark)) found.add(pid);
    }
    for (let grew = true; grew;) {
        grew = false;
        for (const [pid, parent] of parents) {
            if (found.has(parent) && !found.has(pid)) { found.add(pid); grew = true; }
        }
    }
    return [...found];
}

function kill(pid, signal) {
    try { process.kill(pid, signal); } catch (error) { if (error.code !== "ESRCH") throw error; }
}

async function gone(child, ms = 10_000) {
    if (child.exitCode !== null || child.signalCode !== null) return true;
    return Promise.race([once(child, "exit").then(() => true), sleep(ms, false, { ref: false })]);
}

// ── The page in Chromium ────────────────────────────────────────────────────────────────────────

class WebPage {
    constructor(portal) {
        this.portal = portal;
        this.profile = mkdtempSync(join(tmpdir(), "tallybell-comparison-"));
    }

    async start() {
        this.browser = spawn(options.chromium, [
            ...(options.headed ? [] : ["--headless=new"]), "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--password-store=basic",
            "--no-proxy-server", "--remote-debugging-pipe", `--user-data-dir=${this.profile}`, "about:blank",
        ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
        this.answers = new Map();
        this.calls = 0;
        let input = "";
        this.browser.stdio[3].on("error", () => {}); // the browser went; that is the point
        this.browser.stdio[4].on("error", () => {});
        this.browser.stdio[4].on("data", bytes => {
            const messages = (input + bytes).split("\0");
            input = messages.pop();
            for (const message of messages.map(text => JSON.parse(text))) {
                this.answers.get(message.id)?.(message);
                this.answers.delete(message.id);
            }
        });
        const { result } = await this.call("Target.createTarget", { url: `${this.portal.url}/` });
        this.target = result.targetId;
    }

    call(method, params = {}) {
        const id = ++this.calls;
        const answer = new Promise(resolve => this.answers.set(id, resolve));
        this.browser.stdio[3].write(`${JSON.stringify({ id, method, params })}\0`);
        return answer;
    }

    async end(ending) {
        if (ending === "control") await this.call("Target.closeTarget", { targetId: this.target });
        else if (ending === "window") {
            // As a window does it for each of its tabs, and the browser once the last is gone.
            const { result } = await this.call("Target.getTargets");
            for (const { type, targetId } of result.targetInfos)
                if (type === "page") await this.call("Target.closeTarget", { targetId });
            await Promise.race([this.pagesAreGone(), gone(this.browser)]);
            this.call("Browser.close");
        } else if (ending === "exit") this.call("Browser.close"); // its answer may never come
        else if (ending === "SIGTERM") kill(this.browser.pid, "SIGTERM");
        else if (ending === "SIGKILL") {
            const { result } = await this.call("SystemInfo.getProcessInfo");
            for (const { type, id } of result.processInfo) if (type === "renderer") kill(id, "SIGKILL");
        } else for (const pid of family(this.profile)) kill(pid, "SIGKILL");
        if (["window", "exit", "SIGTERM"].includes(ending)) await gone(this.browser);
    }

    async pagesAreGone() {
        for (;;) {
            const { result } = await this.call("Target.getTargets");
            if (!result.targetInfos.some(({ type }) => type === "page")) return;
            await sleep(10);
        }
    }

    async clean() {
        for (const pid of family(this.profile)) kill(pid, "SIGKILL");
        await gone(this.browser);
        rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
    }
}

// ── Tallybell ───────────────────────────────────────────────────────────────────────────────────

class Tallybell {
    constructor(portal) {
        this.portal = portal;
        this.home = mkdtempSync(join(tmpdir(), "tallybell-comparison-"));
        for (const name of ["sources", "state", "cache", "runtime"])
            mkdirSync(join(this.home, name), { mode: 0o700 });
        this.environment = {
            ...process.env,
            TALLYBELL_COMPARISON: this.home, // the mark
            XDG_CONFIG_HOME: this.home,
            XDG_STATE_HOME: join(this.home, "state"),
            XDG_CACHE_HOME: join(this.home, "cache"),
            XDG_RUNTIME_DIR: join(this.home, "runtime"),
        };
        for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"])
            delete this.environment[name];
        writeFileSync(join(this.home, "sources/work.json"), JSON.stringify({
            schema: 1,
            vars: { base: portal.url },
            http: { cookies: "session" },
            login: [{ name: "login", method: "POST", url: "${base}/login", body: { json: { user: "mia", client: "${uuid}" } } }],
            snapshot: [{ name: "count", url: "${base}/count", count: { pointer: "/count" } }],
            stream: { url: "${base}/stream" },
            rules: [{ event: "count", do: "set", pointer: "/count" }],
            close: {
                on: ["quit", "logout"],
                steps: [{ name: "close", method: "POST", url: "${base}/close", body: { json: { client: "${uuid}" } } }],
            },
        }));
    }

    async start() {
        this.app = spawn(options.tallybell, ["--headless", "--config", this.home],
            { env: this.environment, stdio: "ignore" });
    }

    async end(ending) {
        if (ending === "control" || ending === "window" || ending === "exit") {
            const command = spawn(options.tallybell, ["quit", "--config", this.home], { env: this.environment, stdio: "ignore" });
            await gone(command);
            if (command.exitCode !== 0) throw new Error(`tallybell quit exits with ${command.exitCode}`);
        } else if (ending === "everything") {
            for (const pid of family(this.home)) kill(pid, "SIGKILL");
        } else kill(this.app.pid, ending);
        if (!await gone(this.app)) throw new Error("Tallybell does not end");
    }

    async clean() {
        for (const pid of family(this.home)) kill(pid, "SIGKILL");
        await gone(this.app);
        rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
    }
}

// ── The comparison ──────────────────────────────────────────────────────────────────────────────

const endings = [
    { name: "control", page: "its tab is closed", app: "`tallybell quit`" },
    { name: "window", page: "its last window is closed", app: "`tallybell quit`" },
    { name: "exit", page: "the browser is told to exit (DevTools' `Browser.close`)", app: "`tallybell quit`" },
    { name: "SIGTERM", page: "SIGTERM to the browser", app: "SIGTERM" },
    { name: "SIGKILL", page: "SIGKILL of the page's process", app: "SIGKILL" },
    { name: "everything", page: "SIGKILL of all its processes", app: "SIGKILL of all its processes",
        isHopeless: true, needsRoot: true },
].filter(ending => {
    if (ending.needsRoot && process.getuid() !== 0) console.error(`left out, it needs root: ${ending.page}`);
    return !ending.needsRoot || process.getuid() === 0;
}).filter(ending => !options.only || ending.name === options.only);

async function round(Client, portal, ending) {
    const client = new Client(portal);
    const streaming = id => portal.sessions.get(id)?.streams > 0;
    const id = `s${portal.sessions.size + 1}`;
    try {
        await client.start();
        if (!await portal.until(() => streaming(id), patience)) throw new Error(`${Client.name} opened no stream`);
        await client.end(ending.name);
        const session = portal.sessions.get(id);
        const arrived = await portal.until(() => session.closes > 0, grace);
        let later = false;
        if (!arrived && Client === Tallybell) {
            const next = `s${portal.sessions.size + 1}`;
            await client.start();
            await portal.until(() => streaming(next), patience);
            later = await portal.until(() => session.closes > 0, lateGrace);
        }
        await portal.until(() => session.closes > 1, 300); // it must not
        return { arrived, later, twice: session.closes > 1 };
    } finally {
        await client.clean();
    }
}

async function versionOf(program) {
    const child = spawn(program, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
    child.on("error", () => {});
    let text = "";
    for await (const piece of child.stdout) text += piece;
    return text.trim();
}

function skip(why) {
    console.log(`skipped: ${why}`);
    process.exit(0);
}

const pageVersion = (await versionOf(options.chromium)).replace(/ built on.*/, "");
if (!pageVersion) skip("Chromium is missing");
accessSync(options.tallybell, constants.X_OK);
const appVersion = await versionOf(options.tallybell);

const portal = new Portal();
await portal.listen();
console.log(`How many of ${rounds} close requests arrive\n`);
console.log(`| the page, in ${options.headed ? "" : "headless "}${pageVersion} | | ${appVersion} | | at its next start |\n|---|---|---|---|---|`);
let failed = false;
for (const ending of endings) {
    const sum = { arrived: 0, later: 0, twice: 0 };
    const ours = { ...sum };
    for (let index = 0; index < rounds; ++index) {
        for (const [Client, total] of [[WebPage, sum], [Tallybell, ours]]) {
            const result = await round(Client, portal, ending);
            for (const key of Object.keys(total)) total[key] += result[key];
        }
    }
    failed ||= ours.twice > 0 || (!ending.isHopeless && ours.arrived < rounds);
    const twice = total => total.twice ? `, ${total.twice} of them twice` : "";
    console.log(`| ${ending.page} | ${sum.arrived}${twice(sum)} | ${ending.app} | ${ours.arrived}${twice(ours)} | `
        + `${ours.arrived < rounds ? `${ours.later} of ${rounds - ours.arrived}` : "–"} |`);
}
process.exit(failed ? 1 : 0);
