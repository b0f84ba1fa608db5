import { afterEach, expect, test } from "vitest";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

let stack: Stack;
afterEach(() => stack?.close());

const WIDTHS = [400, 1400];

/** What a person would see of the page; called in it. */
const look = () => ({
	width: document.documentElement.scrollWidth,
	state: document.querySelector(".state")?.textContent,
	paper: getComputedStyle(document.body).backgroundColor,
	titles: [...document.querySelectorAll("h2")].slice(0, 2).map((title) => title.textContent),
});

test("an edge's status page fits narrow and wide windows, light and dark, within its own policy", async () => {
	stack = await Stack.start();
	const edge = await stack.addEdge();
	const address = () => /status at (http:\/\/\S+)/.exec(edge.log)?.[1] ?? "";
	await expect.poll(address).not.toBe("");
	const status = address();
	const { page } = await Visitor.arrive(stack, 1);
	const complaints: string[] = [];
	page.on("console", (message) => complaints.push(message.text()));

	for (const value of ["light", "dark"]) {
		await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
		for (const width of WIDTHS) {
			await page.setViewport({ width, height: 900 });
			await page.goto(status, { waitUntil: "load" });
			// The page loads itself anew now and then, and is then not to be looked at for a moment.
			await expect
				.poll(() => page.evaluate(look).catch(String))
				.toEqual({
					width,
					state: "serving demo",
					paper: value === "light" ? "rgb(246, 247, 249)" : "rgb(20, 24, 30)",
					titles: ["Traffic", "Store"],
				});
		}
	}

	expect(complaints).toEqual([]);
});
