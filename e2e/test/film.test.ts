import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { contentDir, FILM_SECONDS } from "../../demo-site/media.mjs";
import { Stack } from "../fixture/stack.ts";
import { type BrowserName, type Stats, Visitor } from "../fixture/visitor.ts";

/** How far behind the first viewer the second starts, milliseconds. */
const SECOND_VIEWER_MS = 6_000;
/** Longest time the picture may stand still for want of the film, milliseconds. */
const STILL_MS = 250;
/** Share of the film that the second viewer still has to load when the first bytes come from a neighbour. */
const LEFT_TO_LOAD = 0.2;

let stack: Stack;
afterEach(() => stack?.close());

/** Bytes of all segments. */
async function filmBytes(): Promise<number> {
	const folder = join(contentDir, "film");
	const segments = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
	const sizes = segments.map(async (name) => (await stat(join(folder, name))).size);
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Bytes of segments that the origin has served. */
function servedBytes(): number {
	const segments = Object.entries(stack.origin.stats().paths).filter(([path]) => path.endsWith(".ts"));
	return segments.reduce((sum, [, by]) => sum + (by["browser"]?.bytes ?? 0), 0);
}

interface Playback {
	readonly ended: boolean;
	readonly position: number;
	readonly troubles: readonly string[];
	/**
	 * What the viewer had had by the time a neighbour had given it anything. Until then its player loads ahead from the
	 * origin; how much of the film that is depends on how long a busy machine takes to connect two browsers.
	 */
	readonly before?: Stats["bytes"];
}

/** Plays the film to its end in the page and notes every halt after the first frame. */
function play(still: number): Promise<Playback> {
	const film = document.getElementById("film") as HTMLVideoElement;
	const troubles: string[] = [];
	/** Whether there is nothing to play: a machine that is too busy to play what there is, is no trouble of ours. */
	const starves = () => {
		const { buffered, currentTime, duration } = film;
		for (let range = 0; range < buffered.length; range++) {
			if (
				buffered.start(range) <= currentTime + 0.1 &&
				buffered.end(range) > Math.min(currentTime + 0.5, duration - 0.2)
			)
				return false;
		}
		return true;
	};
	return new Promise((resolve) => {
		let position = 0;
		let moved = 0;
		let before: Stats["bytes"] | undefined;
		const look = setInterval(() => {
			const now = performance.now();
			if (!before) {
				const bytes = (globalThis as unknown as { rivulet?: { stats(): Stats } }).rivulet?.stats().bytes;
				if (bytes && bytes.peers + bytes.edges > 0) before = bytes;
			}
			if (film.currentTime !== position) {
				position = film.currentTime;
				moved = now;
			} else if (moved > 0 && !film.ended && !starves()) {
				moved = now;
			} else if (moved > 0 && now - moved > still && !film.ended) {
				troubles.push(`stood still for ${Math.round(now - moved)} ms at ${position.toFixed(2)} s`);
				moved = now;
			}
		}, 50);
		const finish = (ended: boolean) => {
			clearInterval(look);
			resolve({ ended, position: film.currentTime, troubles, ...(before && { before }) });
		};
		film.addEventListener("waiting", () => {
			if (moved > 0 && starves()) troubles.push(`waiting at ${film.currentTime.toFixed(2)} s`);
		});
		film.addEventListener("ended", () => finish(true));
		film.addEventListener("error", () => {
			troubles.push(`error: ${film.error?.message}`);
			finish(false);
		});
		film.muted = true;
		film.play().catch((error: unknown) => {
			troubles.push(String(error));
			finish(false);
		});
	});
}

test.each<BrowserName>(["chromium", "firefox"])(
	"the second viewer (%s) plays the film to its end without a halt",
	{
		timeout: 240_000,
	},
	async (browser) => {
		stack = await Stack.start();
		const first = await Visitor.arrive(stack, 1);
		const second = await Visitor.arrive(stack, 2, { browser });
		await first.open();
		const firstPlays = first.page.evaluate(play, STILL_MS);
		await new Promise((resolve) => setTimeout(resolve, SECOND_VIEWER_MS));
		await second.openPlain(); // and presses play at once, with nobody connected yet

		const playback = await second.page.evaluate(play, STILL_MS);

		expect(playback.troubles).toEqual([]);
		expect(playback.ended).toBe(true);
		expect(playback.position).toBeGreaterThan(FILM_SECONDS - 1);
		expect((await firstPlays).ended).toBe(true);
		const { bytes } = await second.stats();
		const film = await filmBytes();
		const { before } = playback;
		if (!before) throw new Error("nothing ever came from the first viewer");
		const given = bytes.peers + bytes.edges - before.peers - before.edges;
		const rest = given + bytes.origin - before.origin;
		expect(rest / film).toBeGreaterThan(LEFT_TO_LOAD);
		expect(given / rest).toBeGreaterThanOrEqual(0.8);
		expect((servedBytes() - bytes.origin) / film).toBeLessThanOrEqual(1.2);
	},
);
