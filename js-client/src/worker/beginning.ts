import type { Bytes } from "../protocol/bytes.ts";
import type { Layout } from "../protocol/layout.ts";
import { parseRange } from "../protocol/range.ts";
import { bounds, responseHead } from "../transfer/response-head.ts";
import { type AnswerWorld, type Question, resumption } from "./answer.ts";
import { ownBytes } from "./own-bytes.ts";
import { relay, streamOf } from "./relay.ts";

/**
 * Pieces that the origin gives one by one. The next ones come once neighbours had their chance to be found, so many at a time:
 * with one, a round trip for each would be waited for.
 */
const PIECES = 2;

/** What goes on around it. */
export interface Meanwhile {
	/** Whether the page's neighbours are there by now, or are not waited for any more. */
	isOver(): boolean;
	/** Resolves when that is so, or when they had their chance to be found. */
	readonly over: Promise<unknown>;
	/** Who can be asked for the rest. */
	pages(): Promise<MessagePort[]>;
	/** What the origin gave is in the store. */
	kept(): void;
}

/**
 * Answers a request for a resource of several pieces before the page's neighbours are there. The origin gives the beginning, a
 * little at a time, each piece verified before it is given; the page gives the rest as soon as they are. Null: not to be
 * answered so, as when the origin has another version.
 */
export async function answerBeginning(
	world: AnswerWorld,
	question: Question,
	layout: Layout,
	meanwhile: Meanwhile,
	ended: () => void,
): Promise<Response | null> {
	const { abort, entry, range: header, url } = question;
	const range = parseRange(header, entry.size);
	if (range.type === "unsatisfiable") return null;
	const { begin, end } = bounds(range, entry.size);
	const writes: Promise<unknown>[] = [];
	async function* beginning(): AsyncGenerator<Bytes, void> {
		const { pieceLength } = layout;
		const afterFirst = begin + PIECES * pieceLength;
		for (let at = begin; at < end && !meanwhile.isOver(); ) {
			const pieces = at < afterFirst ? 1 : PIECES;
			const to = Math.min(end, layout.offset(Math.floor(at / pieceLength) + pieces));
			yield* ownBytes(world, { url, layout, ranges: true }, at, to, abort.signal, writes);
			at = to;
			if (at >= afterFirst && at < end) await meanwhile.over;
		}
		void Promise.all(writes).then(meanwhile.kept);
	}
	const source = beginning();
	const first = await source.next().catch(() => null);
	if (!first?.value) return null;
	const { value } = first;
	async function* all(): AsyncGenerator<Bytes, void> {
		yield value;
		yield* source;
	}
	let resume: ReturnType<typeof resumption> | undefined;
	const rest = async (at: number) => {
		resume ??= resumption(world, question, await meanwhile.pages(), entry.content, end);
		return resume(at);
	};
	return new Response(streamOf(relay(all(), begin, end, rest), abort, ended), responseHead(entry, range));
}
