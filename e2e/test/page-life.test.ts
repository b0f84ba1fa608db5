import { afterEach, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

let stack: Stack;
afterEach(() => stack?.close());

/** Runs in the page before everything else: how often it came back as it was. */
const WATCH = `
	window.restored = 0;
	addEventListener("pageshow", ({ persisted }) => { if (persisted) restored++; });
`;

test("a page that is left and come back to is as it was, joins anew, and is answered by its neighbours", async () => {
	stack = await Stack.start();
	const url = `${stack.contentUrl}/clip.mp4`;
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	await first.download(url);
	const second = await Visitor.arrive(stack, 2, { before: WATCH });
	await second.open();
	await second.neighbour("page");

	await second.page.goto(`${stack.pageUrl(2)}robots.txt`);
	await second.page.goBack();

	expect(await second.page.evaluate("restored")).toBe(1);
	await second.neighbour("page");
	const download = await second.download(url);
	expect(download).toMatchObject({ status: 200 });
	expect((await second.stats()).bytes.peers).toBeGreaterThan(0);
});
