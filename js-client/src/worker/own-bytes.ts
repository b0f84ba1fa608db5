import type { Bytes } from "../protocol/bytes.ts";
import type { Layout } from "../protocol/layout.ts";
import type { PieceStore } from "../store/piece-store.ts";

/** Where bytes are read without a page. */
export interface Sources {
	readonly store: PieceStore;
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

/**
 * Bytes from `begin` to before `end`, from the store or the origin, each piece verified before any of it is given. Fails when
 * the origin has another version by now.
 */
export async function* ownBytes(
	sources: Sources,
	wanted: Wanted,
	begin: number,
	end: number,
	signal: AbortSignal,
): AsyncGenerator<Bytes, void> {
	const { layout } = wanted;
	const { contentId, pieceLength } = layout;
	const held = await sources.store.held(contentId);
	const last = Math.ceil(end / pieceLength);
	for (let index = Math.floor(begin / pieceLength); index < last; ) {
		const offset = layout.offset(index);
		const inside = (piece: Bytes, at = offset) => piece.subarray(Math.max(0, begin - at), end - at);
		const stored = held.has(index) ? await sources.store.read(contentId, index) : null;
		if (stored && (await layout.verify(index, stored))) {
			sources.count("store", stored.length);
			yield inside(stored);
			index++;
			continue;
		}
		held.delete(index);
		let to = index + 1;
		while (to < last && !held.has(to)) to++;
		for await (const piece of originPieces(sources, wanted, index, to, signal)) {
			yield inside(piece, layout.offset(index++));
		}
	}
}

/** Pieces `from` to before `to`, from the origin; they are kept. */
async function* originPieces(
	{ count, fetch, store }: Sources,
	{ layout, ranges, url }: Wanted,
	from: number,
	to: number,
	signal: AbortSignal,
): AsyncGenerator<Bytes, void> {
	const end = layout.offset(to - 1) + layout.length(to - 1);
	const headers = { range: `bytes=${layout.offset(from)}-${end - 1}` };
	const { body, status } = await fetch(url, { cache: "no-store", signal, ...(ranges && { headers }) });
	if (!body || (status !== 200 && status !== 206)) throw new TypeError(`the origin answers ${status}`);
	const reader = body.getReader();
	try {
		let rest = new Uint8Array();
		for (let index = status === 206 ? from : 0; index < to; index++) {
			const piece = new Uint8Array(layout.length(index));
			for (let filled = 0; filled < piece.length; ) {
				const { done, value } = rest.length ? { done: false, value: rest } : await reader.read();
				if (done) throw new TypeError("the origin's response is short");
				if (value !== rest) count("origin", value.length);
				const part = value.subarray(0, piece.length - filled);
				piece.set(part, filled);
				filled += part.length;
				rest = value.slice(part.length);
			}
			if (index < from) continue;
			if (!(await layout.verify(index, piece))) throw new TypeError("the origin has another version");
			void store.write(layout.contentId, layout.pieceCount, index, piece); // does not reject
			yield piece;
		}
	} finally {
		await reader.cancel();
	}
}
