// Figures from runs, and the text that shows them.
import { median } from "../harness/report.mjs";

const MIB = 1024 * 1024;
/** The verified path must carry at least this share of what the raw channel carries. */
export const TARGET_RATIO = 0.7;

export const rate = ({ bytes, ms }) => bytes / MIB / (ms / 1000);

/** Median and extremes of a list of runs. */
export function summary(runs) {
	const rates = runs.map(rate);
	return { runs: rates.length, median: median(rates), least: Math.min(...rates), most: Math.max(...rates) };
}

/** Ratio of the medians, and the ratios of the pairs, each of which shared its minute of the machine. */
export function ratios(pairs) {
	const each = pairs.map(({ raw, verified }) => rate(verified) / rate(raw));
	const of = (name) => median(pairs.map((pair) => rate(pair[name])));
	return { ofMedians: of("verified") / of("raw"), least: Math.min(...each), most: Math.max(...each) };
}

const number = (value) => value.toFixed(1).padStart(6);

export function line(name, runs) {
	if (runs.length === 0) return `${name.padEnd(44)} no run succeeded`;
	const { median, least, most } = summary(runs);
	return `${name.padEnd(44)}${number(median)} MiB/s   (${least.toFixed(1)} to ${most.toFixed(1)}, ${runs.length} runs)`;
}

export function ratioLine(pairs) {
	if (pairs.length === 0) return "ratio verified / raw: none, for want of a complete pair";
	const { ofMedians, least, most } = ratios(pairs);
	const verdict = ofMedians >= TARGET_RATIO ? "reached" : "missed";
	return `${"  ratio verified / raw".padEnd(44)}${ofMedians.toFixed(2).padStart(6)}         (${least.toFixed(2)} to ${most.toFixed(2)}; target ${TARGET_RATIO}: ${verdict})`;
}

/** Processor seconds per GiB, of sender and receiver together. */
export function cpuLine(legPairs) {
	const of = (name) => {
		const known = legPairs.map((pair) => pair[name]).filter((result) => result?.cpuSeconds !== undefined);
		return known.length > 0
			? median(known.map(({ cpuSeconds, bytes }) => (cpuSeconds / bytes) * 2 ** 30)).toFixed(1)
			: "-";
	};
	return `${"  processor seconds per GiB, raw / verified".padEnd(44)}${of("raw").padStart(6)} / ${of("verified")}`;
}

/** Where the bytes of the verified runs came from. */
export function sourcesLine(runs) {
	const sum = {};
	for (const { sources } of runs)
		for (const [name, bytes] of Object.entries(sources)) sum[name] = (sum[name] ?? 0) + bytes;
	const parts = Object.entries(sum)
		.filter(([, bytes]) => bytes > 0)
		.map(([name, bytes]) => `${name} ${(bytes / MIB).toFixed(1)} MiB`);
	return `  verified bytes by source                  ${parts.join(", ") || "none"}`;
}
