import { expect, test } from "vitest";
import { layoutOf } from "../../test/protocol/signer.ts";
import { MemoryPieceStore } from "../../test/store/memory-store.ts";
import type { Bytes } from "../protocol/bytes.ts";
import { parseRange } from "../protocol/range.ts";
import { WINDOW_BYTES } from "./plan.ts";
import { bounds } from "./response-head.ts";
import { Transfer } from "./transfer.ts";

/** Says which pieces it was asked for. */
class WatchedStore extends MemoryPieceStore {
	readonly asked: number[] = [];

	override read(...[content, index]: Parameters<MemoryPieceStore["read"]>) {
		this.asked.push(index);
		return super.read(content, index);
	}
}

test("what a reader has passed stays in memory for another one as far as that reads soon, and is read again beyond", async () => {
	const all: Bytes = new Uint8Array(WINDOW_BYTES + 1_500_000).map((_, at) => at ^ (at >> 8) ^ (at >> 16));
	const layout = await layoutOf(all);
	const store = new WatchedStore();
	const world = {
		store,
		swarm: {
			follow: () => ({
				search: { self: null, unanswered: 0, lookup: "answered" as const, coming: 0 },
				lookup() {},
				close() {},
			}),
			share() {},
			fetching() {},
			layout: async () => null,
		},
		tally: { origin() {}, verified() {}, rejected() {}, contradicted() {} },
		origins: new Map(),
		fetch: async (_: RequestInfo | URL, init?: RequestInit) => {
			const range = parseRange(new Headers(init?.headers).get("range"), all.length);
			const { begin, end } = bounds(range, all.length);
			return new Response(all.slice(begin, end), { status: range.type === "part" ? 206 : 200 });
		},
		nowMs: () => performance.now(),
		every: () => () => {},
	};
	const transfer = new Transfer(world, layout, { url: "https://site.example/film", ranges: true }, new Set(), () => {});
	const still = transfer.read(0, all.length);
	const other = transfer.read(0, all.length);
	const first = await still.next();
	while (await other.next());
	expect(store.asked).toEqual([]);

	let at = first?.length ?? 0;
	for (let bytes = await still.next(); bytes; bytes = await still.next()) {
		expect(Buffer.compare(bytes, all.subarray(at, at + bytes.length)), `bytes from ${at}`).toBe(0);
		at += bytes.length;
	}

	expect(at).toBe(all.length);
	const beyond = 1 + WINDOW_BYTES / layout.pieceLength;
	expect(store.asked).toEqual(Array.from({ length: layout.pieceCount - beyond }, (_, n) => beyond + n));
});
