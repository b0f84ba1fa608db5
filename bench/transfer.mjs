// `./rivulet bench transfer`: what verified pieces cost against raw data channels. See docs/benchmarks.md.
import { parseArgs } from "node:util";
import { chromiumVersion } from "./harness/chromium.mjs";
import { wholeNumber } from "./harness/options.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load, machine } from "./harness/report.mjs";
import { deadline } from "./harness/scope.mjs";
import { JvmSender, MESSAGE_BYTES, rawFromJvm, rawFromPage } from "./transfer/raw.mjs";
import { cpuLine, line, rate, ratioLine, sourcesLine } from "./transfer/report.mjs";
import { Folder, Site } from "./transfer/site.mjs";
import { verifiedFromEdge, verifiedFromPage, warmUp } from "./transfer/verified.mjs";

/** The longest that one run may take, and all of them together, milliseconds. */
const RUN_MS = 90_000;
const TOTAL_MS = 15 * 60_000;
/** Share of the bytes that must have come from the source that a verified run is about. */
const MIN_SHARE = 0.99;

const USAGE = `usage: ./rivulet bench transfer [OPTION…]

  --size MIB     size of the file that every run transfers (default 64)
  --pairs N      pairs of a raw and a verified run per leg (default 5)
  --leg LEG      only one leg: edge (JVM to Chromium) or page (Chromium to Chromium)
  --raw          only the raw runs
  --buffer KIB   send buffer of the raw runs (default 256, as the protocol's)
  --save         append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		size: { type: "string", default: "64" },
		pairs: { type: "string", default: "5" },
		leg: { type: "string", default: "" },
		raw: { type: "boolean", default: false },
		buffer: { type: "string", default: "256" },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}

const size = wholeNumber("size", options.size, 512, USAGE) * 1024 * 1024;
const pairs = wholeNumber("pairs", options.pairs, 50, USAGE);
const bufferBytes = wholeNumber("buffer", options.buffer, 16384, USAGE) * 1024;
if (!["", "edge", "page"].includes(options.leg)) fail(`--leg ${options.leg}: must be edge or page`);

function fail(text) {
	console.error(`${text}\n\n${USAGE}`);
	process.exit(2);
}

/** A raw and a verified way from the same kind of sender to a page. */
class Leg {
	pairs = [];
	failures = [];

	constructor(name, source, { raw, verified }) {
		Object.assign(this, { name, source, raw, verified });
	}

	/** One pair; which of the two comes first alternates. */
	async pair(n) {
		const pair = {};
		const order = n % 2 ? ["raw", "verified"] : ["verified", "raw"];
		for (const kind of options.raw ? ["raw"] : order) {
			try {
				pair[kind] = this.#check(kind, await deadline(RUN_MS, `${kind} run`, this[kind]()));
				say(`  ${this.name}, ${kind}: ${rate(pair[kind]).toFixed(1)} MiB/s`);
			} catch (error) {
				this.failures.push(`${this.name}, ${kind}, pair ${n}: ${error.message}`);
				say(`  ${this.failures.at(-1)}`);
			}
		}
		this.pairs.push(pair);
	}

	/** Right bytes, all of them, and from where they should be: else the run does not count. */
	#check(kind, result) {
		if (result.sha256 !== folder.sha256) throw new Error(`wrong SHA-256 after ${result.bytes} bytes`);
		if (kind === "verified" && result.sources[this.source] < MIN_SHARE * size)
			throw new Error(`bytes came from elsewhere: ${JSON.stringify(result.sources)}`);
		return result;
	}

	of(kind) {
		return this.pairs.flatMap((pair) => (pair[kind] ? [pair[kind]] : []));
	}

	text() {
		const lines = [line(`${this.name}, raw data channel`, this.of("raw"))];
		if (options.raw) return [...lines, cpuLine(this.pairs)];
		const complete = this.pairs.filter((pair) => pair.raw && pair.verified);
		return [
			...lines,
			line(`${this.name}, verified pieces`, this.of("verified")),
			ratioLine(complete),
			cpuLine(complete),
			sourcesLine(this.of("verified")),
		];
	}
}

async function legs(site, edge) {
	const made = [];
	if (options.leg !== "page") {
		const sender = await JvmSender.start(folder.file, bufferBytes, scope);
		made.push(
			new Leg("JVM → Chromium", "edges", {
				raw: () => rawFromJvm({ scope, sender, site, size }),
				verified: () => verifiedFromEdge({ scope, site, edge }),
			}),
		);
	}
	if (options.leg !== "edge")
		made.push(
			new Leg("Chromium → Chromium", "peers", {
				raw: () => rawFromPage({ scope, site, size, bufferBytes }),
				verified: () => verifiedFromPage({ scope, site }),
			}),
		);
	return made;
}

const scope = programScope();

let folder;

async function measure() {
	const loadBefore = load();
	folder = await Folder.make(scope);
	await folder.fill(size);
	const site = await Site.start(folder, scope);
	let edge;
	if (!options.raw) {
		say("starting a tracker and publishing the file");
		await site.enrol(scope);
		if (options.leg !== "page") {
			say("starting an edge and filling it");
			edge = await site.startEdge(scope);
			await deadline(RUN_MS, "filling the edge", warmUp({ scope, site }));
		}
	}
	const all = await legs(site, edge);
	for (let n = 1; n <= pairs; n++) {
		say(`pair ${n} of ${pairs}`);
		for (const leg of all) await leg.pair(n);
	}
	const failures = all.flatMap((leg) => leg.failures);
	const text = [
		...(await machine(await chromiumVersion())),
		`load      ${loadBefore} before, ${load()} after (1 minute)`,
		`size      ${size / 2 ** 20} MiB per run, messages of ${MESSAGE_BYTES / 1024} KiB, raw send buffer ${bufferBytes / 1024} KiB`,
		"",
		...all.flatMap((leg) => [...leg.text(), ""]),
		...(failures.length > 0 ? ["runs that failed:", ...failures] : ["every run delivered the right SHA-256"]),
	].join("\n");
	return { text, failed: failures.length > 0 };
}

await runProgram("transfer", { scope, limitMs: TOTAL_MS, saves: options.save, measure });
