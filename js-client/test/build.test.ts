import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

const script = readFileSync(new URL("../dist/rivulet.js", import.meta.url), "utf8");

/** What the script needs while it is evaluated, wherever it is. */
const globals = { TextDecoder, TextEncoder, atob, btoa };

test("the one script takes the page's role where there is a document", () => {
	const window: { Rivulet?: { start: unknown } } = {};

	runInNewContext(script, {
		document: { currentScript: null },
		HTMLScriptElement: class {},
		window,
		...globals,
	});

	expect(typeof window.Rivulet?.start).toBe("function");
});

test("the one script takes the worker's role where there is no document", () => {
	const sent: unknown[] = [];

	runInNewContext(script, {
		self: { postMessage: (message: unknown) => sent.push(message) },
		...globals,
	});

	expect(JSON.parse(JSON.stringify(sent))).toEqual([{ type: "ready", version: "0.1.0" }]);
});
