import { rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { catalogEntry } from "../fixture/catalog.ts";
import { type BigFile, bigFile, keyStream } from "../fixture/content.ts";
import { SITE, Stack } from "../fixture/stack.ts";
import { look, metrics } from "../fixture/tracker-api.ts";
import { Visitor } from "../fixture/visitor.ts";

const PIECE = 262_144;
const SIZE = 8 * PIECE;
const PATIENCE = { timeout: 120_000, interval: 500 };
/** Sounds for some seconds, of which the first come at once. */
const TONE_RATE = 44_100;
const TONE_SECONDS = 12;
const TONE_AT_ONCE = 3 * 2 * TONE_RATE;

let file: BigFile;
let stack: Stack;
beforeAll(async () => {
	file = await bigFile(SIZE, 47);
	await writeFile(join(file.folder, "broken.bin"), keyStream(SIZE, 48));
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

interface Overview {
	readonly viewers: number;
	readonly bytes: Readonly<Record<string, number>>;
	readonly health: Readonly<Record<"failedFetches" | "rejectedPieces" | "stalls" | "contradicted", number>>;
}
interface Picture {
	readonly members: readonly { readonly id: string; readonly role: string }[];
	readonly connections: readonly (readonly [string, string])[];
}
interface Standing {
	readonly id: string;
	readonly claimed: number;
	readonly confirmed: number;
	readonly disagreeing: number;
	readonly suspect: boolean;
}

const overview = () => look<Overview>(stack, `/overview?range=15m&site=${SITE}`);
const neighbours = async (visitor: Visitor) =>
	(await visitor.stats()).peers.filter(({ state }) => state === "connected").map(({ id }) => id);

/** A wave file of silence. */
function tone(): Buffer {
	const samples = TONE_RATE * TONE_SECONDS * 2;
	const wave = Buffer.alloc(44 + samples);
	wave.write("RIFF", 0);
	wave.writeUInt32LE(36 + samples, 4);
	wave.write("WAVEfmt ", 8);
	wave.writeUInt32LE(16, 16);
	wave.writeUInt16LE(1, 20); // PCM
	wave.writeUInt16LE(1, 22); // one channel
	wave.writeUInt32LE(TONE_RATE, 24);
	wave.writeUInt32LE(TONE_RATE * 2, 28);
	wave.writeUInt16LE(2, 32);
	wave.writeUInt16LE(16, 34);
	wave.write("data", 36);
	wave.writeUInt32LE(samples, 40);
	return wave;
}

/** An origin that holds back the end of a tone, and breaks off another file each time. */
function troubled(request: IncomingMessage, response: ServerResponse): boolean {
	if (request.url === "/content/tone.wav") {
		const wave = tone();
		response.writeHead(200, { "content-type": "audio/wav", "content-length": wave.length });
		response.write(wave.subarray(0, TONE_AT_ONCE));
		return true;
	}
	if (request.url !== "/content/broken.bin" || request.method !== "GET") return false;
	const { range } = request.headers;
	const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "bytes=0-") ?? [];
	if (first !== "0") {
		response.destroy();
		return true;
	}
	const end = last ? Number(last) : SIZE - 1;
	response.writeHead(range ? 206 : 200, {
		"access-control-allow-origin": "*",
		"access-control-expose-headers": "content-range",
		"content-length": end + 1,
		...(range ? { "content-range": `bytes 0-${end}/${SIZE}` } : {}),
	});
	response.write(keyStream(SIZE, 48).subarray(0, 2 * PIECE), () => response.destroy());
	return true;
}

test("what pages use, lack and wait for, and who is connected to whom, reaches the operator's figures", async () => {
	stack = await Stack.start({ content: file.folder, intercept: troubled });
	const url = `${stack.contentUrl}/${file.name}`;
	const { content } = await catalogEntry(stack.tracker.url, url);
	const one = await Visitor.arrive(stack, 1);
	await one.open();
	expect((await one.download(url)).sha256).toBe(file.sha256);
	const other = await Visitor.arrive(stack, 2);
	await other.open();
	await other.neighbour("page");
	expect((await other.download(url)).sha256).toBe(file.sha256);
	expect((await one.download(`${stack.contentUrl}/broken.bin`)).error).toBeDefined();
	await one.page.evaluate(async (sound: string) => {
		const audio = document.createElement("audio");
		audio.muted = true;
		audio.src = sound;
		document.body.append(audio);
		await audio.play();
	}, `${stack.contentUrl}/tone.wav`);

	const seen = async () => {
		const { viewers, bytes, health } = await overview();
		return {
			viewers,
			peers: (bytes["peers"] ?? 0) > 0,
			origin: (bytes["origin"] ?? 0) >= SIZE,
			uploaded: (bytes["uploaded"] ?? 0) > 0,
			failed: health.failedFetches > 0,
			stalls: health.stalls > 0,
		};
	};
	await expect
		.poll(seen, PATIENCE)
		.toEqual({ viewers: 2, peers: true, origin: true, uploaded: true, failed: true, stalls: true });
	const ids = [...(await neighbours(one)), ...(await neighbours(other))].sort();
	expect(ids.length).toBe(2);
	const picture = async () => {
		const { members, connections } = await look<Picture>(stack, `/swarms/${SITE}/${content}`);
		return { members: members.map(({ id }) => id).sort(), connections: connections.map((pair) => [...pair].sort()) };
	};
	await expect.poll(picture, PATIENCE).toEqual({ members: ids, connections: [ids] });
	const listed = async () => {
		const { items } = await look<{ items: { content: string; url: string }[] }>(stack, "/contents");
		return items.find((each) => each.content === content)?.url;
	};
	await expect.poll(listed, PATIENCE).toBe(url); // figures of contents are written once a minute
	const read = await metrics(stack);
	const of = (name: string, labels = "") => read.get(`rivulet_tracker_${name}{${labels}site="${SITE}"}`);
	expect(of("used_bytes_total", 'from="page",')).toBeGreaterThan(0);
	expect(of("used_bytes_total", 'from="origin",')).toBeGreaterThanOrEqual(SIZE);
	expect(of("uploaded_bytes_total")).toBeGreaterThan(0);
	expect(of("failed_responses_total")).toBeGreaterThan(0);
	expect(of("stalls_total")).toBeGreaterThan(0);
	expect(of("peers", 'role="page",')).toBe(2);
	expect(of("suspects")).toBe(0);
});

/**
 * Runs before a page's worker: of its reports one alone is sent, the first when it has enough neighbours, and that claims
 * more uploads than there were.
 */
function lie(enough: number): void {
	const { send } = WebSocket.prototype;
	let done = false;
	WebSocket.prototype.send = function (this: WebSocket, data) {
		const message = JSON.parse(data as string) as { type: string; links?: { up: number }[] };
		if (message.type !== "report") return send.call(this, data);
		if (done || (message.links ?? []).length < enough) return;
		for (const link of message.links ?? []) link.up += 2 ** 30;
		done = true;
		send.call(this, JSON.stringify(message));
	};
}

test("a page that claims uploads which nobody received becomes visible, and no other", async () => {
	stack = await Stack.start({ content: file.folder });
	const url = `${stack.contentUrl}/${file.name}`;
	const liar = await Visitor.arrive(stack, 9, { beforeWorkers: `(${String(lie)})(3);` });
	await liar.open();
	const honest = await Promise.all([1, 2, 3].map((n) => Visitor.arrive(stack, n)));
	for (const visitor of honest) await visitor.open();
	await expect.poll(async () => (await neighbours(liar)).length, PATIENCE).toBe(3);

	// Whoever used something reports it, sooner or later; so does the liar, once, and then the others after it.
	const standings = async () => {
		for (const visitor of [liar, ...honest]) expect((await visitor.download(url)).sha256).toBe(file.sha256);
		return (await look<{ items: Standing[] }>(stack, "/discrepancies")).items;
	};
	const suspects = async () => (await standings()).filter(({ suspect }) => suspect).map(({ id }) => id);
	await expect.poll(suspects, PATIENCE).toHaveLength(1);

	const [standing] = (await standings()).filter(({ suspect }) => suspect);
	expect(standing?.disagreeing).toBe(3);
	expect(standing?.claimed).toBeGreaterThan(3 * 2 ** 30);
	expect(standing?.confirmed).toBeLessThan(4 * SIZE);
	for (const visitor of honest) expect(await neighbours(visitor)).toContain(standing?.id);
	expect(await neighbours(liar)).not.toContain(standing?.id);
	expect((await metrics(stack)).get(`rivulet_tracker_suspects{site="${SITE}"}`)).toBe(1);
	const events = async () =>
		(await look<{ items: { text: string }[] }>(stack, "/events?kind=suspect")).items.map(({ text }) => text).join();
	await expect.poll(events, PATIENCE).toContain(standing?.id);
});
