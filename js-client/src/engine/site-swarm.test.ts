import { randomFillSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Exchange } from "../../test/contract/party.ts";
import { End } from "../../test/contract/peer-link.ts";
import { SimulatedClock } from "../../test/sim/clock.ts";
import { digest, type OriginBehaviour, SimulatedOrigin } from "../../test/sim/network.ts";
import { layoutOf, URL_OF_FILE } from "../../test/sim/visit.ts";
import { MemoryPieceStore } from "../../test/store/memory-store.ts";
import type { Bytes } from "../protocol/bytes.ts";
import type { Entry } from "../protocol/catalog.ts";
import type { ContentId, PeerId, UrlHash } from "../protocol/ids.ts";
import type { Layout } from "../protocol/layout.ts";
import type { FoundPeer, Peers } from "../protocol/messages.ts";
import { Responder } from "../transfer/responder.ts";
import type { PieceOrigin } from "../transfer/transfer.ts";
import { UploadRate } from "../transfer/upload-rate.ts";
import { Neighbours } from "./neighbours.ts";
import { SiteSwarm } from "./site-swarm.ts";

const id = (name: string) => name.padEnd(21, "_").concat("A") as PeerId;

/** What a tracker knows. */
class Tracker {
	readonly holders = new Map<ContentId, Set<PeerId>>();
	lookups = 0;
	http: string[] = [];

	found(content: ContentId, exclude: readonly PeerId[]): Peers {
		const peers = [...(this.holders.get(content) ?? [])].filter((peer) => !exclude.includes(peer));
		return {
			type: "peers",
			peers: peers.map((peer): FoundPeer => ({ id: peer, role: "page", holds: [content] })),
			http: this.http,
		};
	}
}

/** A page with everything but a browser. */
class Page {
	readonly id: PeerId;
	readonly store = new MemoryPieceStore();
	readonly neighbours: Neighbours;
	readonly swarm: SiteSwarm;
	readonly responder: Responder;
	readonly origin: SimulatedOrigin;
	readonly pieces: PieceOrigin[] = [];
	originBytes = 0;
	/** Blocks that were about to be sent. */
	uploadedBytes = 0;
	rate: UploadRate | null = null;

	constructor(
		scene: Scene,
		name: string,
		{ inline = true, behaviour = {} as OriginBehaviour, fetchLayout = async (): Promise<Bytes | null> => null } = {},
	) {
		const { clock, exchange, tracker, layout } = scene;
		this.id = id(name);
		this.origin = new SimulatedOrigin(clock, scene.content, behaviour);
		const every = (ms: number, callback: () => void) => clock.every(ms, callback);
		this.neighbours = new Neighbours({
			makeLink: exchange.network.makeLink,
			shelf: {
				open: () => this.swarm.uploads,
				waitMs: (bytes) => {
					this.uploadedBytes += bytes;
					return this.rate?.take(bytes, clock.nowMs) ?? 0;
				},
				holdings: (content) => this.swarm.holdings(content),
				fetching: (content) => this.swarm.underWay(content),
				piece: async (content, index) =>
					this.swarm.holdings(content)?.has(index) ? this.store.read(content, index) : null,
				layout: async () => (inline ? layout.bytes : this.store.layout(layout.contentId)),
				uploaded: () => {},
			},
			signal: (to, session, body) => exchange.pass(this.id, to, session, body),
			nowMs: () => clock.nowMs,
			every,
			listener: {
				joining: () => {},
				opened: (session) => this.swarm.opened(session),
				ready: (session) => this.swarm.ready(session),
				holds: (...what) => this.swarm.holds(...what),
				wants: (...what) => this.swarm.wants(...what),
				fetching: (...what) => this.swarm.isFetching(...what),
				received: () => {},
				sentBadPiece: () => {},
				closed: (session) => this.swarm.gone(session),
			},
		});
		exchange.raw.set(this.id, (from, session, body) =>
			this.neighbours.receive({ type: "signal", from, role: "page", session, ...body }),
		);
		this.neighbours.configure(this.id, [], false);
		this.swarm = new SiteSwarm({
			neighbours: this.neighbours,
			directory: () => ({
				state: "open",
				lookup: async (content, exclude) => {
					tracker.lookups++;
					await clock.sleep(10);
					return tracker.found(content, [...exclude, this.id]);
				},
				retract: (content) => tracker.holders.get(content)?.delete(this.id),
				announce: (content) => {
					const holders = tracker.holders.get(content) ?? new Set();
					tracker.holders.set(content, holders.add(this.id));
				},
			}),
			fetchLayout,
			receivedOverHttp: () => {},
			mayFetch: () => true,
			nowMs: () => clock.nowMs,
			after: (ms, callback) => clock.after(ms, callback),
		});
		this.swarm.uploads = true;
		const entry: Entry = {
			url: "" as UrlHash,
			content: layout.contentId,
			size: layout.size,
			...(inline && { layout }),
			headers: {},
			freshUntil: 0,
			ranges: true,
		};
		this.responder = new Responder({
			store: this.store,
			swarm: this.swarm,
			catalog: {
				stale: false,
				applyCatalog: async () => {},
				applyBatch: async () => true,
				lookup: async () => entry,
				entryOf: () => entry,
				isFresh: () => true,
				refresh: async () => {},
				suspend: async () => {},
			},
			fetch: this.origin.fetch,
			nowMs: () => clock.nowMs,
			every,
			missing: () => {},
			origins: new Map(),
			late: () => {},
			tally: {
				origin: (bytes) => {
					this.originBytes += bytes;
				},
				verified: (piece) => void this.pieces.push(piece),
				rejected: () => {},
				contradicted: () => {},
			},
		});
	}

