import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

const script = readFileSync(new URL("../dist/rivulet.js", import.meta.url), "utf8");

/** What the script needs while it is evaluated, wherever it is. */
const globals = { TextDecoder, TextEncoder, atob, btoa };

test("the script offers to start a client, and starts none without a site", () => {
	const window: { Rivulet?: { start: unknown } } = {};

	runInNewContext(script, {
		document: { currentScript: null },
		HTMLScriptElement: class {},
		window,
		...globals,
	});

	expect(typeof window.Rivulet?.start).toBe("function");
	expect(window).not.toHaveProperty("rivulet");
});
