import { beforeEach, describe, expect, test } from "vitest";
import { ask, FILE, fail, id, piece } from "../../test/contract/asking.ts";
import { Exchange, Party, settle } from "../../test/contract/party.ts";
import { End } from "../../test/contract/peer-link.ts";
import { encodeBlock } from "../protocol/block.ts";
import type { PeerId } from "../protocol/ids.ts";

let exchange: Exchange;
beforeEach(() => {
	exchange = new Exchange();
});

/** Connects a peer that speaks by hand. */
async function byHand(party: Party, hello = true): Promise<End> {
	const name = id("hostile") as PeerId;
	const end: End = new End(exchange.network.makeLink, true, (body) => exchange.pass(name, party.id, "s", body));
	exchange.raw.set(name, (_, __, body) => end.link.receive(body));
	await end.until("opened", () => end.opened === 1);
	if (hello) {
		const said = { type: "hello", version: 1, agent: "", features: [], outstanding: 64, credit: 0 };
		end.link.sendControl(JSON.stringify(said));
		await party.until(() => party.ready.length === 1);
	}
	return end;
}

describe("what follows the own hello at once", () => {
	const types = (end: End) => end.control.map((text) => (JSON.parse(text) as { type: string }).type);

	test("is what one wants to know", async () => {
		const party = new Party(exchange, id("a"));
		party.follows.set(FILE, 3);

		const end = await byHand(party, false);
		await settle();

		expect(types(end)).toEqual(["hello", "want", "ping"]);
		expect(party.ready).toEqual([]);
	});

	test("is, before that, that one gives nothing", async () => {
		const party = new Party(exchange, id("a"));
		party.follows.set(FILE, 3);
		party.gives = false;

		const end = await byHand(party, false);
		await settle();

		expect(types(end)).toEqual(["hello", "choke", "want", "ping"]);
	});
});

describe("while nothing comes of what was asked for", () => {
	const pings = (end: End): unknown[] =>
		end.control
			.map((text) => JSON.parse(text) as { type: string; nonce: number; reply?: boolean })
			.filter(({ type, reply }) => type === "ping" && !reply)
			.map(({ nonce }) => nonce);
	/** Of some requests a regular ping is sent as well, when time passes: it has a nonce of its own. */
	const probes = (end: End): number => {
		const nonces = pings(end);
		return nonces.filter((nonce) => nonce !== nonces[0]).length;
	};

	test("three packets are sought that show which before them was lost, once", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);
		ask(party.ready[0] ?? fail(), 0, 65_536);

		exchange.tick(40);
		await settle();
		expect(probes(end)).toBe(0);
		for (const _ of [1, 2, 3]) exchange.tick(40);
		await settle();

		expect(probes(end)).toBe(3);
	});

	test("after some has come they are sought anew; with nothing asked for they are not", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);
		const asked = ask(party.ready[0] ?? fail(), 0, 65_536);
		exchange.tick(100);

		end.link.sendBlock(encodeBlock({ requestId: 1, offset: 0, payload: piece(32_768, 0) }));
		await settle();
		exchange.tick(1000);
		await settle();
		expect(probes(end)).toBe(6);
		end.link.sendBlock(encodeBlock({ requestId: 1, offset: 32_768, payload: piece(32_768, 0) }));
		await settle();
		exchange.tick(1000);
		exchange.tick(1000);
		await settle();

		expect(asked.log).toEqual(["progress", "landed"]);
		expect(probes(end)).toBe(6);
	});

	test("a neighbour that is slow is given the time that its blocks take", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);
		const session = party.ready[0] ?? fail();
		ask(session, 0, 65_536);
		session.estimate.bytesPerMs = 32;

		exchange.tick(1500);
		await settle();
		expect(probes(end)).toBe(0);
		exchange.tick(1000);
		await settle();

		expect(probes(end)).toBe(3);
	});
});

describe("a neighbour that breaks the protocol", () => {
	const closeCode = (end: End): unknown =>
		end.control.map((text) => JSON.parse(text) as { type: string; code?: number }).find(({ type }) => type === "close")
			?.code;

	test.each([
		["says something before its hello", false, '{"type":"ping","nonce":1}', 4400],
		[
			"says hello twice",
			true,
			'{"type":"hello","version":1,"agent":"","features":[],"outstanding":1,"credit":0}',
			4400,
		],
		["talks nonsense", true, "{", 4400],
		["breaks a field's limit", true, '{"type":"ping","nonce":-1}', 4400],
	])("is left when it %s", async (_, hello, text, code) => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party, hello);

		end.link.sendControl(text);
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(code);
		expect(party.neighbours.sessions).toEqual([]);
	});

	test("is left when it sends a block that nobody asked for", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);

		end.link.sendBlock(encodeBlock({ requestId: 1, offset: 0, payload: piece(10, 0) }));
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(4405);
	});

	test.each([
		["twice", [0, 0], 32_768],
		["past what was asked for", [65_536], 32_768],
		["of another length", [0], 100],
	])("is left when it sends a block %s", async (_, offsets, length) => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);
		const asked = ask(party.ready[0] ?? fail(), 0, 65_536);

		for (const offset of offsets) {
			end.link.sendBlock(encodeBlock({ requestId: 1, offset, payload: piece(length, 0) }));
		}
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(4405);
		expect(asked.log.at(-1)).toBe("failed");
	});

	test("is left when it follows too much", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);
		const content = (n: number) => `${String(n).padStart(42, "A")}A`;

		for (let i = 0; i < 17; i++) {
			const contents = Array.from({ length: 64 }, (_, k) => content(i * 64 + k));
			end.link.sendControl(JSON.stringify({ type: "want", contents }));
		}
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(4429);
	});

	test("is left when it floods", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);

		for (let i = 0; i < 4100; i++) end.link.sendControl('{"type":"ping","nonce":1,"reply":true}');
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(4429);
	});

	test("is left when it has been silent for too long", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);

		exchange.tick(10_000);
		exchange.tick(21_000);
		await end.until("closed", () => end.closed === 1);

		expect(closeCode(end)).toBe(4410);
	});

	test("keeps its connection when it uses words of the future", async () => {
		const party = new Party(exchange, id("a"));
		const end = await byHand(party);

		end.link.sendControl('{"type":"sing","song":"x"}');
		end.link.sendControl('{"type":"ping","nonce":5}');
		await end.until("a pong", () => end.control.some((text) => text.includes('"nonce":5')));

		expect(end.closed).toBe(0);
	});
});
