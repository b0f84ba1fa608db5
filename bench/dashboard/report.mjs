// What the dashboard benchmark says.
import { load, machine, median } from "../harness/report.mjs";

/** The longest that a view may take. */
const TARGET_MS = 1000;
/** Requests that are listed, the slowest. */
const REQUESTS = 12;

const ms = (value) => value.toFixed(0).padStart(7);

export async function report({ seen, old, crowd, loadBefore, chromium }) {
	const missed = seen.filter((view) => median(view.ms) > TARGET_MS).length;
	const text = [
		...(await machine(chromium)),
		`load      ${loadBefore} before, ${load()} after (1 minute)`,
		`tracker   90 days of ${old.keys.length} edges and ${old.contents} contents; connected: ${crowd.edges} edges, ${crowd.viewers} viewers`,
		"",
		"view                           painted after ms   (least to most)   slowest request, median ms",
		...seen.map(lineOf),
		"",
		"request                                                   median ms    most ms     bytes",
		...slowest(seen),
		"",
		`views     ${seen.length - missed} of ${seen.length} within ${TARGET_MS} ms (target: all: ${missed === 0 ? "reached" : "missed"})`,
	].join("\n");
	return { text, failed: false };
}

/** Requests of a view, or of all, by their path. */
function byPath(requests) {
	const paths = new Map();
	for (const { path, ms: took, bytes } of requests) {
		const known = paths.get(path) ?? { path, ms: [], bytes: 0 };
		known.ms.push(took);
		known.bytes = Math.max(known.bytes, bytes);
		paths.set(path, known);
	}
	return [...paths.values()].sort((a, b) => median(b.ms) - median(a.ms));
}

const shortened = (path) => path.replace(/[\w-]{43}/g, (id) => `${id.slice(0, 6)}…`);

function lineOf({ name, ms: took, asked }) {
	const [worst] = byPath(asked);
	const within = median(took) <= TARGET_MS ? "" : "   missed";
	const spread = `${Math.min(...took).toFixed(0)} to ${Math.max(...took).toFixed(0)}`;
	const request = worst ? `${shortened(worst.path)} ${median(worst.ms).toFixed(0)}` : "";
	return `${name.padEnd(30)} ${ms(median(took)).padStart(16)} ${spread.padStart(17)}   ${request}${within}`;
}

const slowest = (seen) =>
	byPath(seen.flatMap(({ asked }) => asked))
		.slice(0, REQUESTS)
		.map(
			({ path, ms: took, bytes }) =>
				`${shortened(path).padEnd(57)} ${ms(median(took)).padStart(9)} ${ms(Math.max(...took)).padStart(10)} ${String(bytes).padStart(9)}`,
		);
