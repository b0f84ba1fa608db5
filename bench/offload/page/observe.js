// What every measured page does alike: hash what arrived, and keep what Rivulet says of it.

export async function sha256(bytes) {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The client of this page, once it has started; undefined on pages without. */
export function client() {
	if (!document.querySelector("script[data-site]")) return undefined;
	if (globalThis.rivulet) return globalThis.rivulet;
	return new Promise((resolve) =>
		document.addEventListener("rivulet:ready", () => resolve(globalThis.rivulet), { once: true }),
	);
}

const pieces = [];
const neighbours = [];
void client()?.then?.(observe);
if (globalThis.rivulet) observe(globalThis.rivulet);

function observe(rivulet) {
	const now = () => Math.round(performance.now());
	neighbours.push([now(), "started"]);
	rivulet.on("piece", ({ url, source, bytes }) => pieces.push([now(), url.split("/").at(-1), source, bytes]));
	rivulet.on("peer", ({ id, state }) => neighbours.push([now(), state, id.slice(0, 6)]));
}

/** The first byte of a file came: now, in a mark that a trace shows as well (../main-thread.mjs). */
export const firstByte = () => performance.mark("first byte").startTime;

/** The last one came: now. Resolves in another task, since what is done with the whole is none of who brought it. */
export async function lastByte() {
	const { startTime } = performance.mark("last byte");
	await new Promise((resolve) => setTimeout(resolve));
	return startTime;
}

/** Tasks of the main thread that took more than 50 ms: when they began, and their length (W3C Long Tasks). */
const longTasks = [];
new PerformanceObserver((list) => {
	for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });

/** The longest of them that began from `fromMs` to before `toMs`, milliseconds; 0: none took more than 50 ms. */
export function longestTask(fromMs, toMs) {
	const during = longTasks.filter(([beginMs]) => beginMs >= fromMs && beginMs < toMs);
	return Math.max(0, ...during.map(([, ms]) => ms));
}

/** Where bytes came from, and when: for looking into a run (`--json`). */
export function seen() {
	return { stats: globalThis.rivulet?.stats(), pieces, neighbours };
}
