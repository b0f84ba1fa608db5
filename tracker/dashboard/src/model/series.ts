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

/** Figures that are the most at one time; the others are sums. */
const PEAKS: readonly SeriesName[] = ["viewers", "edgesOnline"];

/** What a figure is of two spans together. */
export function together(name: SeriesName, one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return PEAKS.includes(name) ? Math.max(one, other) : one + other;
}

/** Points of a chart beyond which the days of a long time are one thick bar. */
const MOST_POINTS = 240;
/** Spans that points are put together to, seconds; not of half days, in which nights and days would take turns. */
const STEPS = [60, 120, 300, 600, 1800, 3600, 7200, 14_400, 86_400];

/** `answer` in spans so long that there are few enough of them; the last ends where its last ended. */
export function thinned(answer: Series): Series {
	if (answer.points <= MOST_POINTS) return answer;
	const step = STEPS.find((span) => span % answer.step === 0 && (answer.points * answer.step) / span <= MOST_POINTS);
	if (step === undefined) return answer;
	const each = step / answer.step;
	const points = Math.floor(answer.points / each);
	const skip = answer.points - points * each;
	const series: Partial<Record<SeriesName, Points>> = {};
	for (const name of Object.keys(answer.series) as SeriesName[]) {
		const values = answer.series[name] ?? [];
		series[name] = Array.from({ length: points }, (_, i) => {
			const from = skip + i * each;
			return values.slice(from, from + each).reduce((sum, value) => together(name, sum, value), null);
		});
	}
	return { from: answer.from + skip * answer.step, step, points, series };
}

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

/** Where points are known that have no known neighbour: no line leads there, so they are drawn as dots. */
export const alone = (values: readonly (number | null | undefined)[]): number[] =>
	values.flatMap((value, i) => (isKnown(value) && !isKnown(values[i - 1]) && !isKnown(values[i + 1]) ? [i] : []));

const isKnown = (value: number | null | undefined): boolean => value !== null && value !== undefined;

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
