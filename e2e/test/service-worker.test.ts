import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layoutOf } from "../../js-client/test/protocol/signer.ts";
import { documented } from "../fixture/documented.ts";
import { SITE, Stack, TOKEN } from "../fixture/stack.ts";
import { type BrowserName, type Stats, Visitor } from "../fixture/visitor.ts";

const FILE_BYTES = 4_000_000;
/** How long the entry of `stale.bin` is fresh. */
const STALE_SECONDS = 1;
/** The origin sends no more than this of a gated file until its gate is opened. */
const GATED_BYTES = 2_000_000;

/** What may be under way when a seek ends a request: the origin has sent it, and the page never sees it. */
const MAX_UNSEEN_BYTES = 1_000_000;

/** Each of other bytes: a store that has one's would have all of them. */
const files: Record<string, Buffer> = Object.fromEntries(
	["plain", "stale", "gated-page", "gated-worker", "gated-abort"].map((name) => [
		`${name}.bin`,
		randomBytes(FILE_BYTES),
	]),
);
const sha256Of = (name: string) =>
	createHash("sha256")
		.update(files[name] ?? "")
		.digest("hex");
const sha256 = sha256Of("plain.bin");

/** A page of the site without Rivulet, which its service worker controls all the same. */
const BARE_PAGE = "<!doctype html><meta charset=utf-8><title>bare</title>";
const WORKER_SCRIPT = `onmessage = async ({ data }) => {
	const response = await fetch(data);
	const reader = response.body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		postMessage(done ? null : value);
		if (done) return;
	}
};`;

/** What the documentation puts in the place of the worker's script. */
const REMOVAL = documented("Taking Rivulet out again");

let content: string;
let stack: Stack;
/** Whether the site has taken Rivulet out. */
let isRemoved = false;
/** Resolves when gated files may be sent whole. */
let gate: Promise<void>;
let openGate: () => void;
/** Requests for gated files that ended before their body did. */
let abandoned = 0;
/** Requests that came to wait at the gate. */
let held = 0;
/** What the origin was asked: methods and paths. */
let asked: string[] = [];

beforeAll(async () => {
	content = await mkdtemp(join(tmpdir(), "rivulet-content-"));
	for (const name of ["plain.bin", "stale.bin"]) await writeFile(join(content, name), files[name] ?? "");
	await makeClip(join(content, "clip.mp4"));
	stack = await Stack.start({ content, publish: false, intercept });
	await publish({ ...files, "clip.mp4": await readFile(join(content, "clip.mp4")) });
});

afterAll(() => rm(content, { recursive: true, force: true }));
afterAll(() => stack?.close());

beforeEach(() => {
	asked = [];
	abandoned = 0;
	gate = new Promise((resolve) => {
		openGate = resolve;
	});
});

/** Half a minute in some 8 MB: to be sought in beyond what a player reads ahead. */
const makeClip = (file: string) =>
	promisify(execFile)("ffmpeg", [
		...["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=30"],
		...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "2M", "-g", "25"],
		...["-movflags", "+faststart", file],
	]);

function intercept(request: IncomingMessage, response: ServerResponse): boolean {
	const path = request.url ?? "";
	asked.push(`${request.method} ${path}`);
	if (path === "/bare.html") return send(response, "text/html", BARE_PAGE);
	if (path === "/rivulet-sw.js" && isRemoved) return send(response, "text/javascript", REMOVAL);
	if (path === "/worker.js") return send(response, "text/javascript", WORKER_SCRIPT);
	if (request.method !== "GET" || !path.startsWith("/content/gated")) return false;
	void sendGated(request, response, files[path.slice("/content/".length)] ?? Buffer.alloc(0));
	return true;
}

function send(response: ServerResponse, type: string, body: string): true {
	response.writeHead(200, { "content-type": type }).end(body);
	return true;
}

