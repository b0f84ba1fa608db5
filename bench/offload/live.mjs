// A packager's folder: segments and a playlist appear in it as time goes by, and old ones are deleted.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** Segments that the playlist names, and that stay. */
const WINDOW = 6;

/** Writes a segment and then, as packagers do, the playlist that names it, by renaming. */
async function add(folder, segments, n, segmentMs) {
	const seconds = segmentMs / 1000;
	await writeFile(join(folder, basename(segments[n].url)), segments[n].body);
	const first = Math.max(0, n + 1 - WINDOW);
	const lines = ["#EXTM3U", "#EXT-X-VERSION:3", `#EXT-X-TARGETDURATION:${seconds}`, `#EXT-X-MEDIA-SEQUENCE:${first}`];
	for (const { url } of segments.slice(first, n + 1)) lines.push(`#EXTINF:${seconds.toFixed(6)},`, basename(url));
	const draft = join(folder, "live.m3u8.tmp");
	await writeFile(draft, `${lines.join("\n")}\n`);
	await rename(draft, join(folder, "live.m3u8"));
	if (first > 0) await rm(join(folder, basename(segments[first - 1].url)), { force: true });
}

/**
 * Packages a stream into a folder, which it makes: each segment when its time has come.
 *
 * @param {{url: string, body: Buffer, atMs: number}[]} segments with the time, milliseconds since the epoch
 * @returns ends it
 */
export async function packageInto(folder, segments, segmentMs, onError) {
	await mkdir(folder, { recursive: true });
	let last = Promise.resolve();
	const begin = (n) => {
		last = last.then(() => add(folder, segments, n, segmentMs)).catch(onError);
	};
	const timers = segments.map(({ atMs }, n) => setTimeout(begin, atMs - Date.now(), n));
	return () => timers.forEach(clearTimeout);
}
