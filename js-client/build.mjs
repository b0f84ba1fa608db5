// Bundles the scripts that the tracker serves, plain and as Brotli has them, and fails when one outgrows its budget.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { internalNames } from "./internal-names.mjs";

const KILO = 1000;

/** The script that `rivulet.js` runs, if it is what the build made beside it. */
const ENGINE = "rivulet-sw.js";

/** What a script may weigh minified and gzip -9. Raised only in the change that needs it. The engine comes first. */
const scripts = [
	{ name: ENGINE, entry: "src/script.ts", budgetBytes: 32.9 * KILO },
	{ name: "rivulet.js", entry: "src/index.ts", budgetBytes: 5.3 * KILO },
	{ name: "rivulet-hls.js", entry: "src/hls/script.ts", budgetBytes: 2.9 * KILO },
	{ name: "rivulet-hls.mjs", entry: "src/hls/loader.ts", format: "esm", budgetBytes: 2.9 * KILO },
];

/** The last two years of each browser. */
const browsers = ["chrome131", "firefox128", "safari18"];

const here = fileURLToPath(new URL(".", import.meta.url));
const { version } = JSON.parse(await readFile(`${here}package.json`, "utf8"));

const internal = new RegExp(`^(${internalNames().join("|")})$`);
/** What they are called, in all scripts. */
let shortNames = {};

/** Bundled, and minified by two: each shortens what the other leaves. */
async function bundle(entry, format, integrity) {
	const { mangleCache, outputFiles } = await build({
		absWorkingDir: here,
		entryPoints: [entry],
		outfile: "bundle.js",
		write: false,
		bundle: true,
		format,
		target: browsers,
		minify: true,
		mangleProps: internal,
		mangleCache: shortNames,
		sourcemap: "external",
		legalComments: "none",
		charset: "utf8",
		define: {
			__RIVULET_VERSION__: JSON.stringify(version),
			__RIVULET_ENGINE_INTEGRITY__: JSON.stringify(integrity),
		},
		logLevel: "warning",
	});
	shortNames = mangleCache;
	const [map, { text }] = outputFiles;
	return await minify(text, {
		ecma: 2022,
		module: format === "esm",
		compress: { passes: 3, unsafe_arrows: true },
		format: { preamble: `/*! Rivulet ${version} | Apache-2.0 */` },
		sourceMap: { content: map.text },
	});
}

await mkdir(`${here}dist`, { recursive: true });
const report = [];
let integrity = "";
for (const { name, entry, format = "iife", budgetBytes } of scripts) {
	const { code, map } = await bundle(entry, format, integrity);
	await writeFile(`${here}dist/${name}`, code);
	await writeFile(`${here}dist/${name}.map`, map);
	const bytes = Buffer.from(code);
	const brotli = brotliCompressSync(bytes);
	await writeFile(`${here}dist/${name}.br`, brotli);
	if (name === ENGINE) integrity = `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
	const gzipBytes = gzipSync(bytes, { level: 9 }).length;
	report.push({ name, bytes: bytes.length, gzipBytes, brotliBytes: brotli.length, budgetBytes });
}

await writeFile(`${here}dist/sizes.json`, `${JSON.stringify(report, null, "\t")}\n`);
for (const { name, bytes, gzipBytes, brotliBytes, budgetBytes } of report) {
	const over = gzipBytes > budgetBytes;
	console.log(
		`${name}: ${bytes} bytes, ${gzipBytes} gzip -9 (budget ${budgetBytes}), ${brotliBytes} brotli${over ? " OVER BUDGET" : ""}`,
	);
	if (over) process.exitCode = 1;
}
