/** How often it is felt whether the main thread is busy. */
const FEEL_MS = 250;
/** So late, it is too busy for what the page does: a visitor would notice. */
const LATE_MS = 200;

interface Thread {
	/** Of a page that nobody sees timers are late by intent. */
	hidden(): boolean;
	nowMs(): number;
	every(ms: number, callback: () => void): () => void;
}

export const pageThread: Thread = {
	hidden: () => document.hidden,
	nowMs: () => performance.now(),
	every: (ms, callback) => {
		const timer = setInterval(callback, ms);
		return () => clearInterval(timer);
	},
};

/** Tells when the main thread was busy for so long that timers came late. @returns ends it */
export function watchThread(thread: Thread, late: () => void): () => void {
	let lastMs = thread.nowMs();
	return thread.every(FEEL_MS, () => {
		const ms = thread.nowMs() - lastMs;
		lastMs += ms;
		if (ms > FEEL_MS + LATE_MS && !thread.hidden()) late();
	});
}
