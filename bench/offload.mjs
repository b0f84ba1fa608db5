// `./rivulet bench offload`: how much of a crowd's traffic the origin is spared, and what that costs. See docs/benchmarks.md.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromiumVersion } from "./harness/chromium.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load, machine } from "./harness/report.mjs";
import { deadline } from "./harness/scope.mjs";
import { startChild } from "./offload/child.mjs";
import { contenders } from "./offload/contenders.mjs";
import { Crowd } from "./offload/crowd.mjs";
import { header, ofRuns, row, targetLine } from "./offload/figures.mjs";
import { Foreign } from "./offload/foreign.mjs";
import { Origin } from "./offload/origin.mjs";
import { warmUp } from "./offload/run.mjs";
import { scenarios } from "./offload/scenarios.mjs";
import { Site } from "./offload/site.mjs";

/** Longest that one run may take, and all of them together, milliseconds. */
const RUN_MS = 6 * 60_000;
const TOTAL_MS = 3 * 60 * 60_000;
/** For the relay: browsers say their addresses, and not names that only browsers can resolve. */
const SHOWS_ADDRESSES = ["--disable-features=WebRtcHideLocalIpsWithMdns"];
/** Most visitors: each is a browser process. */
const MAX_VIEWERS = 16;
const MAX_REPEATS = 50;

const USAGE = `usage: ./rivulet bench offload [OPTION…]

  --scenario NAME,…    which to run (default all):
${Object.entries(scenarios)
	.map(([name, { about }]) => `                         ${name.padEnd(12)} ${about}`)
	.join("\n")}
  --viewers N,…        numbers of visitors (default: the scenario's)
  --contender NAME,…   who is measured (default: the scenario's): ${Object.keys(contenders).join(", ")}
  --far                30 ms between any two visitors, and not next to none
  --lossy              the same, and of their packets one in 100 is lost
  --repeat N           runs of each, contenders in turns; printed are medians (default 1; start: 15)
  --json FILE          write what every visitor saw, for looking into a run
  --save               append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		scenario: { type: "string", default: Object.keys(scenarios).join(",") },
		viewers: { type: "string", default: "" },
		contender: { type: "string", default: "" },
		far: { type: "boolean", default: false },
		lossy: { type: "boolean", default: false },
		repeat: { type: "string", default: "" },
		json: { type: "string", default: "" },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}

function fail(text) {
	console.error(`${text}\n\n${USAGE}`);
	process.exit(2);
}

/** The words of a list, each of which must be among those known. */
function words(name, known) {
	const list = options[name].split(",").filter(Boolean);
	for (const word of list) if (!(word in known)) fail(`--${name}: there is no '${word}'`);
	return list;
}

function numbers(name, most) {
	const list = options[name].split(",").filter(Boolean).map(Number);
	for (const value of list)
		if (!Number.isInteger(value) || value < 1 || value > most) fail(`--${name}: whole numbers from 1 to ${most}`);
	return list;
}

const chosen = words("scenario", scenarios);
const chosenContenders = words("contender", contenders);
const chosenViewers = numbers("viewers", MAX_VIEWERS);
const [repeats] = numbers("repeat", MAX_REPEATS);

/** What lies between any two visitors: a link of the relay's; undefined: nothing does. */
const between = (options.lossy && "lossy") || (options.far && "far") || undefined;
const DISTANCES = { lossy: "30 ms there and back, 1 % of packets lost", far: "30 ms there and back" };

const scope = programScope();

async function build() {
	const origin = await Origin.start(scope);
	const site = await Site.start(origin, scope);
	const content = join(site.folder, "content");
	await mkdir(content);
	say("making the content");
	for (const name of chosen) await scenarios[name].content(content);
	site.add(content);
	say("starting a tracker and publishing");
	await site.enrol([content], scope);
	let foreign;
	return {
		scope,
		origin,
		site,
		between,
		relay: (await startChild("relay/main.mjs", scope)).url,
		crowds: { usual: new Crowd(scope), relayed: new Crowd(scope, SHOWS_ADDRESSES) },
		foreign: () => {
			foreign ??= Foreign.start(site, scope);
			return foreign;
		},
	};
}

const records = [];
const failures = [];

/** All runs of one scenario with so many visitors; contenders in turns, so that they see the same machine. */
async function measure(world, name, count) {
	const scenario = scenarios[name];
	const names = scenario.contenders.filter((one) => chosenContenders.length === 0 || chosenContenders.includes(one));
	const runs = new Map(names.map((one) => [one, []]));
	world.origin.set(scenario.origin);
	world.crowd = world.crowds[between || scenario.relayed ? "relayed" : "usual"];
	for (let n = 1; n <= (repeats ?? scenario.repeats ?? 1); n++)
		for (const contender of n % 2 ? names : [...names].reverse()) {
			const what = `${name}, ${count} visitors, ${contenders[contender].label}`;
			try {
				const result = await deadline(RUN_MS, "the run", scenario.run(world, contender, count));
				for (const { error } of result.outcomes) if (error) failures.push(`${what}: ${error}`);
				records.push({ scenario: name, ...result });
				const figures = scenario.figures(result, world.site);
				if (result.outcomes.every(({ error }) => !error)) runs.get(contender).push({ figures, result });
				say(row(count, contenders[contender].label, figures, result.machine));
			} catch (error) {
				failures.push(`${what}: ${error.message}`);
				say(failures.at(-1));
			}
		}
	return report(scenario, count, runs);
}

function report(scenario, count, runs) {
	const done = [...runs].filter(([, list]) => list.length > 0);
	const figures = Object.fromEntries(done.map(([name, list]) => [name, ofRuns(list.map((one) => one.figures))]));
	return done.flatMap(([name, list]) => [
		row(count, contenders[name].label, figures[name], list.at(-1).result.machine),
		...(name.startsWith("rivulet")
			? scenario.targets(figures[name], figures, { contender: name, count }).map(targetLine)
			: []),
	]);
}

async function benchmark() {
	const before = load();
	const world = await build();
	await warmUp(world);
	const lines = [];
	for (const name of chosen) {
		const { about, columns, viewers, repeats: usual = 1 } = scenarios[name];
		say(`${name}: ${about}`);
		lines.push("", `${name}: ${about}; runs of each: ${repeats ?? usual}`, header(columns));
		for (const count of chosenViewers.length > 0 ? chosenViewers : viewers)
			lines.push(...(await measure(world, name, count)));
	}
	const text = [
		...(await machine(await chromiumVersion())),
		`load      ${before} before, ${load()} after (1 minute)`,
		`distance  ${DISTANCES[between] ?? "next to none"} between visitors; 30 ms to the origin, per request`,
		...lines,
		"",
		...(failures.length > 0 ? ["what failed:", ...failures] : ["every visitor was delivered the right SHA-256"]),
	].join("\n");
	return { text, failed: failures.length > 0 };
}

await runProgram("offload", {
	scope,
	limitMs: TOTAL_MS,
	saves: options.save,
	measure: benchmark,
	last: async () => options.json && (await writeFile(options.json, JSON.stringify(records))),
});
