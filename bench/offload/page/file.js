// Fetches one file at once and says how long that took from the navigation's start.
import { client, firstByte, lastByte, longestTask, seen, sha256 } from "./observe.js";

const { url } = JSON.parse(document.getElementById("task").textContent);

async function fetchFile() {
	const response = await ((await client()) ?? globalThis).fetch(url);
	if (!response.ok) throw new Error(`status ${response.status}`);
	const chunks = [];
	let bytes = 0;
	let firstByteMs;
	const reader = response.body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		firstByteMs ??= firstByte();
		chunks.push(value);
		bytes += value.length;
	}
	const doneMs = await lastByte();
	const whole = await sha256(await new Blob(chunks).arrayBuffer());
	const longTaskMs = longestTask(firstByteMs, doneMs);
	return { firstByteMs, doneMs, longTaskMs, bytes, delivered: [[url, whole]], ...seen() };
}

globalThis.outcome = fetchFile();
globalThis.outcome.catch(() => {});
