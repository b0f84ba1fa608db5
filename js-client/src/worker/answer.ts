import type { Bytes } from "../protocol/bytes.ts";
import type { Entry } from "../protocol/catalog.ts";
import type { ContentId } from "../protocol/ids.ts";
import { decodeLayout, type Layout } from "../protocol/layout.ts";
import { parseRange } from "../protocol/range.ts";
import type { PieceStore } from "../store/piece-store.ts";
import { bounds, type ResponseHead, responseHead } from "../transfer/response-head.ts";
import { Exchange } from "./exchange.ts";
import { ownBytes, type Sources } from "./own-bytes.ts";
import { chunks, relay, streamOf } from "./relay.ts";

/** One request that the site admits and the catalog has an entry of. */
export interface Question {
	/** Canonical. */
	readonly url: string;
	readonly range: string | null;
	readonly entry: Entry;
	/** Pages to ask, one after the other. */
	pages: readonly MessagePort[];
	/** How long a page may be silent at first. */
	patienceMs: number;
	/** Whether only a page that has served the URL before may answer. */
	readonly continued: boolean;
	/** Whether the worker may answer from the store when no page does. */
	readonly alone: boolean;
	readonly abort: AbortController;
}

export interface AnswerWorld extends Sources {
	readonly store: PieceStore;
	nowSeconds(): number;
	/** The layout's bytes, from anyone. */
	fetchLayout(content: ContentId): Promise<Uint8Array<ArrayBuffer>>;
	/** A page gave all of a resource of one piece: it writes that to the store, if it is not left before. */
	gave(layout: Layout, bytes: Bytes): void;
}

/**
 * Answers a request: by a page, else from the store when it has everything. Null: not to be answered here. `ended` is called
 * when the answer's body has ended.
 */
export async function answer(world: AnswerWorld, question: Question, ended: () => void): Promise<Response | null> {
	const pages = [...question.pages];
	for (let page = pages.shift(); page; page = pages.shift()) {
		const asked = await ask(page, question, question.range);
		if (asked === "none") return null;
		if (asked === "silent") continue;
		const { exchange, head } = asked;
		const { entry } = question;
		const { begin, end } = sentRange(head.headers, entry.size);
		let body = chunks(exchange);
		if (head.content) body = relay(body, begin, end, resumption(world, question, pages, head.content, end));
		if (head.content === entry.content && entry.layout?.pieceCount === 1) body = watched(world, entry.layout, body);
		return new Response(streamOf(body, question.abort, ended), head);
	}
	return question.alone ? alone(world, question, ended) : null;
}

type Head = { readonly status: number; readonly headers: Record<string, string>; readonly content: ContentId | null };

/** Asks one page; `silent` also when it goes before it has answered. */
async function ask(
	page: MessagePort,
	{ abort, continued, patienceMs, url }: Question,
	range: string | null,
): Promise<{ exchange: Exchange; head: Head } | "none" | "silent"> {
	const exchange = new Exchange(page, { type: "fetch", url, range, continued }, abort.signal);
	const first = await exchange.first(patienceMs);
	const supply = first?.type === "ack" ? await exchange.next() : first;
	if (supply?.type === "head") return { exchange, head: supply };
	exchange.close();
	return supply?.type === "none" ? "none" : "silent";
}

/** Hands on a body; tells of it when it was all of the resource. */
async function* watched(
	world: AnswerWorld,
	layout: Layout,
	body: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
	const whole = new Uint8Array(layout.size);
	let at = 0;
	for await (const bytes of body) {
		whole.set(bytes, at);
		at += bytes.length;
		yield bytes;
	}
	void layout.verify(0, whole).then((right) => right && world.gave(layout, whole));
}

/** First byte that a response carries, and the one after its last, by its headers. */
function sentRange(headers: Record<string, string>, size: number): { begin: number; end: number } {
	const [, first = "0", last = size - 1] = /^bytes (\d+)-(\d+)/.exec(headers["content-range"] ?? "") ?? [];
	return { begin: Number(first), end: headers["content-length"] === "0" ? Number(first) : Number(last) + 1 };
}

/**
 * How the rest of a body is had that broke off at some byte, in the same version: from the other pages, at last by the worker
 * itself.
 */
export function resumption(
	world: AnswerWorld,
	question: Question,
	pages: MessagePort[],
	content: ContentId,
	end: number,
): (at: number) => Promise<AsyncGenerator<Uint8Array, void> | null> {
	const { abort, entry, url } = question;
	let exhausted = entry.content !== content;
	return async (at) => {
		for (let page = pages.shift(); page && !abort.signal.aborted; page = pages.shift()) {
			const asked = await ask(page, question, `bytes=${at}-${end - 1}`);
			if (typeof asked !== "object") continue;
			const { exchange, head } = asked;
			if (head.content === content && sentRange(head.headers, entry.size).begin === at) return chunks(exchange);
			exchange.close();
		}
		if (exhausted || abort.signal.aborted) return null;
		exhausted = true;
		const layout = await layoutOf(world, entry);
		return layout && ownBytes(world, { url, layout, ranges: entry.ranges }, at, end, abort.signal);
	};
}

async function layoutOf({ fetchLayout, store }: AnswerWorld, { content, layout }: Entry): Promise<Layout | null> {
	if (layout) return layout;
	try {
		const known = await decodeLayout((await store.layout(content)) ?? (await fetchLayout(content)));
		return known.contentId === content ? known : null;
	} catch {
		return null; // without a layout nothing can be verified
	}
}

/** From the store, when it holds all that was asked for and the entry is fresh. */
async function alone(world: AnswerWorld, question: Question, ended: () => void): Promise<Response | null> {
	const { abort, entry, range: header, url } = question;
	if (entry.freshUntil < world.nowSeconds()) return null;
	const range = parseRange(header, entry.size);
	// the store has the layout of what it has all of: the tracker, which may be gone, is not waited for
	const known = { ...world, fetchLayout: () => Promise.reject() };
	const layout = range.type === "unsatisfiable" ? null : await layoutOf(known, entry);
	if (!layout) return null;
	const { begin, end } = bounds(range, entry.size);
	if (layout.pieceCount === 1) return onePiece(world, layout, begin, end, responseHead(entry, range), ended);
	const held = await world.store.held(entry.content);
	for (let index = Math.floor(begin / layout.pieceLength); layout.offset(index) < end; index++) {
		if (!held.has(index)) return null;
	}
	const body = ownBytes(world, { url, layout, ranges: entry.ranges }, begin, end, abort.signal);
	return new Response(streamOf(body, abort, ended), responseHead(entry, range));
}

/** Pages have many small resources, so what can be had at once is not streamed. */
async function onePiece(
	{ count, store }: AnswerWorld,
	layout: Layout,
	begin: number,
	end: number,
	head: ResponseHead,
	ended: () => void,
): Promise<Response | null> {
	const bytes = await store.read(layout.contentId, 0);
	if (!bytes || !(await layout.verify(0, bytes))) return null;
	count("store", end - begin);
	ended();
	return new Response(bytes.subarray(begin, end), head);
}
