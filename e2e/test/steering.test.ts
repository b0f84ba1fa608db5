import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { operate } from "../fixture/tracker-api.ts";
import { Visitor } from "../fixture/visitor.ts";

const SIZE = 3 * 262_144;
const PATIENCE_MS = 60_000;

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 43);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

test("what an operator changes of a site reaches the pages that use it, which never lack anything", {
	timeout: 300_000,
}, async () => {
	stack = await Stack.start({ content: file.folder });
	const url = `${stack.contentUrl}/${file.name}`;
	// The same site, but in the database instead of the file.
	await writeFile(join(stack.folder, "tracker.yaml"), "{}");
	await stack.restartTracker();
	const site = {
		webOrigins: [stack.origin.url, `http://*.localhost:${stack.origin.port}`],
		contentOrigins: [stack.origin.url],
		include: ["/content/**"],
	};
	await operate(stack, "POST", "/sites?untried=true", { id: SITE, ...site });
	const one = await Visitor.arrive(stack, 1);
	await one.open();
	expect((await one.download(url)).sha256).toBe(file.sha256);
	const other = await Visitor.arrive(stack, 2);
	await other.open();
	await other.neighbour("page");
	expect((await other.download(url)).sha256).toBe(file.sha256);
	expect((await other.stats()).bytes.peers).toBeGreaterThan(0);

	const etag = (await operate(stack, "GET", `/sites/${SITE}`)).headers.get("etag") ?? "";
	await operate(stack, "PUT", `/sites/${SITE}?untried=true`, { ...site, mode: "edges" }, etag);

	for (const visitor of [one, other]) {
		const pages = async () => (await visitor.stats()).peers.filter(({ state }) => state === "connected");
		await expect.poll(pages, { timeout: PATIENCE_MS }).toEqual([]);
	}

	await operate(stack, "DELETE", `/sites/${SITE}`);
	expect((await one.download(`${url}?after`)).sha256).toBe(file.sha256);
	expect(one.errors).toEqual([]);
});