	async download(range: string | null = null): Promise<Bytes> {
		const { signal } = new AbortController();
		const served = await this.responder.serve({ url: URL_OF_FILE, range, signal });
		return new Uint8Array(await new Response(served?.body).arrayBuffer());
	}
}

interface Scene {
	readonly clock: SimulatedClock;
	readonly exchange: Exchange;
	readonly tracker: Tracker;
	readonly content: Bytes;
	readonly layout: Layout;
}

let scene: Scene;
beforeEach(async () => {
	vi.spyOn(crypto.subtle, "digest").mockImplementation(digest as typeof crypto.subtle.digest);
	const content = randomFillSync(new Uint8Array(3_000_000));
	// a message over a link in memory takes a few turns
	const clock = new SimulatedClock(12);
	scene = { clock, exchange: new Exchange(), tracker: new Tracker(), content, layout: await layoutOf(content) };
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

const same = (bytes: Bytes) => Buffer.compare(bytes, scene.content) === 0;

describe("two pages who have only each other", () => {
	test("the second takes all but the first piece from the first, whom it finds through the tracker", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		expect(same(await scene.clock.settle(a.download()))).toBe(true);

		expect(same(await scene.clock.settle(b.download()))).toBe(true);

		expect(a.originBytes).toBe(scene.content.length);
		expect(b.originBytes).toBeLessThanOrEqual(262_144);
	});

	test("what is taken down while it is given is broken off, and comes from the origin", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		const { contentId } = scene.layout;
		await scene.clock.settle(a.download());
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		a.rate = new UploadRate(0, 0);
		vi.spyOn(a.rate, "take").mockImplementation(() => {
			a.swarm.block(new Set<string>([contentId]));
			return 0;
		});

		expect(same(await scene.clock.settle(b.download()))).toBe(true);

		expect(a.uploadedBytes).toBe(32_768);
		expect(b.originBytes).toBe(scene.content.length);
		expect(a.swarm.holdings(contentId)).toBeNull();
		expect(scene.tracker.holders.get(contentId)).not.toContain(a.id);
	});

	test("once they are connected the second needs the origin for nothing", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		await scene.clock.settle(a.download());
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));

		expect(same(await scene.clock.settle(b.download()))).toBe(true);

		expect(b.originBytes).toBe(0);
	});

	test("at the same time they share the work, and each piece crosses to the one that lacks it", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		const first = a.download();
		await scene.clock.settle(scene.clock.sleep(500));

		const [one, two] = await scene.clock.settle(Promise.all([first, b.download()]));

		expect(same(one) && same(two)).toBe(true);
		expect(a.originBytes + b.originBytes).toBeLessThan(scene.content.length * 1.4);
	});

	test("a page that took a range offers just that", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		await scene.clock.settle(a.download("bytes=0-600000"));
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));

		expect(same(await scene.clock.settle(b.download()))).toBe(true);

		expect(b.originBytes).toBe(scene.content.length - 3 * 262_144);
	});

	test("a visitor who does not upload holds nothing, as far as others are told", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		a.swarm.uploads = false;
		await scene.clock.settle(a.download());
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));

		await scene.clock.settle(b.download());

		expect(b.originBytes).toBe(scene.content.length);
		expect(scene.tracker.holders.get(scene.layout.contentId)?.has(a.id)).toBeFalsy();
	});

	test("a visitor who stops uploading in the middle is waited for no longer, and found again later", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		await scene.clock.settle(a.download());
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		a.rate = new UploadRate(1_000_000, Number.POSITIVE_INFINITY);
		const beganMs = scene.clock.nowMs;
		const download = b.download();
		await scene.clock.settle(scene.clock.sleep(600));
		const uploadedBytes = a.uploadedBytes;

		a.swarm.uploads = false;
		expect(same(await scene.clock.settle(download))).toBe(true);

		expect(uploadedBytes).toBeGreaterThan(0);
		expect(a.uploadedBytes).toBe(uploadedBytes);
		expect(b.originBytes).toBeGreaterThan(0);
		expect(scene.clock.nowMs - beganMs).toBeLessThan(4000);
		expect(scene.tracker.holders.get(scene.layout.contentId)?.has(a.id)).toBe(false);

		a.rate = null;
		a.swarm.uploads = true;
		const c = new Page(scene, "c");
		expect(same(await scene.clock.settle(c.download()))).toBe(true);
		expect(c.pieces.some(({ from }) => from === a.id)).toBe(true);
	});

	test("what a visitor may upload is kept to, and the origin gives the rest in time", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		await scene.clock.settle(a.download());
		b.neighbours.connect(a.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		a.rate = new UploadRate(100_000, Number.POSITIVE_INFINITY);
		const beganMs = scene.clock.nowMs;

		expect(same(await scene.clock.settle(b.download()))).toBe(true);

		const seconds = (scene.clock.nowMs - beganMs) / 1000;
		expect(a.uploadedBytes).toBeLessThanOrEqual(100_000 * (seconds + 0.25) + 3 * 32_768);
		expect(seconds).toBeLessThan(8);
	});

	test("what was stored by an earlier page load is offered as soon as it is used", async () => {
		const [a, b] = [new Page(scene, "a"), new Page(scene, "b")];
		await scene.clock.settle(a.download());
		const again = new Page(scene, "again");
		for (let piece = 0; piece < scene.layout.pieceCount; piece++) {
			const bytes = (await a.store.read(scene.layout.contentId, piece)) ?? new Uint8Array();
			await again.store.write(scene.layout.contentId, scene.layout.pieceCount, piece, bytes);
		}
		scene.tracker.holders.clear();
		b.neighbours.connect(again.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		const late = b.download();
		await scene.clock.settle(again.download("bytes=0-1"));

		expect(same(await scene.clock.settle(late))).toBe(true);
		expect(b.pieces.some(({ from }) => from === again.id)).toBe(true);
	});
});

