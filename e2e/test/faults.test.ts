import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Program } from "../../demo-site/stack.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Refusal } from "../fixture/refusal.ts";
import { SITE, Stack, type StackOptions } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { look, metrics } from "../fixture/tracker-api.ts";
import { type Download, Visitor } from "../fixture/visitor.ts";
import { type HostileOptions, type HostileState, hostilePeer, type Mischief } from "../hostile/peer.ts";

const SIZE = 48 << 20;
/** Longer than a service worker waits for a page before it turns to the network, milliseconds. */
const BUSY_MS = 2_000;
/** How long a page that lost its tracker may take to try it again: the longer, the longer that was away. */
const REJOINED_MS = 60_000;

interface Overview {
	readonly health: { readonly rejectedPieces: number };
}

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

async function startStack(options: StackOptions = {}): Promise<string> {
	stack = await Stack.start({ ...options, content: file.folder });
	return `${stack.contentUrl}/${file.name}`;
}

/** A visitor that has the whole file. */
async function holder(url: string, n = 1): Promise<Visitor> {
	const visitor = await Visitor.arrive(stack, n);
	await visitor.open();
	expect((await visitor.download(url)).sha256).toBe(file.sha256);
	return visitor;
}

/** A stack whose origin refuses once a visitor has the whole file. */
async function startRefusing(): Promise<string> {
	const origin = new Refusal();
	const url = await startStack({ intercept: origin.intercept });
	await holder(url);
	origin.refusing = true;
	return url;
}

async function hostile(url: string, mischief: Mischief): Promise<Visitor> {
	const { content, size } = await catalogEntry(stack.tracker.url, url);
	const visitor = await Visitor.arrive(stack, 66, { validate: false });
	await visitor.page.goto(stack.pageUrl(66, "/icon.svg")); // a document without Rivulet on an admitted origin
	const options: HostileOptions = { tracker: stack.tracker.url, site: SITE, content, size, mischief };
	await visitor.page.evaluate(hostilePeer, options);
	await visitor.page.waitForFunction("window.__hostile.joined");
	return visitor;
}

const stateOf = (visitor: Visitor) => visitor.page.evaluate("window.__hostile") as Promise<HostileState>;

/**
 * Fetches and hashes; a fifth of the file is read, and the rest once `__resume` is called. What was not read holds up what
 * is fetched, so that a transfer is not over before something is done to it, however slow that is.
 */
function downloadHeldUp(visitor: Visitor, url: string): Promise<Download> {
	return visitor.page.evaluate(
		async (target: string, first: number) => {
			const scope = globalThis as unknown as { rivulet: { fetch: typeof fetch }; __resume: () => void };
			const resumed = new Promise<void>((resolve) => {
				scope.__resume = resolve;
			});
			const response = await scope.rivulet.fetch(target);
			const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
			const parts: Uint8Array<ArrayBuffer>[] = [];
			let length = 0;
			for (;;) {
				if (length >= first) await resumed;
				const { done, value } = await reader.read();
				if (done) break;
				parts.push(value);
				length += value.length;
			}
			const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
			const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
			return { status: response.status, length, sha256 };
		},
		url,
		SIZE / 5,
	);
}

/** Downloads the file and does `then` once, when between 30 and 70 % of it was received. */
async function midway(
	visitor: Visitor,
	url: string,
	then: () => Promise<unknown>,
): Promise<Download & { readonly share: number }> {
	await visitor.page.evaluate(() => {
		const scope = globalThis as unknown as {
			__received: number;
			rivulet: { on(event: "piece", listener: (piece: { bytes: number }) => void): void };
		};
		scope.__received = 0;
		scope.rivulet.on("piece", ({ bytes }) => {
			scope.__received += bytes;
		});
	});
	const download = downloadHeldUp(visitor, url);
	await visitor.page.waitForFunction(
		(enough: number) => (window as unknown as { __received: number }).__received > enough,
		{
			polling: 5,
			timeout: 60_000,
		},
		0.35 * SIZE,
	);
	const acted = then();
	const share = ((await visitor.page.evaluate("window.__received")) as number) / SIZE;
	await acted;
	await visitor.page.evaluate("window.__resume()");
	return { ...(await download), share };
}

function expectMidway({ share, ...download }: Download & { readonly share: number }): void {
	expect(share).toBeGreaterThan(0.3);
	expect(share).toBeLessThan(0.7);
	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
}

const kill9 = async (program: Program): Promise<void> => {
	await program.kill("SIGKILL");
};

