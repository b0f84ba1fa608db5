import { beforeEach, describe, expect, test } from "vitest";
import { ask, FILE, fail, id, piece } from "../../test/contract/asking.ts";
import { Exchange, Party, settle } from "../../test/contract/party.ts";
import type { Bytes } from "../protocol/bytes.ts";
import type { PeerId } from "../protocol/ids.ts";
import { PAGE_SLOTS } from "../transfer/choking.ts";
import { MAX_NEIGHBOURS } from "./neighbours.ts";
import type { PeerSession } from "./peer-session.ts";

let exchange: Exchange;
beforeEach(() => {
	exchange = new Exchange();
});

async function meet(a: Party, b: Party): Promise<PeerSession> {
	a.neighbours.connect(b.id, b.role);
	await settle();
	const session = a.neighbours.session(b.id);
	if (session?.state !== "ready") throw new Error(`they did not meet: ${session?.state}`);
	return session;
}

describe("meeting", () => {
	test("who looked the other up offers, and both are ready after their hellos", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];

		await meet(a, b);

		expect(a.ready.length).toBe(1);
		expect(b.ready.map((session) => session.id)).toEqual([a.id]);
	});

	test.each([
		["a", "b"],
		["b", "a"],
	])("when both offer at once one connection stands (%s, %s)", async (first, second) => {
		const [a, b] = [new Party(exchange, id(first)), new Party(exchange, id(second))];

		a.neighbours.connect(b.id, "page");
		b.neighbours.connect(a.id, "page");
		await settle();

		expect(a.neighbours.ready.length).toBe(1);
		expect(b.neighbours.ready.length).toBe(1);
		expect(a.ready.length + b.ready.length).toBe(2);
	});

	test("a second connection to the same peer is not made", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		await meet(a, b);

		expect(a.neighbours.connect(b.id, "page")).toBe(true);
		await settle();

		expect(b.ready.length).toBe(1);
	});

	test("other servers are for the connections that are made from then on", async () => {
		const [a, b, c] = [new Party(exchange, id("a")), new Party(exchange, id("b")), new Party(exchange, id("c"))];
		await meet(a, b);
		const servers = [{ urls: ["turn:t.example"] }];

		a.neighbours.ice = servers;
		await meet(a, c);

		expect(a.servers).toEqual([[], servers]);
		expect(a.neighbours.ready.length).toBe(2);
	});

	test("who meets edges only refuses other pages, whatever they offer", async () => {
		const shy = new Party(exchange, id("a"), { edgesOnly: true });
		const page = new Party(exchange, id("b"));
		const edge = new Party(exchange, id("c"), { role: "edge" });

		expect(shy.neighbours.connect(page.id, "page")).toBe(false);
		page.neighbours.connect(shy.id, "page");
		edge.neighbours.connect(shy.id, "page");
		await settle();

		expect(shy.neighbours.ready.map(({ kind }) => kind)).toEqual(["edge"]);
		expect(page.neighbours.sessions).toEqual([]);
	});

	test("who comes to meet edges only leaves the pages it has met", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const edge = new Party(exchange, id("c"), { role: "edge" });
		await meet(a, b);
		await meet(a, edge);

		a.neighbours.meet(true);
		await settle();

		expect(a.neighbours.ready.map(({ kind }) => kind)).toEqual(["edge"]);
		expect(b.neighbours.sessions).toEqual([]);
		a.neighbours.meet(false);
		await meet(a, b);
	});

	test("tabs of one profile part when they learn of each other, and do not meet again", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		await meet(a, b);

		a.neighbours.sibling(b.id);
		await settle();

		expect(b.neighbours.sessions).toEqual([]);
		expect(a.neighbours.connect(b.id, "page")).toBe(false);
		b.neighbours.connect(a.id, "page");
		await settle();
		expect(a.neighbours.sessions).toEqual([]);
	});

	test("no more neighbours than the limit, unless one was of no use", async () => {
		const a = new Party(exchange, id("a"));
		for (let i = 0; i < MAX_NEIGHBOURS; i++) await meet(a, new Party(exchange, id(`n${i}`)));
		const late = new Party(exchange, id("z"));

		expect(a.neighbours.connect(late.id, "page")).toBe(false);
		exchange.nowMs += 11_000;
		expect(a.neighbours.connect(late.id, "page")).toBe(true);

		await settle();
		expect(a.neighbours.ready.length).toBe(MAX_NEIGHBOURS);
	});

	test("somebody who has left is not waited for, nor tried again soon", () => {
		const a = new Party(exchange, id("a"));
		const gone = id("gone") as PeerId;
		a.neighbours.connect(gone, "page");

		a.neighbours.unknown(gone);

		expect(a.closed.length).toBe(1);
		expect(a.neighbours.connect(gone, "page")).toBe(false);
		exchange.nowMs += 31_000;
		expect(a.neighbours.connect(gone, "page")).toBe(true);
	});
});

