// Bundles the scripts that the tracker serves, and fails when one outgrows its budget.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const KILO = 1000;

/** What a script may weigh minified and gzip -9. Raised only in the change that needs it. */
const scripts = [
	{ name: "rivulet.js", entry: "src/index.ts", budgetBytes: 28.4 * KILO },
	{ name: "rivulet-sw.js", entry: "src/worker/service-worker.ts", budgetBytes: 10.5 * KILO },
	{ name: "rivulet-hls.js", entry: "src/hls/script.ts", budgetBytes: 2.1 * KILO },
	{ name: "rivulet-hls.mjs", entry: "src/hls/loader.ts", format: "esm", budgetBytes: 2.1 * KILO },
];

/** The last two years of each browser. */
const browsers = ["chrome131", "firefox128", "safari18"];

const here = fileURLToPath(new URL(".", import.meta.url));
const { version } = JSON.parse(await readFile(`${here}package.json`, "utf8"));

const report = [];
for (const { name, entry, format = "iife", budgetBytes } of scripts) {
	const outfile = `${here}dist/${name}`;
	await build({
		absWorkingDir: here,
		entryPoints: [entry],
		outfile,
		bundle: true,
		format,
		target: browsers,
		minify: true,
		sourcemap: "external",
		legalComments: "none",
		charset: "utf8",
		banner: { js: `/*! Rivulet ${version} | Apache-2.0 */` },
		define: { __RIVULET_VERSION__: JSON.stringify(version) },
		logLevel: "warning",
	});
	const bytes = await readFile(outfile);
	report.push({ name, bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length, budgetBytes });
}

await writeFile(`${here}dist/sizes.json`, `${JSON.stringify(report, null, "\t")}\n`);
for (const { name, bytes, gzipBytes, budgetBytes } of report) {
	const over = gzipBytes > budgetBytes;
	console.log(`${name}: ${bytes} bytes, ${gzipBytes} gzip -9 (budget ${budgetBytes})${over ? " OVER BUDGET" : ""}`);
	if (over) process.exitCode = 1;
}
