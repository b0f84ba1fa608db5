import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Stack } from "../fixture/stack.ts";
import { serveThrottled } from "../fixture/throttle.ts";
import { Visitor } from "../fixture/visitor.ts";

const SIZE = 32 << 20;
/** What the throttled origin sends, bytes a second: slow enough that something is under way when a tab closes. */
const ORIGIN_RATE = 8 << 20;

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 9);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

/** Fetches through the service worker with the page's own fetch and keeps count in `window.__got`. */
function begin(page: Page, url: string): Promise<void> {
	return page.evaluate((target: string) => {
		const scope = globalThis as unknown as { __got: number; __result: Promise<string> };
		scope.__got = 0;
		scope.__result = (async () => {
			const response = await fetch(target);
			const parts: Uint8Array<ArrayBuffer>[] = [];
			const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
			for (;;) {
				const { done, value } = await reader.read();
				if (done) break;
				parts.push(value);
				scope.__got += value.length;
			}
			const digest = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
			return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
		})();
		scope.__result.catch(() => {});
	}, url);
}

const halfway = (page: Page) => page.waitForFunction(`window.__got > ${0.4 * SIZE}`, { polling: 5, timeout: 60_000 });
const result = (page: Page) => page.evaluate("window.__result") as Promise<string>;

test("a tab that serves another is closed halfway: the other finishes with the right bytes", async () => {
	stack = await Stack.start({ content: file.folder, intercept: throttled });
	const url = `${stack.contentUrl}/${file.name}`;
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	// A tab whose own client is not there: the worker turns to the other tab.
	const bare = await visitor.browser.newPage();
	await bare.goto(stack.pageUrl(1, "/icon.svg"));
	expect(await bare.evaluate("typeof window.rivulet")).toBe("undefined");
	expect(await bare.evaluate("Boolean(navigator.serviceWorker.controller)")).toBe(true);
	const third = await visitor.browser.newPage();
	await visitor.prepare(third);
	await visitor.open("/", third);

	await begin(bare, url);
	await begin(third, url);
	await halfway(bare);
	expect((await bare.evaluate("window.__got")) as number).toBeLessThan(SIZE);
	await visitor.wire.drain(visitor.page);
	await visitor.page.close();

	expect(await result(bare)).toBe(file.sha256);
	expect(await result(third)).toBe(file.sha256);
});

test("the page that serves itself through its worker is closed: another tab's request for the same goes on", async () => {
	stack = await Stack.start({ content: file.folder, intercept: throttled });
	const url = `${stack.contentUrl}/${file.name}`;
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	const other = await visitor.browser.newPage();
	await visitor.prepare(other);
	await visitor.open("/", other);

	await begin(visitor.page, url);
	await begin(other, url);
	await halfway(visitor.page);
	await visitor.wire.drain(visitor.page);
	await visitor.page.close();

	expect(await result(other)).toBe(file.sha256);
});

/** Serves the file at a bounded rate. */
function throttled(request: IncomingMessage, response: ServerResponse): boolean {
	if (request.url !== `/content/${file.name}` || request.method === "OPTIONS") return false;
	serveThrottled(request, response, file.bytes, ORIGIN_RATE);
	return true;
}
