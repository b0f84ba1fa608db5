// Loads a page's many small assets at once and says when the last one was there.
import { seen, sha256 } from "./observe.js";

const { urls } = JSON.parse(document.getElementById("task").textContent);

async function load() {
	const bodies = await Promise.all(
		urls.map(async (url) => {
			const response = await fetch(url);
			if (!response.ok) throw new Error(`${url}: status ${response.status}`);
			return await response.arrayBuffer();
		}),
	);
	const doneMs = performance.now();
	const delivered = await Promise.all(bodies.map(async (body, n) => [urls[n], await sha256(body)]));
	return { doneMs, delivered, ...seen() };
}

globalThis.outcome = load();
globalThis.outcome.catch(() => {});