describe("a crowd that comes at the same instant", () => {
	const meet = async (names: readonly string[], behaviour: OriginBehaviour) => {
		const pages = names.map((name) => new Page(scene, name, { behaviour }));
		for (const [i, page] of pages.entries()) {
			for (const other of pages.slice(i + 1)) page.neighbours.connect(other.id, "page");
		}
		await scene.clock.settle(scene.clock.sleep(100));
		return pages;
	};
	const copies = (pages: readonly Page[]) =>
		pages.reduce((bytes, { originBytes }) => bytes + originBytes, 0) / scene.content.length;

	test.each([
		["as fast as a page reads", {}],
		["slow", { bytesPerMs: 250 }],
		["far", { rttMs: 400 }],
	])("asks an origin that is %s for each piece once between them", async (_, behaviour) => {
		const pages = await meet(["a", "b", "c", "d"], behaviour);

		const got = await scene.clock.settle(Promise.all(pages.map((page) => page.download())));

		expect(got.every(same)).toBe(true);
		expect(copies(pages)).toBeLessThanOrEqual(1.1);
		expect(pages.filter(({ originBytes }) => originBytes > 0).length).toBeGreaterThan(1);
	});

	test("does not wait for one whose origin does not answer", async () => {
		const pages = await meet(["a", "b", "c"], {});
		const lost = new Page(scene, "lost", { behaviour: { rttMs: 60_000 } });
		for (const page of pages) lost.neighbours.connect(page.id, "page");
		await scene.clock.settle(scene.clock.sleep(100));
		const began = scene.clock.nowMs;
		void lost.download();

		const got = await scene.clock.settle(Promise.all(pages.map((page) => page.download())));

		expect(got.every(same)).toBe(true);
		expect(scene.clock.nowMs - began).toBeLessThan(6000);
	});
});

