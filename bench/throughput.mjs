// `./rivulet bench throughput`: how many viewers does an edge serve, and at what cost? See docs/benchmarks.md.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { metered } from "./harness/cpu.mjs";
import { Namespace } from "./harness/namespace.mjs";
import { wholeNumber } from "./harness/options.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load, machine } from "./harness/report.mjs";
import { Residents } from "./harness/residents.mjs";
import { Stage } from "./harness/stage.mjs";
import { Visitors } from "./harness/visitors.mjs";
import { MESSAGE_BYTES, RawCrowd } from "./throughput/raw.mjs";

/** What viewers watch: enough that not everybody asks for the same. */
const FILES = 16;
const FILE_BYTES = 4 * 2 ** 20;
const PIECE_BYTES = 2 ** 18;
/** What one viewer takes who watches, Mbit/s. */
const WATCHING_MBITS = 1;
/** Requests that one viewer has open: who watches, and who takes what there is. */
const WATCHING_WINDOW = 2;
const GREEDY_WINDOW = 4;
/** The longest that all viewers may take to be connected, milliseconds each; and how long they are left alone then. */
const CONNECT_MS = 1000;
const SETTLE_MS = 5000;
/** Connections beside the viewers'. */
const SPARE_PEERS = 16;
/** The send buffer of raw channels: the protocol's. */
const BUFFER_BYTES = 256 * 1024;

const USAGE = `usage: ./rivulet bench throughput [OPTION…]

  --viewers N,…   connected at a time (default 50,200)
  --seconds N     that each phase is measured (default 20)
  --save          append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		viewers: { type: "string", default: "50,200" },
		seconds: { type: "string", default: "20" },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}
const viewers = options.viewers.split(",").map((text) => wholeNumber("viewers", text, 500, USAGE));
const seconds = wholeNumber("seconds", options.seconds, 600, USAGE);

const MIB = 2 ** 20;
const mib = (bytes) => (bytes / MIB).toFixed(0);
const mbits = (bytes, s) => (bytes * 8) / 1e6 / s;
const scope = programScope();

/** What the processes below `pid` spend while `bytes` grows, after everybody is there. */
async function phase(pid, bytes) {
	await wait(SETTLE_MS);
	const residents = new Residents(pid);
	const from = bytes();
	const began = performance.now();
	const { cpuSeconds } = await metered([pid], () => wait(seconds * 1000).then(() => ({})));
	const s = (performance.now() - began) / 1000;
	residents.stop();
	return { rate: mbits(bytes() - from, s), cores: cpuSeconds / s, memory: residents.now() };
}

/** Waits until `count()` is `wanted`. */
async function reached(what, wanted, count, log = () => "") {
	const until = performance.now() + wanted * CONNECT_MS;
	while (count() < wanted) {
		if (performance.now() > until) throw new Error(`only ${count()} of ${wanted} ${what}\n${log()}`);
		await wait(100);
	}
}

async function visited(stage, namespace, what) {
	return await scope.within(async (run) => {
		const visitors = new Visitors(stage, what, run, namespace.prefix);
		const { counts } = visitors;
		await reached(
			"visitors are connected",
			what.atOnce,
			() => counts.connections ?? 0,
			() => visitors.log,
		);
		const seen = await phase(stage.edge.pid, () => counts.bytes ?? 0);
		await visitors.end();
		const { failed, lost, wrong, refused, sentAway } = counts;
		return { ...seen, faults: { failed, lost, wrong, refused, sentAway } };
	});
}

async function raw(file, namespace, count) {
	return await scope.within(async (run) => {
		const crowd = await RawCrowd.start({ file, bufferBytes: BUFFER_BYTES, count, prefix: namespace.prefix }, run);
		await reached("raw channels are open", count, () => crowd.open);
		return await phase(crowd.pid, () => crowd.bytes);
	});
}

/** Lets the edge get everything once. */
async function fill(stage, namespace) {
	const pieces = (FILES * FILE_BYTES) / PIECE_BYTES;
	const what = { atOnce: 1, connections: 1, requests: pieces, window: GREEDY_WINDOW };
	await scope.within((run) => new Visitors(stage, what, run, namespace.prefix).done());
}

async function measure() {
	const loadBefore = load();
	const namespace = await Namespace.make(scope);
	const stage = await Stage.start(
		{
			files: FILES,
			fileBytes: FILE_BYTES,
			args: ["--max-peers", String(Math.max(...viewers) + SPARE_PEERS)],
			listen: `${namespace.hostAddress}:0`,
		},
		scope,
	);
	const folder = await mkdtemp(join(tmpdir(), "rivulet-throughput-"));
	scope.onClose(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, "raw.bin");
	await writeFile(file, randomBytes(FILE_BYTES));
	await fill(stage, namespace);
	const lines = [];
	let failed = stage.deaths() > 0;
	for (const count of viewers) {
		say(`${count} viewers`);
		const paceMs = Math.round((PIECE_BYTES * 8) / (WATCHING_MBITS * 1000));
		const watching = await visited(stage, namespace, { atOnce: count, paceMs, window: WATCHING_WINDOW });
		const greedy = await visited(stage, namespace, { atOnce: count, window: GREEDY_WINDOW });
		const bare = await raw(file, namespace, count);
		lines.push(
			`${count} viewers`,
			line(`watching, ${WATCHING_MBITS} Mbit/s each`, watching),
			line("as fast as it goes", greedy),
			line(`raw channels, ${MESSAGE_BYTES / 1024} KiB messages`, bare),
			`  ratio to raw channels: rate ${(greedy.rate / bare.rate).toFixed(2)}, rate per core ${(perCore(greedy) / perCore(bare)).toFixed(2)}`,
			`  requests ${JSON.stringify({ watching: watching.faults, greedy: greedy.faults })}`,
		);
		failed ||= watching.faults.wrong + watching.faults.lost + greedy.faults.wrong > 0;
	}
	const head = await machine("no browser");
	return {
		text: [...head, `load      ${loadBefore} before, ${load()} after (1 minute)`, "", ...lines].join("\n"),
		failed,
	};
}

const perCore = ({ rate, cores }) => rate / cores;

function line(name, seen) {
	const { rate, cores, memory } = seen;
	const processes = `edge ${mib(memory.parent)}, WebRTC ${memory.children.map(mib).join(" + ") || "none"}`;
	return `  ${name.padEnd(34)} ${rate.toFixed(0).padStart(6)} Mbit/s  ${cores.toFixed(2)} cores  ${perCore(seen).toFixed(0).padStart(5)} Mbit/s per core  ${mib(memory.total).padStart(5)} MiB (${processes})`;
}

await runProgram("throughput", {
	scope,
	limitMs: 120_000 + viewers.reduce((sum, count) => sum + 3 * (count * CONNECT_MS + seconds * 1000 + 30_000), 0),
	saves: options.save,
	measure,
});
