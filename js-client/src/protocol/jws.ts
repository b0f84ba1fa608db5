import { decodeBase64Url } from "./base64url.ts";
import { type Bytes, utf8 } from "./bytes.ts";
import { CatalogError } from "./catalog-error.ts";
import { jwsHeader, parseJsonBytes } from "./decode-catalog.ts";
import type { Decoder } from "./decoder.ts";
import { idOf, type KeyId } from "./ids.ts";
import { MAX_JWS_CHARS } from "./limits.ts";

const ED25519 = { name: "Ed25519" };

/** RFC 7638 thumbprint of an Ed25519 public key, given as base64url. */
export const keyIdOf = (publicKey: string): Promise<KeyId> =>
	idOf<KeyId>(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${publicKey}"}`));

/** A JWS whose form is right and whose signature is still to be looked at. */
export interface Jws<T> {
	readonly kid: KeyId;
	readonly payload: T;
	readonly signature: Bytes;
	/** What is signed. */
	readonly input: Bytes;
}

const malformed = (): never => {
	throw new CatalogError("malformed");
};

/** @throws CatalogError `malformed`, `algorithm` or `type`, in this order (docs/protocol.md §4.1) */
export function openJws<T>(text: string, type: string, decodePayload: Decoder<T>): Jws<T> {
	const parts = text.split(".");
	if (parts.length !== 3 || text.length > MAX_JWS_CHARS) malformed();
	const [headerBytes, payloadBytes, signature] = parts.map((part) => decodeBase64Url(part) ?? malformed());
	if (!headerBytes || !payloadBytes || !signature) return malformed();
	const header = decoded(() => jwsHeader(parseJsonBytes(headerBytes, "header"), "header"));
	if (header.alg !== "EdDSA" || header.crit !== undefined) throw new CatalogError("algorithm");
	if (header.typ !== type) throw new CatalogError("type");
	const payload = decoded(() => decodePayload(parseJsonBytes(payloadBytes, type), type));
	return { kid: header.kid, payload, signature, input: utf8(text.slice(0, text.lastIndexOf("."))) };
}

function decoded<T>(decode: () => T): T {
	try {
		return decode();
	} catch {
		return malformed();
	}
}

/** What was found wrong later than by `openJws` is `malformed` as well. */
export const orMalformed = <T>(proof: Promise<T>): Promise<T> => proof.catch(malformed);

/** @throws CatalogError `unsupported` where WebCrypto has no Ed25519 */
export async function verifies({ input, signature }: Jws<unknown>, publicKey: string): Promise<boolean> {
	try {
		const key = await crypto.subtle.importKey("jwk", { crv: "Ed25519", kty: "OKP", x: publicKey }, ED25519, false, [
			"verify",
		]);
		return await crypto.subtle.verify(ED25519, key, signature, input);
	} catch (error) {
		if (error instanceof DOMException && error.name === "NotSupportedError") throw new CatalogError("unsupported");
		return false; // not a point of the curve
	}
}
