// How long tasks of a page's main thread are, as a trace of its browser says.

/** Tasks of main threads; marks of pages. Few enough that tracing is not what is measured: 7 MB in a few seconds. */
const CATEGORIES = ["disabled-by-default-devtools.timeline", "blink.user_timing"];
/** Between these the page marks that bytes come (page/observe.js). */
const MARKS = ["first byte", "last byte"];

export const startTrace = (page) => page.tracing.start({ categories: CATEGORIES });

/** Its events. */
export async function endTrace(page) {
	return JSON.parse(Buffer.from(await page.tracing.stop()).toString()).traceEvents;
}

/**
 * Processor time of the main thread's task that took the most of it, of those that began between the page's marks, milliseconds.
 * By the clock it may have taken longer: a thread that others keep from the processor has no shorter tasks. NaN: no marks.
 */
export function longestTaskCpu(events) {
	const [begin, end] = MARKS.map((name) => events.find((event) => event.name === name));
	if (!begin || !end) return Number.NaN;
	const during = events.filter(
		({ name, pid, tid, ts, tdur }) =>
			name === "RunTask" &&
			pid === begin.pid &&
			tid === begin.tid &&
			ts >= begin.ts &&
			ts < end.ts &&
			tdur !== undefined,
	);
	return Math.max(0, ...during.map(({ tdur }) => tdur / 1000));
}
