import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseSiteId } from "../../src/protocol/ids.ts";
import type { Policy } from "../../src/protocol/messages.ts";
import { Database } from "../../src/store/database.ts";
import type { WorkerConfig } from "../../src/worker/messages.ts";
import { openPolicy } from "../policy.ts";

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

/** What a service worker has around it, without pages. */
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

let scope: Scope;
let real: IDBFactory;
beforeEach(async () => {
	real = new IDBFactory();
	vi.stubGlobal("indexedDB", real);
	const site = parseSiteId("demo");
	if (!site) throw new Error("not a site id");
	const config: WorkerConfig = { tracker: "https://tracker.test/", site, policy };
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
