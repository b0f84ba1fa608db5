import { rm } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { Stack } from "../fixture/stack.ts";
import { SlowFile } from "../fixture/throttle.ts";
import { type BrowserName, Visitor } from "../fixture/visitor.ts";

let stack: Stack;
let file: BigFile | undefined;
afterEach(async () => {
	await stack?.close();
	if (file) await rm(file.folder, { recursive: true, force: true });
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

/** Longer than a page needs to join. */
const JOINS_MS = 3000;

/** Runs in the page before everything else: the page thinks better of it as soon as there is a client. */
const STOP_AT_ONCE = `{
	const stop = () => {
		if (!window.Rivulet?.client) setTimeout(stop);
		else Rivulet.client.stop(), (window.stopped = true);
	};
	stop();
}`;

test.each<BrowserName>(["chromium", "firefox"])(
	"a client that is stopped while it starts never joins (%s)",
	async (browser) => {
		stack = await Stack.start();
		const visitor = await Visitor.arrive(stack, 1, { browser, before: STOP_AT_ONCE });

		await visitor.openPlain();
		await new Promise((resolve) => setTimeout(resolve, JOINS_MS));

		expect(await visitor.page.evaluate("stopped")).toBe(true);
		await visitor.wire.drain(visitor.page);
		expect(visitor.wire.messages).toEqual([]);
		expect(visitor.errors).toEqual([]);
	},
);