describe("exchanging", () => {
	test("a peer says what it holds when asked, and as it changes", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(10, 1), null, piece(10, 3)]);
		const session = await meet(a, b);

		session.follow(new Map([[FILE, 3]]));
		session.tellWants();
		await settle();
		const shelved = b.shelf.get(FILE);
		shelved?.holdings.add(1);
		for (const { id: other } of [a]) b.neighbours.session(other)?.tell(FILE, shelved?.holdings ?? fail(), [1]);
		await settle();

		expect(a.heard.map(({ pieces }) => pieces)).toEqual([
			[0, 2],
			[0, 1, 2],
		]);
	});

	test("who holds nothing says so at once", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const session = await meet(a, b);

		session.follow(new Map([[FILE, 3]]));
		session.tellWants();
		await settle();

		expect(a.heard).toEqual([{ content: FILE, pieces: [] }]);
	});

	test("a piece comes whole, and is counted on both sides", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(262_144, 7)]);
		const session = await meet(a, b);

		const asked = ask(session, 0, 262_144);
		await settle();

		expect(asked.log.at(-1)).toBe("landed");
		expect(Buffer.compare(asked.bytes() ?? piece(0, 0), piece(262_144, 7))).toBe(0);
		expect([a.receivedBytes, b.uploadedBytes]).toEqual([262_144, 262_144]);
		expect(session.outstanding).toBe(0);
	});

	test("many pieces at once never put more than a send buffer on the channel, and all arrive", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(
			FILE,
			Array.from({ length: 20 }, (_, i) => piece(262_144, i)),
		);
		const session = await meet(a, b);

		const asked = Array.from({ length: 20 }, (_, i) => ask(session, i, 262_144));
		for (let i = 0; i < 10; i++) await settle();

		expect(asked.map(({ log }) => log.at(-1))).toEqual(Array(20).fill("landed"));
		expect(asked.map(({ bytes }) => bytes()?.[0])).toEqual(Array.from({ length: 20 }, (_, i) => i));
	});

	test("what is not held is refused as gone", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const session = await meet(a, b);

		const asked = ask(session, 0, 10);
		await settle();

		expect(asked.log).toEqual(["gone"]);
	});

	test("requests beyond what the other accepts at once are refused, not served", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(262_144, 1)]);
		const session = await meet(a, b);

		const asked = Array.from({ length: 70 }, () => ask(session, 0, 262_144));
		for (let i = 0; i < 10; i++) await settle();

		expect(asked.filter(({ log }) => log.at(-1) === "landed").length).toBe(64);
		expect(asked.filter(({ log }) => log.at(-1) === "failed").length).toBe(6);
	});

	test("a cancelled request stays silent, and its late blocks do no harm", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(262_144, 7)]);
		const session = await meet(a, b);

		const asked = ask(session, 0, 262_144);
		await new Promise((resolve) => setImmediate(resolve));
		asked.cancel();
		await settle();

		expect(asked.log.includes("landed")).toBe(false);
		expect(session.state).toBe("ready");
	});

	test("when a peer leaves, what was asked of it fails at once", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const session = await meet(a, b);
		b.shelf.set(FILE, { holdings: new (await import("../transfer/holdings.ts")).Holdings(1), pieces: [] });
		const asked = ask(session, 0, 1000);

		b.neighbours.close(false);
		await settle();

		expect(asked.log.at(-1)).toMatch(/failed|gone/);
		expect(a.neighbours.sessions).toEqual([]);
	});

	test("who sent a bad piece is dropped, and not met again", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const session = await meet(a, b);

		session.sentBadPiece(FILE, 0);
		await settle();

		expect(a.accused).toEqual([b.id]);
		expect(b.neighbours.sessions).toEqual([]);
		expect(a.neighbours.connect(b.id, "page")).toBe(false);
		b.neighbours.connect(a.id, "page");
		await settle();
		expect(a.neighbours.sessions).toEqual([]);
	});

	test("a layout comes in blocks", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.shelf.set(FILE, {
			holdings: new (await import("../transfer/holdings.ts")).Holdings(1),
			pieces: [],
			layout: piece(40_000, 9),
		});
		const session = await meet(a, b);
		const got = new Promise<Bytes>((resolve, reject) =>
			session.requestLayout(FILE, 40_000, { progress: () => {}, landed: resolve, failed: reject }),
		);

		expect((await got).length).toBe(40_000);
	});
});

