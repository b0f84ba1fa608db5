// Rows of figures, and what they say of the targets.
import { median as middle } from "../harness/report.mjs";

/** Median; NaN of nothing, as when every visitor failed. */
export const median = (values) => (values.length > 0 ? middle(values) : Number.NaN);

const number = (value) => (Number.isFinite(value) ? value.toFixed(2) : "-");

/** Column by column the median of several runs' figures. */
export function ofRuns(runs) {
	return runs[0].map((_, column) => median(runs.map((figures) => figures[column])));
}

const WIDTH = { label: 30, cell: 15 };

export function header(columns) {
	const cells = [...columns, "own/all CPU", "load"].map((name) => name.padStart(WIDTH.cell));
	return `${"visitors, contender".padEnd(WIDTH.label + 6)}${cells.join("")}`;
}

/** What share of all processors was used by the benchmark, and by whatever ran, with the load average at the end. */
export function row(count, label, figures, { own, busy, load }) {
	const share = (value) => (value === undefined ? "-" : `${Math.round(value * 100)}`);
	const cells = [...figures.map(number), `${share(own)}/${share(busy)} %`, load].map((cell) =>
		cell.padStart(WIDTH.cell),
	);
	return `${String(count).padEnd(6)}${label.padEnd(WIDTH.label)}${cells.join("")}`;
}

export function targetLine({ what, value, most }) {
	const verdict = !Number.isFinite(value) ? "not measured" : value <= most + 1e-9 ? "reached" : "missed";
	return `        ${what.padEnd(40)}${number(value).padStart(8)}   target at most ${number(most)}: ${verdict}`;
}
