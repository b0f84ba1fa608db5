import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LeftToNetwork } from "./left-to-network.ts";

const URL_ = "https://example.org/film.mp4";

/** Tells the observer of a load that has ended. */
let ended: (name: string, encodedBodySize: number, transferSize: number) => void;
let counted: number[];
let others: [string, number][];
let left: LeftToNetwork;

beforeEach(() => {
	vi.stubGlobal(
		"PerformanceObserver",
		class {
			constructor(take: (list: { getEntries(): unknown[] }) => void) {
				ended = (name, encodedBodySize, transferSize) =>
					take({ getEntries: () => [{ name, encodedBodySize, transferSize }] });
			}
			observe() {}
		},
	);
	counted = [];
	others = [];
	left = new LeftToNetwork(
		(bytes) => counted.push(bytes),
		({ name }, bytes) => others.push([name, bytes]),
	);
});
afterEach(() => vi.unstubAllGlobals());

test("what the network gave for a request that was left to it is counted, without its headers", () => {
	left.leave(URL_);
	ended(URL_, 5000, 5300);

	expect(counted).toEqual([5000]);
});

test("each load counts as often as it was left, and other loads do not", () => {
	left.leave(URL_);
	left.leave(URL_);
	ended(`${URL_}#rivulet`, 1, 301);
	ended(URL_, 2, 302);
	ended(URL_, 3, 303);
	ended(URL_, 4, 304);

	expect(counted).toEqual([2, 3]);
});

test("what came from the browser's HTTP cache counts nowhere", () => {
	left.leave(URL_);
	ended(URL_, 5000, 0);
	ended(URL_, 5000, 5300);

	expect(counted).toEqual([]);
});

test("loads of which the browser never tells are forgotten in the end, the oldest first", () => {
	left.leave(URL_);
	for (let i = 0; i < 1000; i++) left.leave(`${URL_}?${i}`);
	ended(URL_, 1, 301);
	ended(`${URL_}?999`, 2, 302);

	expect(counted).toEqual([2]);
});

test("other loads are told of with what the network gave for them", () => {
	left.leave(URL_);
	ended(URL_, 1, 301);
	ended(URL_, 2, 302);
	ended(`${URL_}?cached`, 3, 0);

	expect(others).toEqual([
		[URL_, 2],
		[`${URL_}?cached`, 0],
	]);
});
