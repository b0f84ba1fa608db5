// An edge's identity (docs/protocol.md, section 5.7).
import { createHash, createPrivateKey, sign } from "node:crypto";

/** RFC 7638. */
export const fingerprintOf = ({ x }) =>
	createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The answer to a tracker's challenge. */
export function proofOf(jwk, site, challenge) {
	const input = `${part({ alg: "EdDSA", typ: "rivulet-edge", kid: fingerprintOf(jwk) })}.${part({ site, challenge })}`;
	const signature = sign(null, Buffer.from(input), createPrivateKey({ key: jwk, format: "jwk" }));
	return `${input}.${signature.toString("base64url")}`;
}
