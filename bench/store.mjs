// `./rivulet bench store`: how soon does an edge serve what it holds, however much that is? See docs/benchmarks.md.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { edgeJar } from "../demo-site/stack.mjs";
import { wholeNumber } from "./harness/options.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load, machine } from "./harness/report.mjs";

/** The longest that an edge may need for its first piece, milliseconds. */
const TARGET_MS = 5000;
/** The heap of the process that is measured; what a server of 4 GiB gives a JVM unasked. */
const HEAP = "-Xmx1g";
/** The longest that the whole may take, milliseconds per piece, and more for the start. */
const MS_PER_PIECE = 2;
const START_MS = 120_000;

const USAGE = `usage: ./rivulet bench store [OPTION…]

  --directory DIR  where to make the store, in a folder of its own that is deleted (default: the system's for temporary files)
  --pieces N       in the store, each the only one of its content (default 1000000)
  --bytes N        of each, 1 to 262144 (default 2048)
  --no-walk        only the store, not the files that a file per piece would be
  --save           append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		directory: { type: "string", default: os.tmpdir() },
		pieces: { type: "string", default: "1000000" },
		bytes: { type: "string", default: "2048" },
		"no-walk": { type: "boolean", default: false },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}
const pieces = wholeNumber("pieces", options.pieces, 3_000_000, USAGE);
const bytes = wholeNumber("bytes", options.bytes, 262_144, USAGE);

const run = promisify(execFile);
const source = fileURLToPath(new URL("src/main/java/dev/rivulet/bench/StoreBench.java", import.meta.url));
const scope = programScope();

/** Compiled before, since that is no part of a start. */
async function compile(folder) {
	await run("javac", ["-d", folder, "-cp", edgeJar, source]);
	return `${folder}:${edgeJar}`;
}

async function bench(classes, step, folder) {
	const { stdout } = await run("java", [
		HEAP,
		"-cp",
		classes,
		"dev.rivulet.bench.StoreBench",
		step,
		folder,
		String(pieces),
		String(bytes),
	]);
	return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Has the system forget what it read of files and folders, where it lets us. */
async function forget() {
	try {
		await run("sync");
		await writeFile("/proc/sys/vm/drop_caches", "3");
		return true;
	} catch {
		return false;
	}
}

async function measure() {
	const loadBefore = load();
	const folder = await mkdtemp(join(options.directory, "rivulet-store-"));
	scope.onClose(() => rm(folder, { recursive: true, force: true }));
	const classes = await compile(join(folder, "classes"));
	say(`filling a store with ${pieces} pieces in ${folder}`);
	const filled = await bench(classes, "fill", folder);
	const cold = await forget();
	const start = await bench(classes, "start", folder);
	const again = await bench(classes, "start", folder);
	let walk;
	if (!options["no-walk"]) {
		say("making the same as a file per piece and layout");
		await bench(classes, "tree", folder);
		await forget();
		walk = await bench(classes, "walk", folder);
	}
	return report({ filled, start, again, walk, cold, loadBefore });
}

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padStart(9);
const mib = (amount) => `${(amount / 2 ** 20).toFixed(0)} MiB`;

async function report({ filled, start, again, walk, cold, loadBefore }) {
	const temperature = cold ? "cold" : "warm: only root can have the system forget what it read";
	const reached = start.firstMs <= TARGET_MS;
	const text = [
		...(await machine("no browser")),
		`load      ${loadBefore} before, ${load()} after (1 minute); heap ${HEAP}`,
		"",
		`store     ${start.held} pieces of ${bytes} bytes, ${mib(filled.bytes)} on the disk, filled in ${seconds(filled.ms).trim()}`,
		`start     from the start of the process, ${temperature}`,
		`          ready       ${seconds(start.readyMs)} (opening the store ${seconds(start.openMs).trim()})`,
		`          first piece ${seconds(start.firstMs)} (target ${TARGET_MS / 1000} s: ${reached ? "reached" : "missed"})`,
		`          first piece ${seconds(again.firstMs)} once more, warm`,
		`memory    ${mib(start.heap)} of heap, ${Math.round(((start.heap / start.held) * 1e6) / 2 ** 20)} MiB per million pieces`,
		walk
			? `walk      ${seconds(walk.ms).trim()} for ${walk.files} files, one per piece and one per layout, ${cold ? "cold" : "warm"}`
			: "walk      not asked for",
	].join("\n");
	return { text, failed: start.held !== pieces };
}

await runProgram("store", {
	scope,
	limitMs: START_MS + pieces * MS_PER_PIECE,
	saves: options.save,
	measure,
});
