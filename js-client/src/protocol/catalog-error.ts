/** docs/protocol.md §4.1, and `unsupported`: this browser cannot verify Ed25519, so it stays on the network. */
export type CatalogErrorCode =
	| "malformed"
	| "algorithm"
	| "type"
	| "root-key"
	| "delegation"
	| "signature"
	| "site"
	| "not-yet"
	| "expired"
	| "rollback"
	| "unsupported";

/** A catalog was refused. */
export class CatalogError extends Error {
	readonly code: CatalogErrorCode;

	constructor(code: CatalogErrorCode) {
		super(`catalog refused: ${code}`);
		this.code = code;
	}
}