test("what the store has lost is not offered any more", async () => {
	const a = new Page(scene, "a");
	const { contentId, pieceCount } = scene.layout;
	await scene.clock.settle(a.download());

	for (let piece = 0; piece < pieceCount; piece++) a.swarm.lost(contentId, piece);

	expect(a.swarm.holdings(contentId)).toBeNull();
	expect(scene.tracker.holders.get(contentId)?.has(a.id)).toBe(false);
});

test("a layout that the tracker does not give comes from a neighbour", async () => {
	const a = new Page(scene, "a");
	await scene.clock.settle(a.download());
	const b = new Page(scene, "b", { inline: false });
	b.neighbours.connect(a.id, "page");
	await scene.clock.settle(scene.clock.sleep(100));

	expect(same(await scene.clock.settle(b.download()))).toBe(true);
	expect(await b.store.layout(scene.layout.contentId)).toEqual(scene.layout.bytes);
});

test("nor does a tracker that never answers keep it back", async () => {
	const a = new Page(scene, "a");
	await scene.clock.settle(a.download());
	const b = new Page(scene, "b", { inline: false, fetchLayout: () => new Promise(() => {}) });
	b.neighbours.connect(a.id, "page");
	await scene.clock.settle(scene.clock.sleep(100));

	expect(same(await scene.clock.settle(b.download()))).toBe(true);
});

test("hints of the tracker make neighbours before anything is asked for, but not too many", async () => {
	const a = new Page(scene, "a");
	const others = Array.from({ length: 12 }, (_, i) => new Page(scene, `n${i}`));

	a.swarm.hint({ type: "peers", http: [], peers: others.map((other) => ({ id: other.id, role: "page", holds: [] })) });
	await scene.clock.settle(scene.clock.sleep(100));
	expect(a.neighbours.ready.length).toBe(4);
	await scene.clock.settle(scene.clock.sleep(2000));
	expect(a.neighbours.ready.length).toBe(6);
	await scene.clock.settle(scene.clock.sleep(20_000));

	expect(a.neighbours.ready.length).toBe(8);
});

test("hinted peers are connected a few at a time, others in the place of those who are not there", async () => {
	const a = new Page(scene, "a");
	const others = Array.from({ length: 3 }, (_, i) => new Page(scene, `n${i}`));
	const absent = Array.from({ length: 4 }, (_, i) => id(`absent${i}`));
	const hinted = [...absent, ...others.map((other) => other.id)];

	a.swarm.hint({ type: "peers", http: [], peers: hinted.map((peer) => ({ id: peer, role: "page", holds: [] })) });
	expect(a.neighbours.sessions.map((session) => session.id)).toEqual(absent);
	for (const peer of absent) a.neighbours.unknown(peer);
	await scene.clock.settle(scene.clock.sleep(100));

	expect(a.neighbours.ready.map((session) => session.id)).toEqual(others.map((other) => other.id));
});

test("a page that goes connects nobody in the place of those that it leaves", async () => {
	const a = new Page(scene, "a");
	const others = Array.from({ length: 9 }, (_, i) => new Page(scene, `n${i}`));
	a.swarm.hint({ type: "peers", http: [], peers: others.map((other) => ({ id: other.id, role: "page", holds: [] })) });
	await scene.clock.settle(scene.clock.sleep(100));
	expect(a.neighbours.ready.length).toBe(4);

	a.swarm.quit(true);
	await scene.clock.settle(scene.clock.sleep(5000));

	expect(a.neighbours.sessions).toEqual([]);
});

test("a request waits for the first neighbours that are being connected, not for those that come one by one", async () => {
	const a = new Page(scene, "a");
	const there = Array.from({ length: 4 }, (_, i) => new Page(scene, `n${i}`).id);
	const absent = [id("absent0"), id("absent1")];
	const peers = [...there, ...absent].map((peer): FoundPeer => ({ id: peer, role: "page", holds: [] }));

	a.swarm.hint({ type: "peers", http: [], peers });
	expect(a.swarm.joining).toBe(4);
	await scene.clock.settle(scene.clock.sleep(1500));

	expect(a.neighbours.sessions.length).toBe(5);
	expect(a.swarm.joining).toBe(0);
});

