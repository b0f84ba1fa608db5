import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SITE, Stack } from "../fixture/stack.ts";
import { type BrowserName, Visitor } from "../fixture/visitor.ts";

/** Resources of one page, and the size of each. */
const COUNT = 12;
const BYTES = 20_000;
/** A machine that is so busy that a page is taken for one without neighbours gets another page to load, and another. */
const ROUNDS = 5;
/** Browsers have no more than six requests at a time under way to one host: then all of them went to the origin. */
const ALL_TO_ORIGIN = 6;

const BROWSERS: readonly BrowserName[] = ["chromium", "firefox"];
const sha256 = (name: string) =>
	createHash("sha256")
		.update(bodies.get(name) ?? "")
		.digest("hex");
const names = (browser: BrowserName, round: number) =>
	Array.from({ length: COUNT }, (_, n) => `${browser}-${round}-${n}.bin`);

const HEADERS = {
	"access-control-allow-origin": "*",
	"timing-allow-origin": "*",
	"cache-control": "public, max-age=3600",
	"content-length": BYTES,
};

let content: string;
let stack: Stack;
const bodies = new Map<string, Buffer>();
/** Requests that came to wait at the gate. */
let held = 0;
let gate = Promise.resolve();
let openGate = () => {};

beforeAll(async () => {
	content = await mkdtemp(join(tmpdir(), "rivulet-content-"));
	for (const browser of BROWSERS) {
		for (let round = 0; round < ROUNDS; round++) {
			for (const name of names(browser, round)) {
				const bytes = randomBytes(BYTES);
				bodies.set(name, bytes);
				await writeFile(join(content, name), bytes);
			}
		}
	}
	stack = await Stack.start({ content, intercept });
});

afterAll(() => rm(content, { recursive: true, force: true }));
afterAll(() => stack?.close());

function intercept(request: IncomingMessage, response: ServerResponse): boolean {
	const { pathname, searchParams } = new URL(request.url ?? "", "http://origin.invalid");
	if (pathname === "/many.html") {
		response.writeHead(200, { "content-type": "text/html" }).end(page((searchParams.get("load") ?? "").split(",")));
		return true;
	}
	const body = bodies.get(pathname.replace("/content/", ""));
	if (!body || request.method !== "GET") return false;
	held++;
	void gate.then(() => response.writeHead(200, HEADERS).end(body));
	return true;
}

/** Asks for all of these at once, as soon as it is there; `window.got` grows, `window.all` has their hashes. */
const page = (load: readonly string[]): string => `<!doctype html><meta charset="utf-8"><title>Many</title>
<link rel="icon" href="data:,"><script src="${stack.tracker.url}/rivulet.js" data-site="${SITE}" async></script><script>
	window.got = 0;
	window.all = Promise.all(${JSON.stringify(load.filter(Boolean))}.map(async (name) => {
		const bytes = await (await fetch("${stack.contentUrl}/" + name)).arrayBuffer();
		const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
		window.got++;
		return [name, Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")];
	}));
	document.documentElement.dataset.ready = "true";
</script>`;

/** Loads a page of resources that a neighbour has. @returns how many were asked of the origin, which answers none of them */
async function load(visitor: Visitor, round: readonly string[]): Promise<number> {
	held = 0;
	gate = new Promise((resolve) => {
		openGate = resolve;
	});
	await visitor.page.goto(stack.pageUrl(visitor.n, `/many.html?load=${round.join()}`), {
		waitUntil: "domcontentloaded",
	});
	const got = () => visitor.page.evaluate("window.got") as Promise<number>;
	await expect
		.poll(async () => held >= ALL_TO_ORIGIN || held + (await got()) >= COUNT, { timeout: 60_000, interval: 50 })
		.toBe(true);
	const asked = held;
	openGate();
	expect(await visitor.page.evaluate("window.all")).toEqual(round.map((name) => [name, sha256(name)]));
	return asked;
}

test.each(BROWSERS)(
	"a page of many small resources, opened in %s, leaves to the origin what keeps it busy until neighbours are there, and nothing when it is opened again",
	async (browser) => {
		const holder = await Visitor.arrive(stack, 1);
		const visitor = await Visitor.arrive(stack, 2, { browser });
		await Promise.all([holder.open("/many.html"), visitor.open("/many.html")]);
		const asked: number[] = [];
		const again: number[] = [];
		while (asked.length < ROUNDS && (Math.min(...asked) >= ALL_TO_ORIGIN || Math.min(...again) > 0)) {
			const round = names(browser, asked.length);
			for (const name of round)
				expect(await holder.download(`${stack.contentUrl}/${name}`)).toMatchObject({ sha256: sha256(name) });
			asked.push(await load(visitor, round));
			again.push(await load(visitor, round));
		}

		expect(Math.min(...asked)).toBeLessThan(ALL_TO_ORIGIN);
		expect(Math.min(...again)).toBe(0);
		await Promise.all([visitor.leave(), holder.leave()]);
	},
	240_000,
);
