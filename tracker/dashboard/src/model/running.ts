import type { Points, Series, SeriesName } from "../api/types.ts";
import { together } from "./series.ts";

/** Figures over time that go on: an answer, and what the tracker's stream told since. */
export interface Running {
	/** The answer that it began with. */
	readonly base: Series;
	readonly now: Series;
	/** Up to when spans of the stream are in it, seconds since 1970; undefined before one was heard. */
	readonly until: number | undefined;
	/** Whether spans are missing, so that it has to be asked for again. */
	readonly gap: boolean;
}

const startOf = ({ from, step }: Series, i: number): number => from + i * step;

const namesOf = ({ series }: Series) => Object.keys(series) as SeriesName[];

const isKnown = (answer: Series, i: number): boolean =>
	Object.values(answer.series).some((values) => typeof values?.[i] === "number");

/** When the last span of `answer` of which something is known ends. */
function endOf(answer: Series): number | undefined {
	for (let i = answer.points - 1; i >= 0; i--) if (isKnown(answer, i)) return startOf(answer, i + 1);
	return undefined;
}

/**
 * Begins with `base`; `newest` is what the stream told last. In longer steps than the stream's an answer says itself up to
 * when it counts; as long as it cannot, it is taken to hold what the stream told before it.
 */
export function begun(base: Series, newest: Series | null): Running {
	const until = newest && newest.step === base.step ? endOf(base) : newest ? endOf(newest) : undefined;
	const begin = { base, now: base, until: base.until ?? until, gap: false };
	return newest ? grown(begin, newest) : begin;
}

/** Goes on with the newest spans of the stream, of which some may have been told before. */
export function grown(running: Running, newest: Series): Running {
	const { base } = running;
	let { now, until, gap } = running;
	if (until === undefined) return { ...running, until: newest.step === base.step ? endOf(base) : endOf(newest) };
	for (let i = 0; i < newest.points; i++) {
		const start = startOf(newest, i);
		if (start < until || !isKnown(newest, i)) continue;
		gap ||= start > until;
		now = withSpan(now, newest, i);
		until = start + newest.step;
	}
	return now === running.now ? running : { base, now, until, gap };
}

/** `answer` with span `i` of `newest` in it, moved on where that is later than its last. */
function withSpan(answer: Series, newest: Series, i: number): Series {
	const at = Math.floor((startOf(newest, i) - answer.from) / answer.step);
	if (at < 0 || newest.step > answer.step) return answer;
	const moved = Math.max(0, at - answer.points + 1);
	const same = newest.step === answer.step;
	const series: Partial<Record<SeriesName, Points>> = {};
	for (const name of namesOf(answer)) {
		const before = answer.series[name] ?? [];
		const values = Array.from({ length: answer.points }, (_, k) => before[k + moved] ?? null);
		const value = newest.series[name]?.[i] ?? null;
		const known = values[at - moved] ?? null;
		values[at - moved] = same ? (value ?? known) : together(name, known, value);
		series[name] = values;
	}
	return { ...answer, from: answer.from + moved * answer.step, series };
}