async function sendGated(request: IncomingMessage, response: ServerResponse, bytes: Buffer): Promise<void> {
	const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
	const begin = Number(first ?? 0);
	const end = Number(last ?? FILE_BYTES - 1) + 1;
	response.writeHead(first ? 206 : 200, {
		"access-control-allow-origin": "*",
		"cache-control": "public, max-age=3600",
		"content-type": "application/octet-stream",
		"content-length": end - begin,
		...(first && { "content-range": `bytes ${begin}-${end - 1}/${FILE_BYTES}` }),
	});
	response.on("close", () => {
		if (!response.writableFinished) abandoned++;
	});
	const free = Math.max(begin, Math.min(end, GATED_BYTES));
	response.write(bytes.subarray(begin, free));
	if (free < end) {
		held++;
		await gate; // a response that is not ended would hold up the next one of its connection
	}
	response.end(bytes.subarray(free, end));
}

async function publish(bodies: Record<string, Buffer>): Promise<void> {
	const entries = Object.entries(bodies).map(async ([name, body]) => ({
		url: `${stack.contentUrl}/${name}`,
		layout: Buffer.from((await layoutOf(new Uint8Array(body))).bytes).toString("base64url"),
		headers: {
			"content-type": name.endsWith(".mp4") ? "video/mp4" : "application/octet-stream",
			"access-control-allow-origin": "*",
		},
		maxAge: name === "stale.bin" ? STALE_SECONDS : 3600,
		ranges: true,
	}));
	const response = await fetch(`${stack.tracker.url}/api/v1/sites/${SITE}/entries`, {
		method: "POST",
		headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
		body: JSON.stringify({ entries: await Promise.all(entries), removed: [] }),
	});
	expect(response.status).toBe(200);
}

const urlOf = (name: string) => `${stack.contentUrl}/${name}`;

const browserBytes = (name: string) => stack.origin.stats().paths[`/content/${name}`]?.["browser"]?.bytes ?? 0;

/** A tab of that visitor's with a page that has no Rivulet of its own. */
async function bareTab(visitor: Visitor): Promise<Page> {
	const page = await visitor.browser.newPage();
	await page.goto(stack.pageUrl(visitor.n, "/bare.html"));
	await page.waitForFunction("navigator.serviceWorker.controller");
	return page;
}

/** Begins to fetch in a page, or in a worker of its own; `window.received` grows, `window.digest` tells the end. */
async function beginDownload(page: Page, url: string, inWorker = false): Promise<void> {
	await page.evaluate(
		(target: string, worker: boolean) => {
			const scope = globalThis as unknown as { received: number; digest: Promise<string> };
			const parts: Uint8Array<ArrayBuffer>[] = [];
			scope.received = 0;
			const take = (value: Uint8Array<ArrayBuffer>) => {
				parts.push(value);
				scope.received += value.length;
			};
			const whole = worker
				? new Promise<void>((resolve, reject) => {
						const thread = new Worker("/worker.js");
						thread.onerror = () => reject(new Error("worker failed"));
						thread.onmessage = ({ data }) => (data ? take(data) : resolve());
						thread.postMessage(target);
					})
				: (async () => {
						const reader = (await fetch(target)).body?.getReader();
						for (;;) {
							const { done, value } = (await reader?.read()) ?? { done: true };
							if (done || !value) return;
							take(value);
						}
					})();
			scope.digest = whole.then(async () => {
				const digest = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
				return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
			});
		},
		url,
		inWorker,
	);
}

const received = (page: Page) => page.evaluate("received") as Promise<number>;

