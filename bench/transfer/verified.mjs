// Verified pieces: the product as built, from a published file to `rivulet.fetch` in another page.
import { openPage } from "../harness/chromium.mjs";
import { metered } from "../harness/cpu.mjs";
import { deadline } from "../harness/scope.mjs";
import { WITH_EDGE, WITHOUT_EDGE } from "./site.mjs";

/** How long a page may take until it is joined and has its neighbour, milliseconds. */
const NEIGHBOUR_MS = 30_000;

/** One run edge -> page: the edge is warm and the only one that has the file. */
export function verifiedFromEdge({ scope, site, edge }) {
	return scope.within(async (run) => {
		const reader = await openPage(site.pageUrl(WITH_EDGE), run);
		await neighbour(reader, "edge");
		site.refuseBrowsers();
		run.onClose(async () => site.serveBrowsers());
		return await metered([edge.pid, reader.pid], () => fetchTimed(reader, site.fileUrl));
	});
}

/** One run page -> page, without an edge: the first reads the file from the origin, the second from the first. */
export function verifiedFromPage({ scope, site }) {
	return scope.within(async (run) => {
		const holder = await openPage(site.pageUrl(WITHOUT_EDGE), run);
		await fetchTimed(holder, site.fileUrl);
		const reader = await openPage(site.pageUrl(WITHOUT_EDGE), run);
		await neighbour(reader, "page");
		site.refuseBrowsers();
		run.onClose(async () => site.serveBrowsers());
		return await metered([holder.pid, reader.pid], () => fetchTimed(reader, site.fileUrl));
	});
}

/** Reads the file once with the origin open: what a cold edge lacks it pulls through. */
export function warmUp({ scope, site }) {
	return scope.within(async (run) => {
		const reader = await openPage(site.pageUrl(WITH_EDGE), run);
		await neighbour(reader, "edge");
		return await fetchTimed(reader, site.fileUrl);
	});
}

async function neighbour({ page, errors }, role) {
	try {
		await page.waitForFunction(
			(wanted) => globalThis.rivulet?.stats().peers.some((peer) => peer.role === wanted && peer.state === "connected"),
			{ timeout: NEIGHBOUR_MS, polling: 50 },
			role,
		);
	} catch {
		const seen = await page.evaluate("window.rivulet ? JSON.stringify(rivulet.stats()) : 'no client'");
		throw new Error(`no neighbour of role ${role} in ${NEIGHBOUR_MS / 1000} s: ${seen} ${errors.join(" ")}`);
	}
}

async function fetchTimed({ page, errors }, url) {
	await deadline(
		NEIGHBOUR_MS,
		"the client's start",
		page.waitForFunction("window.rivulet", { timeout: NEIGHBOUR_MS, polling: 50 }),
	);
	const result = await page.evaluate(timedFetch, url);
	if (result.error) throw new Error(`rivulet.fetch: ${result.error} ${errors.join(" ")}`);
	return result;
}

/** In the page: times from asking to the last byte, verification of every piece included; hashes the whole afterwards. */
async function timedFetch(url) {
	const before = globalThis.rivulet.stats();
	const chunks = [];
	let bytes = 0;
	let firstMs = 0;
	const from = performance.now();
	try {
		const response = await globalThis.rivulet.fetch(url);
		if (!response.ok) return { error: `status ${response.status}` };
		const reader = response.body.getReader();
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			if (bytes === 0) firstMs = performance.now() - from;
			chunks.push(value);
			bytes += value.length;
		}
	} catch (error) {
		return { error: `${error} after ${bytes} bytes ${JSON.stringify(globalThis.rivulet.stats())}` };
	}
	const ms = performance.now() - from;
	const after = globalThis.rivulet.stats();
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer()));
	const sources = {};
	for (const name of Object.keys(after.bytes)) sources[name] = after.bytes[name] - before.bytes[name];
	return {
		ms,
		firstMs,
		bytes,
		sources,
		rejected: after.pieces.rejected - before.pieces.rejected,
		sha256: Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join(""),
	};
}
