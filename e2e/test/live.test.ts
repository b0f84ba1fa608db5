import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { contentDir, makeContent } from "../../demo-site/media.mjs";
import { startFollower } from "../../demo-site/stack.mjs";
import { sha256OfFile } from "../fixture/hash.ts";
import { SITE, Stack, TOKEN } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

/** Segments that everybody watches; each has four seconds. */
const SEGMENTS = 6;
/** Segments that a player keeps between itself and the newest one, as players do. */
const BEHIND = 3;
/** Time from one viewer's arrival to the next one's, milliseconds. */
const GAP_MS = 1500;
/** Longest time the picture may stand still, milliseconds: more than a segment's length of nothing to play. */
const STILL_MS = 6000;
const WATCHED_MS = 90_000;

let stack: Stack;
let packager: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
	packager?.kill("SIGKILL");
	await stack?.close();
	if (folder) await rm(folder, { recursive: true, force: true });
});

/** A page that plays the stream with hls.js, and notes what it was given and how long the picture stood still. */
const page = (tracker: string, content: string) => `<!doctype html>
<meta charset="utf-8">
<title>live</title>
<script>window.seen = { segments: [], stillMs: 0 };</script>
<script src="${tracker}/rivulet.js" data-site="${SITE}" async></script>
<script src="${tracker}/rivulet-hls.js"></script>
<script src="/vendor/hls.js"></script>
<video id="film" muted></video>
<script>
const film = document.getElementById("film");
let moved = 0;
let position = 0;
setInterval(() => {
	const now = performance.now();
	if (film.currentTime !== position) {
		moved = now;
		position = film.currentTime;
	} else if (moved) seen.stillMs = Math.max(seen.stillMs, now - moved);
}, 50);
const hashed = async (bytes) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
	(byte) => byte.toString(16).padStart(2, "0")).join("");
const observed = (Loader) => class extends Loader {
	load(context, config, callbacks) {
		const onSuccess = (response, ...rest) => {
			const name = new URL(context.url).pathname.split("/").at(-1);
			const bytes = response.data.byteLength;
			// the player hands its buffers on to a worker: hashed is a copy
			seen.segments.push(hashed(response.data.slice()).then((sha256) => ({ name, bytes, sha256 })));
			callbacks.onSuccess(response, ...rest);
		};
		super.load(context, config, { ...callbacks, onSuccess });
	}
};
const hls = new Hls({ fLoader: observed(window.rivuletHls({ media: film })), liveSyncDurationCount: ${BEHIND} });
hls.loadSource("${content}/live/index.m3u8");
hls.attachMedia(film);
film.play();
</script>`;

interface Seen {
	readonly segments: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
	readonly stillMs: number;
}

/** The player's page; and the playlist as live ones are served, never from a cache. */
function intercept(dir: string) {
	return (request: IncomingMessage, response: ServerResponse): boolean => {
		if (request.url === "/player.html") {
			response.writeHead(200, { "content-type": "text/html" }).end(page(stack.tracker.url, stack.contentUrl));
			return true;
		}
		if (request.url === "/rivulet-sw.js") {
			response.writeHead(404).end();
			return true;
		}
		if (!request.url?.endsWith("/live/index.m3u8")) return false;
		response.writeHead(200, {
			"content-type": "application/vnd.apple.mpegurl",
			"cache-control": "no-store",
			"access-control-allow-origin": "*",
		});
		response.end(readFileSync(join(dir, "index.m3u8")));
		return true;
	};
}

/** Streams the demo's film in real time, over and over. */
function pack(dir: string): ChildProcess {
	const film = ["-re", "-stream_loop", "-1", "-i", join(contentDir, "film", "index.m3u8"), "-c", "copy"];
	const hls = ["-f", "hls", "-hls_time", "4", "-hls_list_size", "6", "-hls_segment_filename", join(dir, "%03d.ts")];
	return spawn("ffmpeg", ["-v", "error", "-nostdin", ...film, ...hls, join(dir, "index.m3u8")], { stdio: "ignore" });
}

test("viewers of a live stream have its segments from each other while a packager writes them", async () => {
	await makeContent();
	folder = await mkdtemp(join(tmpdir(), "rivulet-live-"));
	const dir = join(folder, "live");
	await mkdir(dir);
	packager = pack(dir);
	stack = await Stack.start({
		content: folder,
		publish: false,
		site: { "index-threshold": 0 },
		intercept: intercept(dir),
	});
	const baseUrl = `${stack.contentUrl}/live/`;
	const follower = await startFollower({ tracker: stack.tracker.url, token: TOKEN, site: SITE, baseUrl, dir });
	stack.onClose(() => follower.stop());
	const visitors = [await Visitor.arrive(stack, 1), await Visitor.arrive(stack, 2), await Visitor.arrive(stack, 3)];
	while (!existsSync(join(dir, `00${BEHIND}.ts`))) await wait(100);
	const atFirst =
		(await readdir(dir))
			.filter((name) => name.endsWith(".ts"))
			.sort()
			.at(-1) ?? "";

	for (const visitor of visitors) {
		await visitor.page.goto(stack.pageUrl(visitor.n, "/player.html"));
		await wait(GAP_MS);
	}
	const watch = async ({ page, errors }: Visitor): Promise<Seen> => {
		await page.waitForFunction(`seen.segments.length >= ${SEGMENTS}`, { timeout: WATCHED_MS, polling: 200 });
		expect(errors).toEqual([]);
		return (await page.evaluate("Promise.all(seen.segments).then((segments) => ({ ...seen, segments }))")) as Seen;
	};
	const seen = await Promise.all(visitors.map(watch));
	const stats = await Promise.all(visitors.map((visitor) => visitor.stats()));

	for (const { segments, stillMs } of seen) {
		for (const { name, sha256 } of segments) expect(sha256).toBe(await sha256OfFile(join(dir, name)));
		expect(segments.at(-1)?.name.localeCompare(atFirst)).toBe(1);
		expect(stillMs).toBeLessThan(STILL_MS);
	}
	const given = seen.flatMap(({ segments }) => segments).reduce((sum, { bytes }) => sum + bytes, 0);
	const fromPeers = stats.reduce((sum, { bytes }) => sum + bytes.peers, 0);
	expect(fromPeers / given).toBeGreaterThanOrEqual(0.3);
	expect(stats.map(({ pieces }) => pieces.rejected)).toEqual([0, 0, 0]);
	const exited = follower.exited;
	await follower.stop();
	expect(await exited).toEqual({ code: 0, signal: null });
	packager.kill("SIGKILL");
	await once(packager, "exit");
});
