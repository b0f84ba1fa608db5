// Bundles the operators' page for the tracker's jar, plain and as Brotli has it, and fails when it outgrows its budget.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What all files of the page may weigh together, gzip -9. Raised only in the change that needs it. */
const BUDGET_BYTES = 72_000;

/** The last two years of each browser. */
const browsers = ["chrome131", "firefox128", "safari18"];

const here = fileURLToPath(new URL(".", import.meta.url));

const { outputFiles } = await build({
	absWorkingDir: here,
	entryPoints: { app: "src/main.tsx" },
	outdir: "dist",
	write: false,
	bundle: true,
	format: "esm",
	target: browsers,
	minify: true,
	legalComments: "none",
	charset: "utf8",
	logLevel: "warning",
});

await mkdir(`${here}dist`, { recursive: true });
let total = 0;
const report = (name, bytes) => {
	const gzipBytes = gzipSync(bytes, { level: 9 }).length;
	total += gzipBytes;
	console.log(`dashboard/${name}: ${bytes.length} bytes, ${gzipBytes} gzip -9`);
};
for (const { path, contents } of outputFiles) {
	await writeFile(path, contents);
	await writeFile(`${path}.br`, brotliCompressSync(contents));
	report(path.slice(`${here}dist/`.length), contents);
}
for (const name of ["index.html", "icon.svg"]) await copyFile(`${here}static/${name}`, `${here}dist/${name}`);
const over = total > BUDGET_BYTES;
console.log(`dashboard: ${total} gzip -9 (budget ${BUDGET_BYTES})${over ? " OVER BUDGET" : ""}`);
if (over) process.exitCode = 1;
