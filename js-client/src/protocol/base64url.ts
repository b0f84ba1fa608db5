import type { Bytes } from "./bytes.ts";

/** RFC 4648 §5, without padding. */
export function encodeBase64Url(bytes: Bytes): string {
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Null unless `text` is the one text of its value: no padding, no other characters, no trailing bits. */
export function decodeBase64Url(text: string): Bytes | null {
	try {
		const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
		const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
		return encodeBase64Url(bytes) === text ? bytes : null;
	} catch {
		return null; // atob: not base64
	}
}
