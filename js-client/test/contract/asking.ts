import type { PeerSession } from "../../src/engine/peer-session.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { ContentId } from "../../src/protocol/ids.ts";

export const FILE = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA" as ContentId;
const URL_OF_FILE = "https://origin.test/file";

/** Ids as the tracker makes them, in alphabetical order. */
export const id = (name: string): string => name.padEnd(21, "_").concat("A");

export const piece = (length: number, fill: number): Bytes => new Uint8Array(length).fill(fill);

/** Asks for a piece; resolves with what becomes of it. */
export function ask(session: PeerSession, index: number, length: number) {
	const log: string[] = [];
	let bytes: Bytes | null = null;
	const cancel = session.request(
		{ content: FILE, piece: index, length, url: URL_OF_FILE },
		{
			progress: () => log.push("progress"),
			landed: (landed) => {
				log.push("landed");
				bytes = landed;
			},
			failed: (gone) => log.push(gone ? "gone" : "failed"),
		},
	);
	return { log, cancel, bytes: () => bytes };
}

export function fail(): never {
	throw new Error("missing");
}
