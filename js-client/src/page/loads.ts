/** Loads that wait to be looked at. */
const MAX_WAITING = 500;
/** Where a browser does not tell when it is idle. */
const IDLE_GUESS_MS = 300;

/** Calls `look` with the URL of each load of the page, past and coming, one at a time, while the browser is idle. */
export function watchLoads(signal: AbortSignal, look: (url: string) => Promise<void>): void {
	const waiting = new Set<string>();
	let looking = false;
	const idle = () =>
		new Promise<void>((resolve) => {
			if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve());
			else setTimeout(resolve, IDLE_GUESS_MS);
		});
	const lookAtAll = async () => {
		looking = true;
		for (const url of waiting) {
			await idle();
			if (signal.aborted) return;
			await look(url);
			waiting.delete(url);
		}
		looking = false;
	};
	const observer = new PerformanceObserver((list) => {
		for (const entry of list.getEntriesByType("resource")) {
			const isDocument = entry instanceof PerformanceResourceTiming && entry.initiatorType === "iframe";
			if (!isDocument && waiting.size < MAX_WAITING) waiting.add(entry.name);
		}
		if (!looking) void lookAtAll();
	});
	observer.observe({ type: "resource", buffered: true });
	signal.addEventListener("abort", () => observer.disconnect());
}
