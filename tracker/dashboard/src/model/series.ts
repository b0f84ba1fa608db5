import type { Points, Series, SeriesName } from "../api/types.ts";

/** One line or band of a chart. */
export interface Plot {
	readonly name: SeriesName;
	/** What is drawn: of a stack, the sum of this one and all below it. */
	readonly drawn: readonly (number | null)[];
	/** What it is. */
	readonly values: readonly (number | null)[];
}

export interface Plotted {
	/** Where each point begins, seconds since 1970. */
	readonly times: readonly number[];
	/** Drawn in this order: the highest of a stack comes first, the others are painted over it. */
	readonly plots: readonly Plot[];
}

const timesOf = ({ from, step, points }: Series): number[] => Array.from({ length: points }, (_, i) => from + i * step);

/** Exactly as many values as there are points. */
function valuesOf(answer: Series, name: SeriesName, per: number): (number | null)[] {
	const found: Points = answer.series[name] ?? [];
	return Array.from({ length: answer.points }, (_, i) => {
		const value = found[i];
		return value === null || value === undefined ? null : value / per;
	});
}

/** `names` as lines of their own; amounts of data as amounts `perSecond`. */
export function lines(answer: Series, names: readonly SeriesName[], perSecond = false): Plotted {
	const plots = names.map((name) => {
		const values = valuesOf(answer, name, perSecond ? answer.step : 1);
		return { name, values, drawn: values };
	});
	return { times: timesOf(answer), plots };
}

/**
 * `names` on top of each other, the first at the bottom, as amounts per second. Where only some are known, the others
 * count as nothing; where none is, there is a gap.
 */
export function stack(answer: Series, names: readonly SeriesName[]): Plotted {
	const each = names.map((name) => ({ name, values: valuesOf(answer, name, answer.step) }));
	const known = Array.from({ length: answer.points }, (_, i) => each.some(({ values }) => values[i] !== null));
	const sums: number[] = Array.from({ length: answer.points }, () => 0);
	const plots = each.map(({ name, values }) => {
		const drawn = values.map((value, i) => {
			const sum = (sums[i] ?? 0) + (value ?? 0);
			sums[i] = sum;
			return known[i] ? sum : null;
		});
		return { name, values, drawn };
	});
	return { times: timesOf(answer), plots: plots.reverse() };
}

/** What a series comes to and when it was highest, for those who do not see the picture. */
export interface Digest {
	readonly total: number;
	readonly peak: number;
	readonly peakAt: number | undefined;
	readonly latest: number | undefined;
}

export function digest(times: readonly number[], values: readonly (number | null)[]): Digest {
	let total = 0;
	let peak = 0;
	let peakAt: number | undefined;
	let latest: number | undefined;
	values.forEach((value, i) => {
		if (value === null) return;
		total += value;
		latest = value;
		if (peakAt === undefined || value > peak) {
			peak = value;
			peakAt = times[i];
		}
	});
	return { total, peak, peakAt, latest };
}

/** At most `most` rows, evenly chosen, the last among them: a table of a chart that can be read out. */
export function rowsOf(length: number, most: number): number[] {
	if (length <= most) return Array.from({ length }, (_, i) => i);
	const step = Math.ceil(length / most);
	const rows: number[] = [];
	for (let i = length - 1; i >= 0; i -= step) rows.unshift(i);
	return rows;
}
