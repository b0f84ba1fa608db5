import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { contentDir } from "../../demo-site/media.mjs";
import { sha256 } from "../fixture/hash.ts";
import { watchPieces } from "../fixture/pieces.ts";
import { Refusal } from "../fixture/refusal.ts";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

let stack: Stack;
afterEach(() => stack?.close());

/** What a ranged fetch through the service worker gave. */
interface Ranged {
	readonly status: number;
	readonly contentRange: string | null;
	readonly contentLength: string | null;
	readonly sha256: string;
}

function fetchRange(visitor: Visitor, url: string, range: string): Promise<Ranged> {
	return visitor.page.evaluate(
		async (target: string, wanted: string) => {
			const response = await fetch(target, { headers: { range: wanted } });
			const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
			return {
				status: response.status,
				contentRange: response.headers.get("content-range"),
				contentLength: response.headers.get("content-length"),
				sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
			};
		},
		url,
		range,
	);
}

test("seeking in the clip is answered from the first visitor's pieces, the origin refusing", async () => {
	const origin = new Refusal("/content/clip.mp4");
	stack = await Stack.start({ intercept: origin.intercept });
	const url = `${stack.contentUrl}/clip.mp4`;
	const clip = await readFile(join(contentDir, "clip.mp4"));
	const first = await Visitor.arrive(stack, 1);
	await first.open();
	expect((await first.download(url)).length).toBe(clip.length);
	origin.refusing = true;

	const second = await Visitor.arrive(stack, 2);
	await second.open();
	await second.neighbour("page");
	const pieces = await watchPieces(second.page);
	const position = await second.page.evaluate(async () => {
		const video = document.getElementById("clip") as HTMLVideoElement;
		video.muted = true;
		await video.play();
		for (const target of [30, 5, 20]) {
			video.currentTime = target;
			await new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
		}
		const sought = video.currentTime;
		const end = performance.now() + 30_000;
		while (video.currentTime <= sought && performance.now() < end) await new Promise((done) => setTimeout(done, 100));
		return { sought, later: video.currentTime, error: video.error?.message };
	});

	expect(position.error).toBeUndefined();
	expect(position.sought).toBeGreaterThanOrEqual(19.5);
	expect(position.later).toBeGreaterThan(position.sought);
	const bytes = await pieces.bytes((piece) => piece === url);
	expect(bytes.peers).toBeGreaterThan(500_000);
	const middle = await fetchRange(second, url, "bytes=1000000-1500000");
	expect(middle).toEqual({
		status: 206,
		contentRange: `bytes 1000000-1500000/${clip.length}`,
		contentLength: "500001",
		sha256: sha256(clip.subarray(1_000_000, 1_500_001)),
	});
});

test("ranges that end past the body are clamped, those that begin there refused", async () => {
	const folder = await mkdtemp(join(tmpdir(), "rivulet-small-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	const small = Uint8Array.from({ length: 256 }, (_, index) => index);
	await writeFile(join(folder, "small.bin"), small);
	stack = await Stack.start({ content: folder });
	const url = `${stack.contentUrl}/small.bin`;
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.download(url);
	const asked = stack.origin.stats().total.requests;

	for (const range of ["bytes=0-256", "bytes=0-300", "bytes=-300", "bytes=0-"]) {
		const answer = await fetchRange(visitor, url, range);
		expect({ range, ...answer }).toEqual({
			range,
			status: 206,
			contentRange: "bytes 0-255/256",
			contentLength: "256",
			sha256: sha256(small),
		});
	}
	const beyond = await fetchRange(visitor, url, "bytes=256-");
	expect(beyond).toMatchObject({ status: 416, contentRange: "bytes */256" });
	expect(stack.origin.stats().total.requests).toBe(asked);
});
