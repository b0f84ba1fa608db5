import { rm } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { Visitor } from "../fixture/visitor.ts";

let stack: Stack;
let file: BigFile;
afterEach(async () => {
	await stack?.close();
	await rm(file.folder, { recursive: true, force: true });
});

/** Runs in the page before everything else: how often it came back as it was. */
const WATCH = `
	window.restored = 0;
	addEventListener("pageshow", ({ persisted }) => { if (persisted) restored++; });
`;

test("a page that is left and come back to is as it was, joins anew, and is answered by its neighbours", async () => {
	file = await bigFile(2 ** 22);
	const slow = new SlowFile(file.name, file.bytes);
	stack = await Stack.start({ content: file.folder, intercept: slow.intercept });
	const url = `${stack.contentUrl}/${file.name}`;
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	await first.download(url);
	slow.isSlow = true;
	const second = await Visitor.arrive(stack, 2, { before: WATCH });
	await second.open();
	await second.neighbour("page");

	await second.page.goto(`${stack.pageUrl(2)}robots.txt`);
	await second.page.goBack();

	expect(await second.page.evaluate("restored")).toBe(1);
	await second.neighbour("page");
	const download = await second.download(url);
	expect(download).toMatchObject({ status: 200, sha256: file.sha256 });
	expect((await second.stats()).bytes.peers).toBeGreaterThan(0);
});
