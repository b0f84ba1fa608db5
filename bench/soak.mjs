// `./rivulet bench soak`: does an edge stay as small as it was, whoever comes and goes? See docs/benchmarks.md.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { wholeNumber } from "./harness/options.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load, machine } from "./harness/report.mjs";
import { Residents } from "./harness/residents.mjs";
import { Stage } from "./harness/stage.mjs";
import { Visitors } from "./harness/visitors.mjs";
import { wholeCycles } from "./soak/cycles.mjs";

/** Connections after which memory is measured first. */
const WARM = 1000;
/** Small files, of one block each, so that there can be many messages of few bytes. */
const FILES = 16;
const FILE_BYTES = 2048;
/** The longest that an old process may take to drain before memory is measured, and from then to the measurement. */
const DRAIN_MS = 120_000;
const SETTLE_MS = 6000;
/** How much more memory the edge may occupy in the end. */
const TARGET_RATIO = 1.3;
/** How often the WebRTC process is killed in the end, and the longest until another should be ready, milliseconds. */
const KILLS = 3;
const READY_AGAIN_MS = 2000;
const KILL_PATIENCE_MS = 60_000;
/** Visitors at a time who come and go, and who stay. */
const AT_ONCE = 24;
const STAYING = 8;
/** Requests that one of them has open, and how often one who stays asks, milliseconds. */
const WINDOW = 8;
const PACE_MS = 100;
/** Connections that one process of visitors makes; their library leaks as well. */
const PER_PROCESS = 1000;
/** The longest that the whole may take, milliseconds per connection, and more for the start. */
const MS_PER_CONNECTION = 400;
const START_MS = 180_000;

