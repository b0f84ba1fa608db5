import { readdir, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { afterEach, expect, test } from "vitest";
import { contentDir, FILM_SECONDS } from "../../demo-site/media.mjs";
import { catalogEntry } from "../fixture/catalog.ts";
import { sha256OfFile } from "../fixture/hash.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

/** How far behind the first viewer the second starts, milliseconds. */
const SECOND_VIEWER_MS = 3_000;
/** Longest time the picture may stand still for want of the film, milliseconds. */
const STILL_MS = 250;
const PLAYED_MS = (FILM_SECONDS + 30) * 1000;

let stack: Stack;
afterEach(() => stack?.close());

/** A page that plays the film as soon as it is there, as many do, with nothing of Rivulet's but the two scripts. */
const page = (tracker: string, content: string) => `<!doctype html>
<meta charset="utf-8">
<title>film</title>
<script>
window.seen = { segments: [], plainBytes: 0, troubles: [], ended: false };
// what is fetched of segments on nobody's behalf but the player's
const original = window.fetch;
window.fetch = async (input, init) => {
	const response = await original(input, init);
	if (!/\\.ts$/.test(input)) return response;
	const counted = new TransformStream({
		transform(bytes, controller) {
			seen.plainBytes += bytes.length;
			controller.enqueue(bytes);
		},
	});
	const { headers, status, url } = response;
	return Object.defineProperty(new Response(response.body.pipeThrough(counted), { headers, status }), "url", { value: url });
};
</script>
<script src="${tracker}/rivulet.js" data-site="${SITE}" async></script>
<script src="${tracker}/rivulet-hls.js"></script>
<script src="/vendor/hls.js"></script>
<video id="film" muted></video>
<script>
const film = document.getElementById("film");
let moved = 0;
let position = 0;
/** Whether there is nothing to play: a machine that is too busy to play what there is, is no trouble of ours. */
const starves = () => {
	const { buffered, currentTime, duration } = film;
	for (let range = 0; range < buffered.length; range++) {
		if (buffered.start(range) <= currentTime + 0.1 && buffered.end(range) > Math.min(currentTime + 0.5, duration - 0.2)) return false;
	}
	return true;
};
setInterval(() => {
	const now = performance.now();
	if (film.currentTime !== position) {
		moved = now;
		position = film.currentTime;
	} else if (moved && !film.ended && !starves()) {
		moved = now;
	} else if (moved && now - moved > ${STILL_MS} && !film.ended) {
		seen.troubles.push("stood still at " + position);
		moved = now;
	}
}, 50);
film.onwaiting = () => moved && starves() && seen.troubles.push("waiting at " + film.currentTime);
film.onended = () => { seen.ended = true; };
const hashed = async (bytes) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
	(byte) => byte.toString(16).padStart(2, "0")).join("");
/** Looks at what a loader gives to the player. */
const observed = (Loader) => class extends Loader {
	load(context, config, callbacks) {
		const onSuccess = (response, stats, known, details) => {
			const name = new URL(context.url).pathname.split("/").at(-1);
			if (!(details instanceof Response)) seen.plainBytes += response.data.byteLength;
			// the player hands its buffers on to a worker: hashed is a copy
			seen.segments.push(hashed(response.data.slice()).then((sha256) => ({ name, sha256 })));
			callbacks.onSuccess(response, stats, known, details);
		};
		super.load(context, config, { ...callbacks, onSuccess });
	}
};
const hls = new Hls({ fLoader: observed(window.rivuletHls?.({ media: film }) ?? Hls.DefaultConfig.loader) });
// what it says of buffers has its cause in the film, which does not begin at 0
hls.on(Hls.Events.ERROR, (_, { details, error }) => details.startsWith("buffer") || seen.troubles.push(String(error)));
if (!location.search) {
	hls.loadSource("${content}/film/index.m3u8");
	hls.attachMedia(film);
	film.play();
}
</script>`;

interface Seen {
	readonly segments: readonly { readonly name: string; readonly sha256: string }[];
	/** Of segments that the player loaded without the client. */
	readonly plainBytes: number;
	readonly troubles: readonly string[];
}

function intercept(request: IncomingMessage, response: ServerResponse): boolean {
	if (request.url?.startsWith("/player.html")) {
		response.writeHead(200, { "content-type": "text/html" }).end(page(stack.tracker.url, stack.contentUrl));
		return true;
	}
	if (request.url !== "/rivulet-sw.js") return false;
	response.writeHead(404).end();
	return true;
}

const watch = (visitor: Visitor) => visitor.page.goto(stack.pageUrl(visitor.n, "/player.html"));
const come = (visitor: Visitor) => visitor.page.goto(stack.pageUrl(visitor.n, "/player.html?still"));

/** Waits for the film's end and checks all that was played against the files. */
async function seenBy({ page, errors }: Visitor): Promise<Seen> {
	await page.waitForFunction("seen.ended", { timeout: PLAYED_MS, polling: 500 });
	const seen = (await page.evaluate("Promise.all(seen.segments).then((segments) => ({ ...seen, segments }))")) as Seen;
	expect(seen.segments.length).toBeGreaterThanOrEqual(FILM_SECONDS / 4);
	for (const { name, sha256 } of seen.segments) expect(sha256).toBe(await sha256OfFile(join(contentDir, "film", name)));
	expect(errors).toEqual([]);
	return seen;
}

const originBytes = (kind: RegExp) =>
	Object.entries(stack.origin.stats().paths)
		.filter(([path]) => kind.test(path))
		.reduce((sum, [, by]) => sum + (by["browser"]?.bytes ?? 0), 0);

/** Of all segments together. */
async function filmBytes(): Promise<number> {
	const folder = join(contentDir, "film");
	const segments = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
	const sizes = await Promise.all(segments.map(async (name) => (await stat(join(folder, name))).size));
	return sizes.reduce((sum, size) => sum + size, 0);
}

async function block(page: Page, name: RegExp): Promise<void> {
	await page.setRequestInterception(true);
	page.on("request", (request) => {
		if (name.test(request.url())) void request.abort("blockedbyclient");
		else void request.continue();
	});
}

test("without a service worker, the second viewer has the film from the first", {
	timeout: 2 * PLAYED_MS + 60_000,
}, async () => {
	stack = await Stack.start({ intercept });
	const first = await Visitor.arrive(stack, 1);
	const second = await Visitor.arrive(stack, 2);

	await watch(first);
	await new Promise((resolve) => setTimeout(resolve, SECOND_VIEWER_MS));
	await watch(second);
	const seen = await Promise.all([first, second].map(seenBy));

	const stats = [await first.stats(), await second.stats()];
	expect(seen.map(({ troubles }) => troubles)).toEqual([[], []]);
	expect(await second.page.evaluate("navigator.serviceWorker.controller")).toBe(null);
	const [, { bytes } = { bytes: { peers: 0 } }] = stats;
	expect(bytes.peers / (await filmBytes())).toBeGreaterThanOrEqual(0.8);
	const asked = stats.reduce((sum, one) => sum + one.bytes.origin, 0);
	const sent = originBytes(/\.ts$/);
	expect(Math.abs(sent - asked)).toBeLessThan(0.02 * sent);
});

/** How late the tracker hears of a page, milliseconds: it knows the catalog only after its first segment. */
const SLOW_TRACKER_MS = 2000;
const SLOW_TRACKER = `{
	const { send } = WebSocket.prototype;
	let heardMs;
	WebSocket.prototype.send = function (text) {
		heardMs ??= performance.now() + ${SLOW_TRACKER_MS};
		setTimeout(() => send.call(this, text), heardMs - performance.now());
	};
}`;

test("what was begun on the network because the tracker is slow is offered to others", async () => {
	stack = await Stack.start({ intercept });
	const first = await Visitor.arrive(stack, 1, { beforeWorkers: SLOW_TRACKER });
	const second = await Visitor.arrive(stack, 2);

	await watch(first);
	const url = `${stack.contentUrl}/film/segment-000.ts`;
	const { content } = await catalogEntry(stack.tracker.url, url);
	const announced = `__wire.some(({ text }) => JSON.parse(text).have?.includes("${content}"))`;
	await first.page.waitForFunction(`film.currentTime > 1 && ${announced}`);
	const { plainBytes } = (await first.page.evaluate("seen")) as Seen;
	expect(plainBytes).toBeGreaterThan(0);
	const before = originBytes(/segment-000/);
	await come(second);
	await second.page.waitForFunction("window.rivulet");
	await second.neighbour("page");
	// with time to wait, so that how busy this machine is does not matter
	const sha256 = await second.page.evaluate(`rivulet
		.fetch("${url}", { dueMs: () => 10_000 })
		.then((response) => response.arrayBuffer())
		.then(hashed)`);

	expect(sha256).toBe(await sha256OfFile(join(contentDir, "film", "segment-000.ts")));
	expect(originBytes(/segment-000/)).toBe(before);
});

test.each([
	["rivulet.js", /rivulet\.js$/],
	["everything of the tracker's", /rivulet[-\w]*\.m?js$/],
])("with %s blocked the film plays over HTTP", { timeout: PLAYED_MS + 60_000 }, async (_, blocked) => {
	stack = await Stack.start({ intercept });
	const visitor = await Visitor.arrive(stack, 1);
	await block(visitor.page, blocked);

	await watch(visitor);
	await visitor.page.evaluate("film.playbackRate = 8");
	const { plainBytes } = await seenBy(visitor);

	expect(await visitor.page.evaluate("typeof window.rivulet")).toBe("undefined");
	expect(plainBytes).toBe(await filmBytes());
	expect(originBytes(/\.ts$/)).toBe(plainBytes);
});
