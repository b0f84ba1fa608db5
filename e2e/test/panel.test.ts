import { afterEach, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

let stack: Stack;
afterEach(() => stack?.close());

/** Presses the demo's download button and waits until the file is there. */
async function download({ page }: Visitor): Promise<void> {
	await page.click("#download");
	await page.waitForSelector("#download-status[data-sha256]");
}

const text = ({ page }: Visitor, selector: string) => page.$eval(selector, (element) => element.textContent ?? "");

test("the demo's panel shows where the bytes came from, and who passed them on", async () => {
	stack = await Stack.start();
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	await download(first);
	const second = await Visitor.arrive(stack, 2);
	await second.open();
	await second.neighbour("page");
	await download(second);

	expect(await text(second, "#panel-state")).toBe("Rivulet is running.");
	await expect.poll(() => text(second, "#sources")).toMatch(/Other visitors\d+\.\d MB\d+ %/);
	await expect.poll(() => text(second, "#neighbours")).toMatch(/^Visitor .*got \d+\.\d MB/);
	expect(await text(second, "#resources")).toMatch(/esbuild\.wasm.*\d+ other visitors/);
	await expect.poll(() => text(first, "#sources")).toMatch(/Passed on to others\d+\.\d MB/);
});
