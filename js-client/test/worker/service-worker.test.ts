import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { idOfHash, parseSiteId } from "../../src/protocol/ids.ts";
import type { Policy } from "../../src/protocol/messages.ts";
import { Database } from "../../src/store/database.ts";
import type { Order, WorkerConfig } from "../../src/worker/messages.ts";
import { LAST_PATIENCE_MS } from "../../src/worker/route.ts";
import { openPolicy } from "../policy.ts";
import { wireEntry } from "../protocol/signer.ts";

/** Of service workers only, whose types pages do not have. */
const WORKER: string = "../../src/worker/service-worker.ts";
const { runServiceWorker } = (await import(WORKER)) as { runServiceWorker(): void };

const ORIGIN = "https://site.test";
const CONTENT = `${ORIGIN}/content/a.jpg`;
const OTHER = `${ORIGIN}/account`;

const policy: Policy = {
	...openPolicy,
	webOrigins: [ORIGIN],
	contentOrigins: [ORIGIN],
	include: ["/content/**"],
};

type Listener = (event: unknown) => void;

const CONTENT_BYTES = new Uint8Array(20_000).fill(7);

/** As the browser's: who sends a message. */
class Sender {
	readonly id = "page";
}

/** What a service worker has around it. */
class Scope {
	readonly listeners = new Map<string, Listener>();
	readonly location = new URL(`${ORIGIN}/rivulet-sw.js`);
	readonly clients = { matchAll: () => Promise.resolve([]), claim: () => Promise.resolve() };
	readonly addEventListener = (name: string, listener: Listener) => this.listeners.set(name, listener);
	readonly skipWaiting = () => Promise.resolve();

	/** The worker's answer; null when it leaves the request to the browser. */
	fetch(url: string): Promise<Response> | null {
		let answer: Promise<Response> | null = null;
		const headers = new Headers();
		const { signal } = new AbortController();
		this.listeners.get("fetch")?.({
			clientId: "page",
			request: {
				...{ url, headers, signal, method: "GET", mode: "same-origin", cache: "default", redirect: "follow" },
				...{ credentials: "same-origin", destination: "image", integrity: "", keepalive: false },
			},
			waitUntil: () => {},
			respondWith: (response: Promise<Response>) => {
				answer = response;
			},
		});
		return answer;
	}
}

/** The engine of a page, which says hello, has no neighbours yet, and has all that it is asked for. */
async function joined(scope: Scope): Promise<{ asked: string[]; leave: () => void }> {
	const { content } = await wireEntry(CONTENT, CONTENT_BYTES);
	const { port1, port2 } = new MessageChannel();
	const asked: string[] = [];
	port1.onmessage = ({ data, ports: [port] }: MessageEvent<Order>) => {
		if (data.type !== "fetch") return;
		asked.push(data.url);
		port?.postMessage({ type: "ack" });
		const headers = { "content-length": String(CONTENT_BYTES.length) };
		port?.postMessage({ type: "head", status: 200, headers, content });
		port?.postMessage({ type: "chunk", bytes: CONTENT_BYTES });
		port?.postMessage({ type: "end" });
	};
	const ready = new Promise((resolve) => {
		port1.addEventListener("message", ({ data }: MessageEvent<Order>) => data.type === "ready" && resolve(null));
	});
	const data = { rivulet: "hello", config };
	scope.listeners.get("message")?.({ data, ports: [port2], source: new Sender(), waitUntil: () => {} });
	await ready;
	return { asked, leave: () => port1.close() };
}

/** Storage that opens when it is let. */
function lateStorage(real: IDBFactory): { factory: Pick<IDBFactory, "open">; open: () => void } {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	const factory: Pick<IDBFactory, "open"> = {
		open(name, version) {
			const request = real.open(name, version);
			const late: { onsuccess?: () => void; readonly result: IDBDatabase } = {
				get result() {
					return request.result;
				},
			};
			request.onsuccess = () => void opened.then(() => late.onsuccess?.());
			return late as unknown as IDBOpenDBRequest;
		},
	};
	return { factory, open };
}

const site = parseSiteId("demo");
if (!site) throw new Error("not a site id");
const config: WorkerConfig = { tracker: "https://tracker.test/", site, policy };

let scope: Scope;
let real: IDBFactory;
beforeEach(async () => {
	real = new IDBFactory();
	vi.stubGlobal("indexedDB", real);
	vi.stubGlobal("Client", Sender);
	const database = new Database();
	await database.put("state", "worker", config);
	database.close();
	scope = new Scope();
	vi.stubGlobal("self", scope);
	vi.stubGlobal("navigator", {});
	vi.stubGlobal(
		"fetch",
		vi.fn(() => Promise.resolve(new Response("of the network"))),
	);
});
afterEach(() => vi.unstubAllGlobals());

test("what the site is, is known from the last time", async () => {
	runServiceWorker();
	await vi.waitFor(() => expect(scope.fetch(OTHER)).toBeNull());

	expect(scope.fetch(CONTENT)).not.toBeNull();
});

test("requests do not wait for storage that opens late; what it has is used from then on", async () => {
	const { factory, open } = lateStorage(real);
	vi.stubGlobal("indexedDB", factory);
	runServiceWorker();

	const response = await scope.fetch(OTHER);
	expect(await response?.text()).toBe("of the network");
	open();
	await vi.waitFor(() => expect(scope.fetch(OTHER)).toBeNull());
	expect(scope.fetch(CONTENT)).not.toBeNull();
});

test("where nothing is known, storage that opens late changes nothing about that", async () => {
	const { factory, open } = lateStorage(new IDBFactory());
	vi.stubGlobal("indexedDB", factory);
	runServiceWorker();

	await scope.fetch(OTHER);
	open();
	await vi.waitFor(() => expect(scope.fetch(CONTENT)).toBeNull());
});

describe("what a page asks for before its neighbours are there", () => {
	beforeEach(async () => {
		const database = new Database();
		const notAfter = Math.floor(Date.now() / 1000) + 1000;
		const entry = await wireEntry(CONTENT, CONTENT_BYTES, { freshUntil: notAfter });
		await database.put("state", `catalog ${site}`, {
			...{ key: "", epoch: 1, sequence: 1, head: "", batch: 1, depth: 0, root: idOfHash(new Uint8Array(32)), notAfter },
			...{ changes: new Map([[entry.url, entry]]), suspended: new Map() },
		});
		database.close();
	});

	/** Lets what was begun go on, in other threads too, while no time passes. */
	const until = async (isSo: () => boolean) => {
		while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
	};
	const timesAsked = () => {
		const urls = vi.mocked(fetch).mock.calls.map(([request]) => (request as Partial<Request>).url ?? request);
		return urls.filter((url) => url === CONTENT).length;
	};

	test.each([
		["errs", () => Promise.resolve(new Response("overloaded", { status: 503 })), 0],
		["says nothing", () => new Promise<Response>(() => {}), LAST_PATIENCE_MS],
	])("is given by those who have it when the origin %s", async (_, origin, ms) => {
		vi.stubGlobal("fetch", vi.fn(origin));
		runServiceWorker();
		const page = await joined(scope);
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		onTestFinished(() => void vi.useRealTimers());

		const answer = scope.fetch(CONTENT);
		await until(() => timesAsked() === 1);
		await vi.advanceTimersByTimeAsync(ms);
		const response = await answer;

		expect(timesAsked()).toBe(1);
		expect(page.asked).toEqual([CONTENT]);
		expect(response?.status).toBe(200);
		page.leave();
	});
});