const USAGE = `usage: ./rivulet bench soak [OPTION…]

  --connections N   opened and closed (default 20000)
  --messages N      over them, both directions together (default 5000000)
  --save            append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		connections: { type: "string", default: "20000" },
		messages: { type: "string", default: "5000000" },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}
const connections = wholeNumber("connections", options.connections, 1_000_000, USAGE);
const messages = wholeNumber("messages", options.messages, 1_000_000_000, USAGE);

const MIB = 2 ** 20;
const mib = (bytes) => (bytes / MIB).toFixed(0);

const scope = programScope();

async function measure() {
	const loadBefore = load();
	const began = Date.now();
	say("starting a tracker and an edge, and publishing");
	const stage = await Stage.start({ files: FILES, fileBytes: FILE_BYTES }, scope);
	const staying = new Visitors(stage, { atOnce: STAYING, paceMs: PACE_MS, window: 1 }, scope);
	const counts = [staying.counts];
	const made = () => counts.reduce((sum, each) => sum + (each.connections ?? 0), 0);
	const looks = [];
	const residents = new Residents(stage.edge.pid, (look) =>
		looks.push({ ...look, replacements: stage.replacements(), connections: made() }),
	);
	scope.onClose(async () => residents.stop());
	// A request and its block are two messages; greetings and pings come on top.
	const requests = Math.ceil(messages / connections / 2);
	let warm;
	for (let left = connections; left > 0; left -= PER_PROCESS) {
		const batch = { atOnce: AT_ONCE, connections: Math.min(left, PER_PROCESS), requests, window: WINDOW };
		const visitors = new Visitors(stage, batch, scope);
		counts.push(visitors.counts);
		await visitors.done();
		const came = looks.length;
		if (!warm && made() >= Math.min(WARM, connections)) {
			warm = await instants(residents);
			looks.length = came; // nobody came meanwhile
		}
		say(`  ${made()} connections, ${mib(residents.now().total)} MiB, ${stage.replacements()} replacements`);
	}
	const cycles = wholeCycles(looks, WARM);
	const end = await instants(residents);
	await staying.end();
	const ms = Date.now() - began;
	const deaths = stage.deaths();
	const again = [];
	for (let kill = 0; kill < KILLS; kill++) again.push(await stage.killWebRtc(KILL_PATIENCE_MS));
	return report({ stage, warm, end, cycles, residents, sum: summed(counts), loadBefore, ms, deaths, again });
}

/** What is resident at once, and when nobody has come or gone for a while and no process drains. */
async function instants(residents) {
	const atOnce = residents.now();
	const until = Date.now() + DRAIN_MS;
	while (residents.now().children.length !== 1 && Date.now() < until) await wait(SETTLE_MS / 12);
	await wait(SETTLE_MS);
	return { atOnce, settled: residents.now() };
}

function summed(counts) {
	const sum = {};
	for (const each of counts) for (const [name, value] of Object.entries(each)) sum[name] = (sum[name] ?? 0) + value;
	return sum;
}

async function report({ stage, warm, end, cycles, residents, sum, loadBefore, ms, deaths, again }) {
	const reached = (yes) => (yes ? "reached" : "missed");
	const resident = (name, at) =>
		`resident  ${name.padEnd(44)} ${mib(at.total).padStart(5)} MiB (edge ${mib(at.parent)}, WebRTC ${at.children.map(mib).join(" + ") || "none"})`;
	const ofCycles = (name, { count, from, to, mean, most }) => [
		`resident  ${`mean, ${name} ${count} whole cycles (${from} to ${to})`.padEnd(44)} ${mib(mean).padStart(5)} MiB`,
		resident("  at most", most),
	];
	const ratio = (name, last, first, more = "") => `ratio     end / first ${name} ${(last / first).toFixed(2)}${more}`;
	const processes = [end.atOnce, warm.atOnce].map(({ children }) => children.length);
	const first = `after ${Math.min(WARM, connections)} connections`;
	const { mean } = residents;
	const slowest = Math.max(...again.map((time) => time ?? Number.POSITIVE_INFINITY));
	const faults = sum.lost + sum.wrong + deaths;
	const text = [
		...(await machine("no browser")),
		`load      ${loadBefore} before, ${load()} after (1 minute); took ${(ms / 60_000).toFixed(1)} min`,
		"",
		`made      ${sum.connections} connections (${sum.failed} attempts failed), ${sum.messages} messages`,
		`WebRTC    ${stage.replacements()} processes replaced as planned, ${deaths} died`,
		resident(`${first}, at once`, warm.atOnce),
		resident("at the end, at once", end.atOnce),
		resident(`${first}, settled`, warm.settled),
		resident("at the end, settled", end.settled),
		...(cycles ? [...ofCycles("first", cycles.first), ...ofCycles("last", cycles.last)] : []),
		resident("at most", residents.most),
		`resident  on average ${mib(mean.total)} MiB; ${(100 * mean.draining).toFixed(0)} % of the time with two WebRTC processes`,
		ratio("at once", end.atOnce.total, warm.atOnce.total, `, with ${processes.join(" and ")} WebRTC processes`),
		ratio("settled", end.settled.total, warm.settled.total),
		...verdict(cycles, ratio, reached),
		`requests  ${sum.asked} asked, ${sum.refused} refused, ${sum.wrong} answered wrongly, ${sum.lost} lost (target 0: ${reached(sum.lost === 0)})`,
		`          ${sum.sentAway} connections were ended by the edge, which was replacing a process`,
		`killed    ${KILLS} times, another WebRTC process ready after ${again.map((time) => time ?? "never").join(", ")} ms (target at most ${READY_AGAIN_MS}: ${reached(slowest <= READY_AGAIN_MS)})`,
	].join("\n");
	return { text, failed: faults > 0 };
}

/** What the edge is judged by: like compared with like (docs/benchmarks.md). */
function verdict(cycles, ratio, reached) {
	if (!cycles) return ["verdict   none on memory: too few connections for whole cycles of replacement at both ends"];
	const { first, last } = cycles;
	const grown = last.mean / first.mean;
	return [
		ratio("at most in whole cycles", last.most.total, first.most.total),
		`verdict   end / first mean of whole cycles ${grown.toFixed(2)} (target at most ${TARGET_RATIO}: ${reached(grown <= TARGET_RATIO)})`,
	];
}

await runProgram("soak", {
	scope,
	limitMs: START_MS + connections * MS_PER_CONNECTION,
	saves: options.save,
	measure,
});
