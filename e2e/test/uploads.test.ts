import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { attributes, Visitor } from "../fixture/visitor.ts";

const MIB = 1024 * 1024;
const RATE = 200_000;
/** What may come at once after a pause, in seconds' worth, and in blocks: one more, and one that was on its way. */
const BURST_SECONDS = 0.25;
const BURST_BYTES = 2 * 32_768;

let stack: Stack;
let file: BigFile;
/** What the origin has of it: slow once the first visitor has it, so that others have the time to give something. */
let slow: SlowFile;
beforeEach(async () => {
	file = await bigFile(8 * MIB);
	slow = new SlowFile(file.name, file.bytes);
	stack = await Stack.start({ content: file.folder, intercept: slow.intercept });
});
afterEach(async () => {
	await stack?.close();
	await rm(file.folder, { recursive: true, force: true });
});

/** A browser that saves data, until the page is told otherwise. */
const SAVES_DATA = `
	const connection = Object.assign(new EventTarget(), { saveData: true });
	Object.defineProperty(navigator, "connection", { value: connection });`;

const url = () => `${stack.contentUrl}/${file.name}`;

async function seed(before: string): Promise<Visitor> {
	const seeder = await Visitor.arrive(stack, 1, { before });
	await seeder.open();
	expect((await seeder.download(url())).sha256).toBe(file.sha256);
	slow.isSlow = true;
	return seeder;
}

test("a page uploads no faster than its tag allows, and the origin gives the rest", async () => {
	const seeder = await seed(attributes({ uploadRate: String(RATE) }));
	const reader = await Visitor.arrive(stack, 2);
	await reader.open();
	await reader.neighbour("page");

	const began = performance.now();
	expect((await reader.download(url())).sha256).toBe(file.sha256);
	const { bytes } = await reader.stats();
	const seconds = (performance.now() - began) / 1000;

	expect(bytes.peers).toBeGreaterThan(0);
	expect(bytes.peers).toBeLessThanOrEqual(RATE * (seconds + BURST_SECONDS) + BURST_BYTES);
	expect(bytes.origin).toBeGreaterThan(0);
	expect((await seeder.stats()).bytes.uploaded).toBeGreaterThan(0);
});

test("a page load uploads no more than its tag allows, and says so", async () => {
	const seeder = await seed(attributes({ uploadLimit: String(MIB) }));
	const reader = await Visitor.arrive(stack, 2);
	await reader.open();
	await reader.neighbour("page");

	expect((await reader.download(url())).sha256).toBe(file.sha256);

	const { uploaded } = (await seeder.stats()).bytes;
	expect(uploaded).toBeGreaterThan(0);
	expect(uploaded).toBeLessThanOrEqual(MIB);
	const late = await Visitor.arrive(stack, 3);
	await late.open();
	await reader.leave();
	await late.neighbour("page");
	expect((await late.download(url())).sha256).toBe(file.sha256);
	expect((await seeder.stats()).bytes.uploaded).toBe(uploaded);
});

test("a page whose browser saves data uploads nothing, until it does so no more", async () => {
	const seeder = await seed(SAVES_DATA);
	const reader = await Visitor.arrive(stack, 2);
	await reader.open();
	await reader.neighbour("page");

	expect((await reader.download(url())).sha256).toBe(file.sha256);

	expect((await reader.stats()).bytes.peers).toBe(0);
	expect((await seeder.stats()).bytes.uploaded).toBe(0);

	await reader.leave();
	await seeder.page.evaluate(() => {
		const { connection } = navigator as unknown as { connection: EventTarget & { saveData: boolean } };
		connection.saveData = false;
		connection.dispatchEvent(new Event("change"));
	});
	const second = await Visitor.arrive(stack, 3);
	await second.open();
	await second.neighbour("page");
	expect((await second.download(url())).sha256).toBe(file.sha256);
	expect((await second.stats()).bytes.peers).toBeGreaterThan(0);
});
