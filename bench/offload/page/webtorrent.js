// Fetches one file with webtorrent, the origin as its web seed, and says how long that took from the navigation's start.
import WebTorrent from "/vendor/webtorrent.js";
import { firstByte, lastByte, longestTask, sha256 } from "./observe.js";

const { url, torrent: address } = JSON.parse(document.getElementById("task").textContent);

async function fetchFile() {
	const client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [] } } });
	const metadata = new Uint8Array(await (await fetch(address)).arrayBuffer());
	let firstByteMs;
	const file = await new Promise((resolve, reject) => {
		client.on("error", reject);
		client.add(metadata, (torrent) => {
			torrent.on("download", () => {
				firstByteMs ??= firstByte();
			});
			torrent.on("error", reject);
			const done = () => resolve(torrent.files[0]);
			if (torrent.done) done();
			else torrent.on("done", done);
		});
	});
	const doneMs = await lastByte();
	const bytes = await (await file.blob()).arrayBuffer();
	const whole = await sha256(bytes);
	const longTaskMs = longestTask(firstByteMs, doneMs);
	return { firstByteMs, doneMs, longTaskMs, bytes: bytes.byteLength, delivered: [[url, whole]] };
}

globalThis.outcome = fetchFile();
globalThis.outcome.catch(() => {});
