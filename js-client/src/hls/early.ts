import type { Client } from "../page/client.ts";

/** Length of the pieces of all but huge resources (docs/protocol.md §3.2). */
const PIECE_BYTES = 262_144;

/** What of the client is used. */
export type Rivulet = Pick<Client, "open" | "share" | "catalog" | "on">;

export interface Loaded {
	readonly response: Response;
	readonly parts: Uint8Array<ArrayBuffer>[];
}

const rangeOf = (init: RequestInit, range: string): RequestInit => ({
	...init,
	headers: { ...init.headers, range: `bytes=${range}` } as Record<string, string>,
});

/** What tells two versions apart; only some of it is shown to pages of other origins. */
const version = ({ headers }: Response): string | null => headers.get("etag") ?? headers.get("last-modified");

/**
 * Loads a resource while the client does not know the catalog yet: from the network at once, but the first piece first, so
 * that peers can have the rest if the catalog comes meanwhile.
 *
 * @param init its headers are an object
 * @param came is told of bytes as they come
 * @returns all of it; "begun": the client has what was loaded, and is to be asked for all; null: to be loaded anew
 */
export async function loadEarly(
	rivulet: Rivulet,
	url: string,
	init: RequestInit,
	came: (bytes: number) => void,
): Promise<Loaded | "begun" | null> {
	const response = await fetch(url, rangeOf(init, `0-${PIECE_BYTES - 1}`));
	const parts: Uint8Array<ArrayBuffer>[] = [];
	const one = response.status === 206;
	if (!response.ok) return null;
	let rest: Promise<Response> | null = null;
	const askRest = () => {
		const asked = fetch(url, rangeOf(init, `${PIECE_BYTES}-`));
		asked.catch(() => {}); // whoever awaits it is told
		return asked;
	};
	let loaded = 0;
	await read(response, parts, (bytes) => {
		came(bytes);
		loaded += bytes;
		// not at the end: that would cost a round trip
		if (one && loaded >= PIECE_BYTES / 2 && rivulet.catalog !== "known") rest ??= askRest();
	});
	if (!one || loaded < PIECE_BYTES) return { response, parts };
	if (!rest && (await rivulet.share(url, await joined(parts)))) return "begun";
	const second = await (rest ?? askRest());
	if (second.status === 416) return { response, parts };
	// never parts of two versions
	if (second.status !== 206 || !version(response) || version(second) !== version(response)) {
		await second.body?.cancel();
		return null;
	}
	await read(second, parts, came);
	return { response, parts };
}

/** Hands over what the network's loader has got, as soon as the client can take it. */
export function shareLater(rivulet: Rivulet, url: string, bytes: Uint8Array<ArrayBuffer>): void {
	const share = () => void rivulet.share(url, bytes);
	if (rivulet.catalog !== "coming") {
		share();
		return;
	}
	const end = rivulet.on("ready", () => {
		end();
		share();
	});
}

export const joined = async (parts: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> =>
	new Uint8Array(await new Blob(parts).arrayBuffer());

/** Reads a body to its end. Rejects when it breaks off. */
export async function read(
	{ body }: Response,
	parts: Uint8Array<ArrayBuffer>[],
	came: (bytes: number) => void,
): Promise<void> {
	const reader = body?.getReader();
	for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
		parts.push(next.value);
		came(next.value.length);
	}
}