describe.each<BrowserName>(["chromium", "firefox"])("in %s", (browser) => {
	const n = browser === "chromium" ? 1 : 2;
	let visitor: Visitor;

	beforeAll(async () => {
		visitor = await Visitor.arrive(stack, n, { browser });
		await visitor.open();
	});

	afterAll(() => visitor.leave());

	/**
	 * Downloads with the page's own fetch until Rivulet has answered it: a page that a loaded machine keeps from answering in
	 * time leaves a request to the network, as it should.
	 */
	async function downloadThroughRivulet(name: string): Promise<Pick<Stats["bytes"], "store" | "origin">> {
		for (;;) {
			const { bytes, pieces } = await visitor.stats();
			expect(await visitor.download(urlOf(name), { own: true })).toMatchObject({ status: 200, sha256: sha256Of(name) });
			const after = await visitor.stats();
			if (after.pieces.verified > pieces.verified)
				return { store: after.bytes.store - bytes.store, origin: after.bytes.origin - bytes.origin };
		}
	}

	test("a page's own fetch gets verified bytes, which later pages find in the store", async () => {
		expect(await downloadThroughRivulet("plain.bin")).toEqual({ store: 0, origin: FILE_BYTES });
		await visitor.page.waitForFunction(storedPieces, { polling: 100 }, Math.ceil(FILE_BYTES / 262_144));

		await visitor.open();
		const before = browserBytes("plain.bin");
		expect(await downloadThroughRivulet("plain.bin")).toEqual({ store: FILE_BYTES, origin: 0 });
		expect(browserBytes("plain.bin")).toBe(before);
	});

	test("a range is answered with 206", async () => {
		const answer = await visitor.page.evaluate(async (url: string) => {
			const response = await fetch(url, { headers: { range: "bytes=1000000-1000009" } });
			return [response.status, response.headers.get("content-range"), (await response.arrayBuffer()).byteLength];
		}, urlOf("plain.bin"));

		expect(answer).toEqual([206, `bytes 1000000-1000009/${FILE_BYTES}`, 10]);
	});

	test("what is not for Rivulet reaches the origin as it was", async () => {
		asked = [];
		await visitor.page.evaluate(async (url: string) => {
			await fetch(url, { method: "HEAD", cache: "no-store" });
			await fetch(url, { cache: "no-store" }).then((response) => response.arrayBuffer());
			await fetch(url, { method: "POST", body: "x" }).catch(() => {}); // the origin takes none
		}, urlOf("plain.bin"));

		const ofFile = asked.filter((line) => line.endsWith("/content/plain.bin"));
		expect(ofFile).toEqual(["HEAD", "GET", "POST"].map((method) => `${method} /content/plain.bin`));
	});

	test("what is left to the network although it has an entry counts as the origin's", async () => {
		// An entry past its freshness without a validator: nobody can tell whether it is current.
		await new Promise((resolve) => setTimeout(resolve, 1000 * STALE_SECONDS));
		const { bytes: before } = await visitor.stats();
		const servedBefore = browserBytes("stale.bin");

		const download = await visitor.download(urlOf("stale.bin"), { own: true });

		expect(download).toMatchObject({ status: 200, sha256: sha256Of("stale.bin") });
		expect(browserBytes("stale.bin") - servedBefore).toBe(FILE_BYTES);
		await expect
			.poll(async () => (await visitor.stats()).bytes)
			.toEqual({ ...before, origin: before.origin + FILE_BYTES });
	});

	test("a page without Rivulet is answered by the worker alone when no page of the site is open", async () => {
		const before = browserBytes("plain.bin");
		const page = await bareTab(visitor);
		await visitor.page.goto("about:blank");

		const download = await visitor.download(urlOf("plain.bin"), { own: true, page });

		expect(download).toMatchObject({ status: 200, sha256 });
		expect(browserBytes("plain.bin")).toBe(before);
		await page.close();
		await visitor.open();
	});

	test.each([
		["page", false],
		["worker", true],
	])("a tab that serves another one's %s is closed half-way, and the other gets its bytes", async (kind, inWorker) => {
		const server = await visitor.browser.newPage();
		await visitor.open("/", server);
		const reader = await bareTab(visitor);
		await visitor.page.goto("about:blank");
		await beginDownload(reader, urlOf(`gated-${kind}.bin`), inWorker);
		await reader.waitForFunction(`received > ${0.3 * FILE_BYTES}`);

		await server.close();

		expect(await received(reader)).toBeLessThan(0.7 * FILE_BYTES);
		openGate();
		expect(await reader.evaluate("digest")).toBe(sha256Of(`gated-${kind}.bin`));
		await reader.close();
		await visitor.open();
	});

	test("a fetch that is aborted ends what was begun for it at the origin", async () => {
		let before = 0;
		do {
			held = 0;
			before = abandoned;
			await visitor.page.evaluate((url: string) => {
				const scope = globalThis as unknown as { abort: AbortController };
				scope.abort = new AbortController();
				// what it comes to is seen at the origin
				void fetch(url, { signal: scope.abort.signal })
					.then((response) => response.arrayBuffer())
					.catch(() => {});
			}, urlOf("gated-abort.bin"));
			await expect.poll(() => held, { timeout: 60_000 }).toBeGreaterThan(0);
			await visitor.page.evaluate("abort.abort()");
		} while ((await visitor.stats()).pieces.verified === 0); // the network answered

		await expect.poll(() => abandoned, { timeout: 60_000 }).toBeGreaterThan(before);
		openGate();
	});

	// Firefox keeps opaque media loads from service workers
	test.each(browser === "chromium" ? ["", "anonymous"] : ["anonymous"])(
		"a film of another origin (crossorigin='%s') plays and is sought in, with every byte through Rivulet",
		async (crossOrigin) => {
			for (let verified = 0; verified === 0; ) {
				await visitor.open();
				const before = browserBytes("clip.mp4");
				const [first = 0, second = 0, duration] = await visitor.page.evaluate(
					playAndSeek,
					urlOf("clip.mp4"),
					crossOrigin,
				);

				expect(first).toBeGreaterThan(0.4);
				expect(second).toBeGreaterThan(25);
				expect(duration).toBeCloseTo(30, 0);
				const { bytes, pieces } = await visitor.stats();
				verified = pieces.verified; // none: the load began on the network, and stayed there
				const unseen = browserBytes("clip.mp4") - before - bytes.origin;
				if (verified) expect(unseen).toBeGreaterThanOrEqual(0);
				if (verified) expect(unseen).toBeLessThan(MAX_UNSEEN_BYTES);
			}
		},
	);

	test("a site takes Rivulet out again by the file that the documentation has for that", async () => {
		const rest = () =>
			visitor.page.evaluate(async () => {
				const names = (await indexedDB.databases()).map(({ name }) => name);
				return { workers: (await navigator.serviceWorker.getRegistrations()).length, names };
			});
		const { page, n } = visitor;
		isRemoved = true;
		try {
			expect(await rest()).toEqual({ workers: 1, names: ["rivulet"] });
			await page.goto(stack.pageUrl(n, "/bare.html"));
			await expect.poll(rest, { timeout: 60_000 }).toEqual({ workers: 0, names: [] });
			await page.goto(stack.pageUrl(n, "/bare.html"));

			expect(await page.evaluate("navigator.serviceWorker.controller")).toBeNull();
			expect(await visitor.download(urlOf("plain.bin"), { own: true })).toMatchObject({ sha256 });
		} finally {
			isRemoved = false;
		}
	});
});

