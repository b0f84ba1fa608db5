import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { runInNewContext } from "node:vm";
import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const script = read("../dist/rivulet.js");

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

test.each([
	["rivulet.js", "rivulet:ready", "page/start.ts"],
	["rivulet-sw.js", "rivulet.v1", "engine/tracker-connection.ts"],
])("the source map of %s leads from its minified text to the source", (name, text, source) => {
	const lines = read(`../dist/${name}`).split("\n");
	const line = lines.findIndex((one) => one.includes(text));
	const map = new SourceMap(JSON.parse(read(`../dist/${name}.map`)) as SourceMapPayload);

	const entry = map.findEntry(line, lines[line]?.indexOf(text) ?? -1);

	expect(entry).toHaveProperty("originalSource", expect.stringMatching(`src/${source}$`));
	const original = read(`../src/${source}`).split("\n")["originalLine" in entry ? entry.originalLine : -1];
	expect(original).toContain(text);
});

test.each(["rivulet.js", "rivulet-sw.js", "rivulet-hls.js", "rivulet-hls.mjs"])(
	"%s is there as Brotli has it, too",
	(name) => {
		const packed = readFileSync(new URL(`../dist/${name}.br`, import.meta.url));

		expect(brotliDecompressSync(packed).toString()).toBe(read(`../dist/${name}`));
	},
);
