import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COMES_MS, ComingEntries } from "./coming-entries.ts";

const { signal } = new AbortController();
const plenty = () => 10_000;
const url = (n: number) => `https://origin.test/live/${n}.ts`;

let there: Set<string>;
let coming: ComingEntries;

beforeEach(() => {
	vi.useFakeTimers();
	there = new Set();
	coming = new ComingEntries(async (wanted) => there.has(wanted));
});
afterEach(() => vi.useRealTimers());

/** The tracker has indexed what was asked for within the time. */
async function learnThatItIsQuick(): Promise<void> {
	expect(await coming.comes(url(1), plenty, signal)).toBe(false);
	there.add(url(1));
	await vi.advanceTimersByTimeAsync(COMES_MS);
}

test("nobody waits where no entry has come of itself yet", async () => {
	expect(await coming.comes(url(1), plenty, signal)).toBe(false);
	await vi.advanceTimersByTimeAsync(COMES_MS);

	expect(await coming.comes(url(2), plenty, signal)).toBe(false);
});

test("where entries come quickly, who has the time waits for the next one", async () => {
	await learnThatItIsQuick();

	const answer = coming.comes(url(2), plenty, signal);
	await vi.advanceTimersByTimeAsync(COMES_MS / 2);
	there.add(url(2));
	await vi.advanceTimersByTimeAsync(COMES_MS / 2);

	expect(await answer).toBe(true);
});

test("who has no time to spare does not wait", async () => {
	await learnThatItIsQuick();

	expect(await coming.comes(url(2), () => 0, signal)).toBe(false);
});

test("who is aborted does not wait", async () => {
	await learnThatItIsQuick();

	expect(await coming.comes(url(2), plenty, AbortSignal.abort())).toBe(false);
});

test("other folders are another matter", async () => {
	await learnThatItIsQuick();

	expect(await coming.comes("https://origin.test/other/2.ts", plenty, signal)).toBe(false);
});

test("an entry that does not come is waited for once, and briefly", async () => {
	await learnThatItIsQuick();

	const answer = coming.comes(url(2), plenty, signal);
	await vi.advanceTimersByTimeAsync(COMES_MS);
	expect(await answer).toBe(false);
	await vi.advanceTimersByTimeAsync(COMES_MS);

	const next = coming.comes(url(3), plenty, signal);
	expect(await next).toBe(false);
});