/** Runs in the page: whether its store has so many pieces. */
const storedPieces = (count: number) =>
	new Promise<boolean>((resolve) => {
		const opening = indexedDB.open("rivulet");
		opening.onsuccess = () => {
			const counting = opening.result.transaction("pieces").objectStore("pieces").count();
			counting.onsuccess = () => {
				opening.result.close();
				resolve(counting.result >= count);
			};
		};
	});

/** Runs in the page: plays half a second of a film, seeks to second 25, plays on. @returns where that led, and its length */
async function playAndSeek(url: string, crossOrigin: string): Promise<number[]> {
	const video = document.createElement("video");
	if (crossOrigin) video.crossOrigin = crossOrigin;
	video.muted = true;
	video.src = url;
	document.body.append(video);
	const until = (name: string) =>
		new Promise((resolve, reject) => {
			video.addEventListener(name, resolve, { once: true });
			video.addEventListener("error", () => reject(new Error(video.error?.message)), { once: true });
		});
	const advanced = async () => {
		const from = video.currentTime;
		while (video.currentTime < from + 0.5) await until("timeupdate");
		return video.currentTime;
	};
	const playing = until("playing");
	await video.play();
	await playing;
	const first = await advanced();
	const sought = until("seeked");
	video.currentTime = 25;
	await sought;
	const second = await advanced();
	video.remove();
	return [first, second, video.duration];
}
