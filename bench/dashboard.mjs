// `./rivulet bench dashboard`: how soon does each view of the dashboard of a large, old tracker show its figures?
// See docs/benchmarks.md.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Browsing } from "./dashboard/browsing.mjs";
import { Crowd } from "./dashboard/crowd.mjs";
import { OldTracker } from "./dashboard/old-tracker.mjs";
import { report } from "./dashboard/report.mjs";
import { viewsOf } from "./dashboard/views.mjs";
import { wholeNumber } from "./harness/options.mjs";
import { programScope, runProgram, say } from "./harness/program.mjs";
import { load } from "./harness/report.mjs";

/** The longest until a first minute of those who connected is written down, and how often that is looked for. */
const SETTLE_MS = 120_000;
const LOOK_MS = 1000;
/** Contents that are shown of the last quarter of an hour then. */
const FRESH_CONTENTS = 8;
/** Ranges that are pictured: views of the others look like one of these. */
const PICTURED = ["15m", "90d"];
/** The longest that the whole may take. */
const LIMIT_MS = 30 * 60_000;

const USAGE = `usage: ./rivulet bench dashboard [OPTION…]

  --edges N          that have enrolled; 19 of 20 are connected (default 1000)
  --contents N       in the catalog (default 10000)
  --viewers N        connected (default 300)
  --times N          that each view is opened (default 5)
  --view TEXT        only views whose name begins so
  --data DIR         keep the tracker's data there, and take them up again if they are there
  --screenshots DIR  instead of times, write a picture of each view, light and dark, 400 and 1400 pixels wide, and
                     list what axe-core finds serious
  --save             append the report to bench/results/<date>.md
`;

const { values: options } = parseArgs({
	options: {
		edges: { type: "string", default: "1000" },
		contents: { type: "string", default: "10000" },
		viewers: { type: "string", default: "300" },
		times: { type: "string", default: "5" },
		view: { type: "string", default: "" },
		data: { type: "string" },
		screenshots: { type: "string" },
		save: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});
if (options.help) {
	process.stdout.write(USAGE);
	process.exit(0);
}
const size = {
	edges: wholeNumber("edges", options.edges, 20_000, USAGE),
	contents: wholeNumber("contents", options.contents, 200_000, USAGE),
	viewers: wholeNumber("viewers", options.viewers, 5000, USAGE),
};
const times = wholeNumber("times", options.times, 100, USAGE);
const scope = programScope();

async function folder() {
	if (options.data) {
		await mkdir(options.data, { recursive: true });
		return resolve(options.data);
	}
	const made = await mkdtemp(join(tmpdir(), "rivulet-dashboard-"));
	scope.onClose(() => rm(made, { recursive: true, force: true }));
	return made;
}

/** Waits until what the crowd reported is in the figures of the last quarter of an hour, as it always is. */
async function settled(old) {
	const until = performance.now() + SETTLE_MS;
	const path = `contents?range=15m&site=${old.site}&limit=${FRESH_CONTENTS}`;
	while ((await old.ask("GET", path)).items.length < FRESH_CONTENTS) {
		if (performance.now() > until) throw new Error("the figures of the last minutes do not appear");
		await wait(LOOK_MS);
	}
}

async function measure() {
	const loadBefore = load();
	const old = await OldTracker.start(await folder(), size, scope);
	say("connecting edges and viewers");
	const crowd = await Crowd.join(old, size, scope);
	await settled(old);
	const browsing = await Browsing.signIn(old, scope);
	const views = viewsOf(old, crowd).filter(({ name }) => name.startsWith(options.view));
	if (options.screenshots) {
		await mkdir(options.screenshots, { recursive: true });
		return browsing.pictures(
			views.filter(({ range }) => range === undefined || PICTURED.includes(range)),
			options.screenshots,
		);
	}
	say(`opening ${views.length} views, ${times} times each`);
	const seen = await browsing.measure(views, times);
	return report({ seen, old, crowd, loadBefore, chromium: await browsing.version() });
}

await runProgram("dashboard", { scope, limitMs: LIMIT_MS, saves: options.save, measure });
