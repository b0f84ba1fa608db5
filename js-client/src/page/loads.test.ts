import { beforeEach, expect, test, vi } from "vitest";
import { Loads } from "./loads.ts";

const URL_ = "https://example.org/clip.mp4";

let closing: AbortController;
let loads: Loads;
let looked: [string, number][];

beforeEach(() => {
	vi.stubGlobal("requestIdleCallback", (then: () => void) => setTimeout(then, 0));
	closing = new AbortController();
	loads = new Loads(closing.signal);
	looked = [];
});

const add = (name: string, bytes: number, { workerStart = 0, initiatorType = "video" } = {}) =>
	loads.add({ name, workerStart, initiatorType } as PerformanceResourceTiming, bytes);
const watch = () => loads.watch(async (url, bytes) => void looked.push([url, bytes]));

test("what was loaded before anybody looked is looked at, with all that the network gave for it", async () => {
	add(URL_, 1000);
	add(`${URL_}?2`, 7);
	add(URL_, 500);
	watch();

	await vi.waitFor(() =>
		expect(looked).toEqual([
			[URL_, 1500],
			[`${URL_}?2`, 7],
		]),
	);
});

test("what comes later is looked at as well, and nothing is counted twice", async () => {
	watch();
	add(URL_, 1000);
	await vi.waitFor(() => expect(looked).toEqual([[URL_, 1000]]));
	add(URL_, 20);

	await vi.waitFor(() => expect(looked.slice(1)).toEqual([[URL_, 20]]));
});

test("what the engine and the service worker count is looked at without its bytes", async () => {
	add(`${URL_}#rivulet`, 1000);
	add(URL_, 1000, { workerStart: 12.5 });
	watch();

	await vi.waitFor(() =>
		expect(looked).toEqual([
			[`${URL_}#rivulet`, 0],
			[URL_, 0],
		]),
	);
});

test("documents are no resources of the page, and a stopped client looks at nothing", async () => {
	add(URL_, 1000, { initiatorType: "iframe" });
	watch();
	add(`${URL_}?2`, 7);
	closing.abort();
	await new Promise((resolve) => setTimeout(resolve, 20));

	expect(looked).toEqual([]);
});
