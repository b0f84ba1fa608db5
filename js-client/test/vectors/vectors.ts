import { readdirSync, readFileSync } from "node:fs";
import type { Bytes } from "../../src/protocol/bytes.ts";

const FOLDER = new URL("../../../protocol/vectors/", import.meta.url);

/** A case of protocol/vectors (its README says what the fields are), with its templates expanded. */
export interface Case {
	readonly name: string;
	readonly valid?: true;
	readonly error?: string;
}

export interface VectorFile {
	readonly name: string;
	readonly cases: readonly Case[];
}

/** Every file that names this language. */
export function vectorFiles(): VectorFile[] {
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith(".json"))
		.map((name) => ({ name, file: JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as RawFile }))
		.filter(({ file }) => file.languages.includes("typescript"))
		.map(({ name, file }) => ({ name, cases: file.cases.map((one) => expand(one) as Case) }));
}

interface RawFile {
	readonly languages: readonly string[];
	readonly cases: readonly unknown[];
}

type Json = Readonly<Record<string, unknown>>;

function expand(value: unknown): unknown {
	if (Array.isArray(value)) return value.flatMap(repeated);
	if (typeof value !== "object" || value === null) return value;
	const object = value as Json;
	if ("$chars" in object) return String(object["$chars"]).repeat(Number(object["count"]));
	if ("$nest" in object) return nested(Number(object["$nest"]));
	return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, expand(inner)]));
}

function repeated(element: unknown): unknown[] {
	if (typeof element !== "object" || element === null || !("$repeat" in element)) return [expand(element)];
	const { $repeat, count } = element as Json;
	return Array.from({ length: Number(count) }, () => expand($repeat));
}

const nested = (depth: number): unknown => (depth ? { a: nested(depth - 1) } : 0);

export interface Part {
	readonly hex: string;
	readonly count?: number;
}

export function bytesOf(parts: readonly Part[]): Bytes {
	return new Uint8Array(Buffer.concat(parts.map(({ hex, count = 1 }) => Buffer.from(hex.repeat(count), "hex"))));
}

/** The text of a message: as it stands, or its JSON. */
export const textOf = ({ text, message }: { readonly text?: string; readonly message?: unknown }): string =>
	text ?? JSON.stringify(message);
