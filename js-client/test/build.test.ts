import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

const script = readFileSync(new URL("../dist/rivulet.js", import.meta.url), "utf8");

test("the one script takes the page's role where there is a document", () => {
	const dataset: Record<string, string> = {};

	runInNewContext(script, { document: { documentElement: { dataset } } });

	expect(dataset["rivulet"]).toBe("0.1.0");
});

test("the one script takes the worker's role where there is no document", () => {
	const sent: unknown[] = [];

	runInNewContext(script, { self: { postMessage: (message: unknown) => sent.push(message) } });

	expect(JSON.parse(JSON.stringify(sent))).toEqual([{ type: "ready", version: "0.1.0" }]);
});