test.each<Mischief>(["wrong", "stall", "leave"])(
	"a peer that does this costs no byte and no request: %s",
	async (mischief) => {
		const url = await startStack();
		await holder(url);
		const bad = await hostile(url, mischief);

		const visitor = await Visitor.arrive(stack, 2);
		await visitor.open();
		await visitor.neighbour("page");
		await bad.page.waitForFunction("window.__hostile.connections > 0");
		const download = await visitor.download(url);

		expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
		const state = await stateOf(bad);
		expect(state.requests).toBeGreaterThan(0);
		if (mischief === "wrong") {
			expect((await visitor.stats()).pieces.rejected).toBeGreaterThan(0);
			await bad.page.waitForFunction("window.__hostile.closed.includes(4406)");
			// The operator learns of it.
			const told = async () => (await look<Overview>(stack, "/overview?range=15m")).health.rejectedPieces;
			await expect.poll(told, { timeout: 60_000 }).toBeGreaterThan(0);
			const metric = `rivulet_tracker_pieces_total{result="rejected",site="${SITE}"}`;
			expect((await metrics(stack)).get(metric)).toBeGreaterThan(0);
		}
		expect(visitor.errors).toEqual([]);
	},
);

test("nobody but a peer with wrong bytes: the origin's bytes", async () => {
	const url = await startStack();
	const bad = await hostile(url, "wrong");
	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await bad.page.waitForFunction("window.__hostile.connections > 0");

	const download = await visitor.download(url);

	expect(download.sha256).toBe(file.sha256);
	expect((await visitor.stats()).bytes.origin).toBeGreaterThan(0.9 * SIZE);
});

test("the tracker is killed midway: connected peers go on", async () => {
	const url = await startRefusing();
	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await visitor.neighbour("page");

	const download = await midway(visitor, url, () => kill9(stack.tracker));

	expectMidway(download);
	expect((await visitor.stats()).bytes.peers / SIZE).toBeGreaterThan(0.9);
});

test("the tracker is killed and comes back: it knows its catalog, and its visitors find each other", async () => {
	const url = await startRefusing();
	await stack.restartTracker();

	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await visitor.neighbour("page", REJOINED_MS);
	const download = await visitor.download(url);

	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
	expect((await visitor.stats()).bytes.peers).toBeGreaterThanOrEqual(SIZE);
});

test("the edge is killed midway: the origin gives the rest", async () => {
	const slow = new SlowFile(file.name, file.bytes);
	const url = await startStack({ intercept: slow.intercept });
	const edge = await stack.addEdge();
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	await first.neighbour("edge");
	expect((await first.download(url)).sha256).toBe(file.sha256); // warms the edge
	await first.leave();
	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await visitor.neighbour("edge");

	slow.isSlow = true;
	const download = await midway(visitor, url, () => {
		slow.isSlow = false;
		return kill9(edge);
	});

	expectMidway(download);
	expect((await visitor.stats()).bytes.edges).toBeGreaterThan(0.25 * SIZE);
});

test("the peer leaves midway: the origin gives the rest", async () => {
	const url = await startStack();
	const first = await holder(url);
	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await visitor.neighbour("page");

	const download = await midway(visitor, url, async () => {
		await first.wire.drain(first.page);
		first.browser.process()?.kill("SIGKILL");
	});

	expectMidway(download);
});

test("the origin refuses after the first visitor: the second has everything from the first", async () => {
	const url = await startRefusing();

	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	const download = await visitor.download(url);

	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
});

test("the origin refuses and the page is too busy to answer its worker: the request waits for it", async () => {
	const url = await startRefusing();
	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	await visitor.neighbour("page");
	await visitor.page.evaluate((ms: number) => {
		const plain = fetch;
		globalThis.fetch = (...request) => {
			const answer = plain(...request);
			for (const end = performance.now() + ms; performance.now() < end; ); // as a long script would
			return answer;
		};
	}, BUSY_MS);

	const download = await visitor.download(url, { own: true });

	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
});

test("the origin closes each connection midway: no request fails while the first visitor lives", async () => {
	let cut = false;
	const url = await startStack({
		intercept(request, response) {
			if (!cut || !request.url?.startsWith(`/content/${file.name}`)) return false;
			response.writeHead(200, { "access-control-allow-origin": "*", "content-length": String(SIZE) });
			response.write(file.bytes.subarray(0, 100_000), () => response.destroy());
			return true;
		},
	});
	await holder(url);
	cut = true;

	const visitor = await Visitor.arrive(stack, 2);
	await visitor.open();
	const download = await visitor.download(url);

	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
});
