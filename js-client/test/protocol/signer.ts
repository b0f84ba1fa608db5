import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { encodeBase64Url } from "../../src/protocol/base64url.ts";
import { type Bytes, sha256, utf8 } from "../../src/protocol/bytes.ts";
import { idOf, type KeyId, type ShardHash, type UrlHash } from "../../src/protocol/ids.ts";
import { keyIdOf } from "../../src/protocol/jws.ts";
import { decodeLayout, type Layout, pieceCountOf, pieceLengthOf } from "../../src/protocol/layout.ts";
import { urlHash } from "../../src/protocol/url.ts";

/** A key pair that signs as a tracker's or a root key does. */
export class Signer {
	readonly #key: KeyObject;
	readonly publicKey: string;

	constructor() {
		const { privateKey, publicKey } = generateKeyPairSync("ed25519");
		this.#key = privateKey;
		this.publicKey = String(publicKey.export({ format: "jwk" }).x);
	}

	keyId(): Promise<KeyId> {
		return keyIdOf(this.publicKey);
	}

	async sign(typ: string, payload: object, header: object = {}): Promise<string> {
		const text = (value: object) => encodeBase64Url(utf8(JSON.stringify(value)));
		const input = `${text({ alg: "EdDSA", typ, kid: await this.keyId(), ...header })}.${text(payload)}`;
		return `${input}.${encodeBase64Url(new Uint8Array(sign(null, utf8(input), this.#key)))}`;
	}
}

export async function layoutOf(bytes: Bytes): Promise<Layout> {
	const length = pieceLengthOf(bytes.length);
	const count = pieceCountOf(bytes.length);
	const layout = new Uint8Array(16 + 32 * count);
	const view = new DataView(layout.buffer);
	layout.set(utf8("RVL1"));
	view.setUint32(8, bytes.length);
	view.setUint32(12, length);
	for (let i = 0; i < count; i++) {
		layout.set(await sha256(bytes.slice(i * length, (i + 1) * length)), 16 + 32 * i);
	}
	return decodeLayout(layout);
}

export async function wireEntry(url: string, bytes: Bytes, more: object = {}) {
	const layout = await layoutOf(bytes);
	return {
		url: await urlHash(url),
		content: layout.contentId,
		size: layout.size,
		...(layout.pieceCount <= 16 ? { layout: encodeBase64Url(layout.bytes) } : {}),
		headers: { "content-type": "text/plain" },
		etag: '"1"',
		freshUntil: 2000,
		ranges: true,
		...more,
	};
}

export interface Shards {
	readonly depth: number;
	readonly root: ShardHash;
	readonly index: string;
	readonly bytes: ReadonlyMap<string, Bytes>;
}

const bytesOf = ({ url }: { url: UrlHash }) => Buffer.from(url, "base64url");

/** The shards of entries at a given depth. */
export async function shard(entries: readonly { url: UrlHash }[], depth = 0): Promise<Shards> {
	const bytes = new Map<string, Bytes>();
	const index = new Uint8Array(32 << depth);
	for (let i = 0; i < 1 << depth; i++) {
		const inside = entries
			.filter((entry) => bytesOf(entry).readUInt16BE() >> (16 - depth) === i)
			.sort((a, b) => Buffer.compare(bytesOf(a), bytesOf(b)));
		if (!inside.length) continue;
		const text = utf8(JSON.stringify({ entries: inside }));
		index.set(await sha256(text), 32 * i);
		bytes.set(await idOf<ShardHash>(text), text);
	}
	const root = await idOf<ShardHash>(index);
	bytes.set(root, index);
	return { depth, root, index: encodeBase64Url(index), bytes };
}
