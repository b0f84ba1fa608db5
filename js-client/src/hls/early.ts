import type { Client } from "../page/client.ts";

/** Length of the pieces of all but huge resources (docs/protocol.md §3.2). */
export const PIECE_BYTES = 262_144;

/** What is asked for piece by piece. */
const MAX_SINGLE_BYTES = 4 * PIECE_BYTES;

/** What of the client is used. */
export type Rivulet = Pick<Client, "open" | "share" | "catalog" | "on">;

export interface Loaded {
	readonly response: Response;
	readonly parts: Uint8Array<ArrayBuffer>[];
}

/** How long before a piece ends the next one is asked for: so many times what the first one's answer took to begin, and this. */
const AHEAD_TRIPS = 2;
const AHEAD_MS = 50;

/** How often it is looked whether what the reader has still lasts. */
const PAUSE_STEP_MS = 20;

/** Who takes what comes. */
export interface Taker {
	came(part: Uint8Array<ArrayBuffer>): void;
	/** Whether the first so many bytes, of a resource of so many, last a while: the rest can wait for the catalog. */
	lasts(bytes: number, size: number): boolean;
	/** Nothing more comes until some of that is used up. */
	paused(): void;
}

const rangeOf = (init: RequestInit, range: string): RequestInit => ({
	...init,
	headers: { ...init.headers, range: `bytes=${range}` } as Record<string, string>,
});

/** What tells two versions apart; only some of it is shown to pages of other origins. */
const version = ({ headers }: Response): string | null => headers.get("etag") ?? headers.get("last-modified");

/**
 * Loads a resource while the client does not know the catalog yet: from the network at once, but piece by piece, so that peers
 * can give the rest as soon as the catalog is there.
 *
 * @param init its headers are an object
 * @param came is told of bytes as they come
 * @returns all of it; "begun": the client has what was loaded, and is to be asked for all; null: to be loaded anew
 */
export async function loadEarly(
	rivulet: Rivulet,
	url: string,
	init: RequestInit,
	taker: Taker,
): Promise<Loaded | "begun" | null> {
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let asked = 0;
	/** The next piece, or after some all the rest. */
	const ask = (rest: boolean) => {
		const from = asked;
		asked += PIECE_BYTES;
		const answer = fetch(url, rangeOf(init, rest ? `${from}-` : `${from}-${asked - 1}`));
		answer.catch(() => {}); // whoever awaits it is told
		return answer;
	};
	const beganMs = performance.now();
	let response = await ask(false);
	const first = response;
	const aheadMs = AHEAD_TRIPS * (performance.now() - beganMs) + AHEAD_MS;
	if (!first.ok) return null;
	/** As far as pages of other origins are shown it. */
	const size = Number(/\d+$/.exec(first.headers.get("content-range") ?? "") ?? Number.POSITIVE_INFINITY);
	for (let rest = first.status !== 206; ; ) {
		let next: Promise<Response> | null = null;
		let loaded = 0;
		const startMs = performance.now();
		await read(response, parts, (part) => {
			taker.came(part);
			loaded += part.length;
			// not at the end: that would cost a round trip; nor before, as the catalog may come
			const restMs = ((PIECE_BYTES - loaded - part.length) * (performance.now() - startMs)) / loaded;
			const due = !rest && !next && loaded >= PIECE_BYTES / 4 && restMs <= aheadMs && asked < size;
			if (due && rivulet.catalog !== "known" && !taker.lasts(asked, size)) next = ask(asked >= MAX_SINGLE_BYTES);
		});
		if (rest || loaded < PIECE_BYTES) return { response: first, parts };
		const coming = () => rivulet.catalog === "coming";
		if (!next && asked < size && coming()) {
			if (taker.lasts(asked, size)) taker.paused();
			while (coming() && taker.lasts(asked, size)) await new Promise((resolve) => setTimeout(resolve, PAUSE_STEP_MS));
			if (coming()) next = ask(asked >= MAX_SINGLE_BYTES);
		}
		if (!next && (await rivulet.share(url, joined(parts)))) return "begun";
		rest = !next || asked > MAX_SINGLE_BYTES;
		response = await (next ?? ask(true));
		if (response.status === 416) return { response: first, parts };
		// never parts of two versions
		if (response.status !== 206 || !version(first) || version(response) !== version(first)) {
			await response.body?.cancel();
			return null;
		}
	}
}

/** Hands over what the network's loader has got, as soon as the client can take it. */
export function shareLater(rivulet: Rivulet, url: string, bytes: Uint8Array<ArrayBuffer>): void {
	const share = () => void rivulet.share(url, bytes);
	if (rivulet.catalog === "known") {
		share();
		return;
	}
	const end = rivulet.on("ready", () => {
		end();
		share();
	});
}

/** A copy at once: a blob's way leads through another process, which the first frame would wait for. */
export function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
	const all = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** Reads a body to its end. Rejects when it breaks off. */
export async function read(
	{ body }: Response,
	parts: Uint8Array<ArrayBuffer>[],
	came: (part: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
	const reader = body?.getReader();
	for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
		parts.push(next.value);
		came(next.value);
	}
}
