import type { Bytes } from "../protocol/bytes.ts";
import type { Layout } from "../protocol/layout.ts";
import type { PieceStore } from "../store/piece-store.ts";
import type { Following, Swarm } from "../transfer/source.ts";
import { Transfer } from "../transfer/transfer.ts";

/** Where bytes are read without a page. */
export interface Sources {
	readonly store: Pick<PieceStore, "held" | "read" | "write">;
	readonly fetch: typeof fetch;
	count(from: "store" | "origin", bytes: number): void;
}

/** What is read: the resource at one version. */
export interface Wanted {
	/** Canonical. */
	readonly url: string;
	readonly layout: Layout;
	/** Whether the origin serves ranges. */
	readonly ranges: boolean;
}

const ALONE: Following = {
	search: { self: null, unanswered: 0, lookup: "answered", coming: 0 },
	lookup() {},
	close() {},
};

/** Service workers meet no peers. */
const NOBODY: Swarm = { follow: () => ALONE, share() {}, fetching() {}, layout: async () => null };

/**
 * Bytes from `begin` to before `end`, from the store or the origin, each piece verified before any of it is given. Fails when
 * the origin has another version by now.
 *
 * @param writes gets what ends when the store has what the origin gave
 */
export async function* ownBytes(
	{ count, fetch, store }: Sources,
	wanted: Wanted,
	begin: number,
	end: number,
	signal: AbortSignal,
	writes: Promise<unknown>[] = [],
): AsyncGenerator<Bytes, void> {
	const { layout } = wanted;
	const world = {
		store: {
			// what a disk has spoilt is not held
			read: async (...piece: Parameters<PieceStore["read"]>) => {
				const bytes = await store.read(...piece);
				return bytes && (await layout.verify(piece[1], bytes)) ? bytes : null;
			},
			write: (...piece: Parameters<PieceStore["write"]>) => {
				const written = store.write(...piece);
				writes.push(written);
				return written;
			},
		},
		swarm: NOBODY,
		tally: {
			origin: (bytes: number) => count("origin", bytes),
			verified: ({ source, bytes }: { source: string; bytes: number }) => source === "store" && count(source, bytes),
			rejected() {},
			contradicted() {},
		},
		origins: new Map(),
		fetch,
		nowMs: () => performance.now(),
		every: (ms: number, callback: () => void) => {
			const timer = setInterval(callback, ms);
			return () => clearInterval(timer);
		},
	};
	const reader = new Transfer(world, layout, wanted, await store.held(layout.contentId), () => {}).read(begin, end);
	signal.addEventListener("abort", () => reader.close());
	try {
		for (let bytes = await reader.next(); bytes; bytes = await reader.next()) yield bytes;
	} finally {
		reader.close();
	}
}