describe("the many small resources of a page", () => {
	const content = (letter: string) => letter.repeat(42).concat("A") as ContentId;
	const [held, lacking, unsaid] = [content("h"), content("l"), content("u")];
	const follower = { offers() {}, gone() {}, searched() {}, wants() {}, fetching() {} };
	let a: Page;
	let neighbour: End;

	const follow = (wanted: ContentId, pieceCount = 1) => {
		const following = a.swarm.follow(wanted, pieceCount, URL_OF_FILE, follower);
		following.lookup();
		return following;
	};
	const pass = (ms: number) => scene.clock.settle(scene.clock.sleep(ms));
	const say = (...messages: object[]) => {
		for (const message of messages) neighbour.link.sendControl(JSON.stringify(message));
	};
	/** What the neighbour was told of what is wanted. */
	const wants = () =>
		neighbour.control.map((text) => JSON.parse(text) as { type: string }).filter(({ type }) => type === "want");

	beforeEach(async () => {
		const { exchange } = scene;
		a = new Page(scene, "a");
		const name = id("neighbour");
		neighbour = new End(exchange.network.makeLink, true, (body) => exchange.pass(name, a.id, "s", body));
		exchange.raw.set(name, (_, __, body) => neighbour.link.receive(body));
		await pass(100);
		say({ type: "hello", version: 1, agent: "", features: [], outstanding: 64, credit: 0 });
		await pass(100);
		expect(a.neighbours.ready.length).toBe(1);
	});

	test("are asked for together", async () => {
		const all = [held, lacking, unsaid].map((wanted) => follow(wanted));
		await pass(20);
		expect(wants()).toEqual([{ type: "want", contents: [held, lacking, unsaid] }]);

		for (const following of all) following.close();
		await pass(20);

		expect(wants().slice(1)).toEqual([{ type: "want", contents: [held, lacking, unsaid], stop: true }]);
	});

	test("are looked up at the tracker where the neighbours have nothing of them, or do not say", async () => {
		for (const wanted of [held, lacking, unsaid]) follow(wanted);
		await pass(20);
		expect(scene.tracker.lookups).toBe(0);

		say({ type: "have", content: held, complete: true }, { type: "have", content: lacking, pieces: "AA" });
		await pass(20);
		expect(scene.tracker.lookups).toBe(1);

		await pass(200);
		expect(scene.tracker.lookups).toBe(2);
	});

	test("are looked up when the neighbour leaves that was to answer, but not for a reader who has left", async () => {
		const left = follow(lacking);
		follow(unsaid);
		await pass(20);
		left.close();

		neighbour.link.close();
		await pass(20);

		expect(scene.tracker.lookups).toBe(1);
	});

	test("are wanted anew after a stop, which tells that what was promised of them is not held to", async () => {
		follow(held).close();
		await pass(20);
		expect(wants()).toEqual([]);
		const first = follow(held);
		await pass(20);

		first.close();
		const again = follow(held);
		await pass(20);
		const twice = follow(held);
		again.close();
		twice.close();
		await pass(20);

		const [want, stop] = [
			{ type: "want", contents: [held] },
			{ type: "want", contents: [held], stop: true },
		];
		expect(wants()).toEqual([want, stop, want, stop]);
	});

	test("are looked up where the neighbour that has them gives nothing", async () => {
		say({ type: "choke" });
		follow(held);
		await pass(20);

		say({ type: "have", content: held, complete: true });
		await pass(20);

		expect(scene.tracker.lookups).toBe(1);
	});

	test("are looked up once where they are to be looked up again meanwhile", async () => {
		const following = follow(held);
		following.lookup();
		await pass(20);
		say({ type: "have", content: held, complete: true });
		await pass(20);

		expect(scene.tracker.lookups).toBe(1);
		expect(following.search.lookup).toBe("answered");
	});

	test("are so unlike a resource of many pieces, whose holders are all to be known", async () => {
		follow(held, 2);
		await pass(0);

		expect(scene.tracker.lookups).toBe(1);
	});
});

test("an HTTP holder that sends wrong bytes is asked once, and for nothing more", async () => {
	const requested: string[] = [];
	vi.stubGlobal("fetch", async (url: string) => {
		requested.push(url);
		const index = Number(url.split("/").pop());
		return new Response(new Uint8Array(scene.layout.length(index)));
	});
	scene.tracker.http = ["https://tracker.test/"];
	const a = new Page(scene, "a");

	expect(same(await scene.clock.settle(a.download()))).toBe(true);

	expect(requested.length).toBeGreaterThan(0);
	expect(requested.length).toBeLessThanOrEqual(6);
	expect(requested[0]).toBe(`https://tracker.test/pieces/${scene.layout.contentId}/1`);
});
