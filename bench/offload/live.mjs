// A live stream of this machine: the origin lets segments appear as time goes by, and a publisher beside it tells the tracker.
import { createHash } from "node:crypto";

/** Pieces of resources up to 1 GiB, bytes (docs/protocol.md, section 3). */
const PIECE_BYTES = 262_144;

/** The layout of a body, as publishers make it. */
function layoutOf(body) {
	const head = Buffer.from("RVL1............");
	head.writeBigUInt64BE(BigInt(body.length), 4);
	head.writeUInt32BE(PIECE_BYTES, 12);
	const hashes = [];
	for (let at = 0; at < body.length; at += PIECE_BYTES)
		hashes.push(
			createHash("sha256")
				.update(body.subarray(at, at + PIECE_BYTES))
				.digest(),
		);
	return Buffer.concat([head, ...hashes]);
}

/**
 * Publishes each segment when it appears, over the tracker's API, as a program beside a packager would.
 *
 * @param {{url: string, body: Buffer, atMs: number}[]} segments with the time, milliseconds since the epoch
 * @returns ends it
 */
export function publishAlong(segments, publish, onError) {
	const timers = segments.map(({ url, body, atMs }) =>
		setTimeout(() => {
			const headers = { "content-type": "video/mp2t", "access-control-allow-origin": "*" };
			const entry = { url, layout: layoutOf(body).toString("base64url"), headers, maxAge: 3600, ranges: true };
			publish([entry]).catch(onError);
		}, atMs - Date.now()),
	);
	return () => timers.forEach(clearTimeout);
}
