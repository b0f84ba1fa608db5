/** Bytes in memory of their own, as WebCrypto and IndexedDB take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = /* @__PURE__ */ new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text);

export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
	new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const sameBytes = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