describe("giving to others", () => {
	/** One that holds a piece, and others that each want it and have asked for it twice. */
	async function crowd(size: number) {
		const source = new Party(exchange, id("s"));
		source.offer(FILE, [piece(131_072, 1), piece(131_072, 2)]);
		source.waitMs = 1;
		const sessions: PeerSession[] = [];
		for (let i = 0; i < size; i++) sessions.push(await meet(new Party(exchange, id(`n${i}`)), source));
		const asked = sessions.map((session) => {
			session.follow(new Map([[FILE, 2]]));
			session.tellWants();
			return [ask(session, 0, 131_072), ask(session, 1, 131_072)] as const;
		});
		await settle();
		return { source, sessions, asked };
	}
	const choked = (sessions: readonly PeerSession[]) => sessions.filter(({ limit }) => limit === 0);

	test("as many as there are slots are served whatever it takes", async () => {
		const { sessions, asked } = await crowd(PAGE_SLOTS);

		for (let second = 0; second < 20; second++) {
			exchange.tick(1000);
			await settle();
			expect(choked(sessions)).toEqual([]);
		}

		expect(asked.flat().map(({ log }) => log.at(-1))).toEqual(Array(2 * PAGE_SLOTS).fill("landed"));
	});

	test("a crowd that is not kept waiting is served whole", async () => {
		const { sessions } = await crowd(PAGE_SLOTS + 3);

		exchange.tick(2000);
		await settle();

		expect(choked(sessions)).toEqual([]);
	});

	test("of a crowd that is kept waiting some are told at once to look elsewhere, and later that they need not", async () => {
		const { sessions, asked } = await crowd(PAGE_SLOTS + 3);

		exchange.tick(2001);
		await settle();

		const out = choked(sessions);
		expect(out.length).toBe(3);
		expect(sessions.filter((session) => session.limit > 0).length).toBe(PAGE_SLOTS);
		const refused = asked.filter((_, i) => sessions[i]?.limit === 0);
		// what is being sent may be finished, what waits behind it is not
		expect(refused.map(([, second]) => second.log)).toEqual(Array(3).fill(["failed"]));
		for (let second = 0; second < 40; second++) {
			exchange.tick(1000);
			await settle();
		}
		expect(choked(sessions)).toEqual([]);
		expect(refused.map(([first]) => first.log.at(-1))).toEqual(Array(3).fill("landed"));
	});

	test("who chokes is no rival and fetches nothing for others; who does so no more is again", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		const session = await meet(a, b);
		b.neighbours.session(a.id)?.follow(new Map([[FILE, 3]]));
		b.neighbours.session(a.id)?.tellWants();
		await settle();
		expect(session.wants(FILE)).toBe(true);

		b.gives = false;
		b.neighbours.choke();
		b.neighbours.session(a.id)?.tellFetching(FILE, [1], false);
		await settle();
		expect([session.wants(FILE), session.limit]).toEqual([false, 0]);

		b.gives = true;
		b.neighbours.choke();
		await settle();
		expect([session.wants(FILE), session.limit]).toEqual([true, 64]);
		expect(a.wanted).toEqual([true, false, true]);
	});

	test("who gives nothing says so before anything is asked, and sends nothing if it is asked all the same", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(10, 1)]);
		b.gives = false;
		const session = await meet(a, b);

		const asked = ask(session, 0, 10);
		await settle();

		expect(session.limit).toBe(0);
		expect(asked.log).toEqual(["failed"]);
		expect(b.uploadedBytes).toBe(0);
	});

	test("when it gives no more, what is being sent ends at once", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(262_144, 1)]);
		b.waitMs = 1;
		const session = await meet(a, b);
		const asked = ask(session, 0, 262_144);
		await settle();
		exchange.tick(1);
		await settle();
		expect(b.uploadedBytes).toBe(32_768);

		b.gives = false;
		b.neighbours.choke();
		for (let i = 0; i < 10; i++) exchange.tick(1);
		await settle();

		expect(asked.log).toEqual(["progress", "failed"]);
		expect(b.uploadedBytes).toBe(32_768);
	});

	test("a block that may not be sent any more ends the request", async () => {
		const [a, b] = [new Party(exchange, id("a")), new Party(exchange, id("b"))];
		b.offer(FILE, [piece(262_144, 1)]);
		b.waitMs = Number.POSITIVE_INFINITY;
		const session = await meet(a, b);

		const asked = ask(session, 0, 262_144);
		await settle();

		expect(asked.log).toEqual(["failed"]);
		expect(b.uploadedBytes).toBe(0);
	});
});
