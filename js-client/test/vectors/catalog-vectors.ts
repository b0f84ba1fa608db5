import { type Bytes, utf8 } from "../../src/protocol/bytes.ts";
import { CatalogError } from "../../src/protocol/catalog-error.ts";
import { CatalogVerifier } from "../../src/protocol/catalog-verifier.ts";
import { EntryMap } from "../../src/protocol/entry-map.ts";
import { idOf, type KeyId, type ShardHash, type SiteId, type UrlHash } from "../../src/protocol/ids.ts";
import * as limits from "../../src/protocol/limits.ts";
import { PeerCloseCode, TrackerCloseCode } from "../../src/protocol/messages.ts";
import { bytesOf } from "./vectors.ts";

/** What a verifier is given, and what it makes of it; protocol/vectors/README.md says what the steps are. */
export type Step =
	| { readonly do: "restart" }
	| ({ readonly do: "delegations"; readonly rootKey: string; readonly delegations: readonly string[] } & Outcome)
	| ({ readonly do: "head" | "batch"; readonly jws: string; readonly now: number } & Outcome);

interface Outcome {
	readonly expected?: string;
	readonly error?: string;
}

export interface CatalogCase {
	readonly site: SiteId;
	readonly pinned: KeyId | null;
	readonly steps: readonly Step[];
}

/** Goes through the steps with one verifier. @returns what came of each, beside what should have */
export async function outcomes({ site, pinned, steps }: CatalogCase): Promise<{ actual: string; expected: string }[]> {
	let verifier = new CatalogVerifier(site, pinned);
	const results: { actual: string; expected: string }[] = [];
	for (const step of steps) {
		if (step.do === "restart") {
			const { last } = verifier;
			verifier = new CatalogVerifier(site, pinned);
			verifier.last = last;
		} else {
			results.push({ actual: await outcome(verifier, step), expected: step.error ?? step.expected ?? "" });
		}
	}
	return results;
}

async function outcome(verifier: CatalogVerifier, step: Exclude<Step, { do: "restart" }>): Promise<string> {
	try {
		if (step.do === "delegations") await verifier.delegations(step.rootKey, step.delegations);
		else if (step.do === "head") return (await verifier.head(step.jws, step.now)) ? "taken" : "known";
		else {
			const result = await verifier.batch(step.jws, step.now);
			return typeof result === "object" ? "taken" : result;
		}
		return "taken";
	} catch (error) {
		if (error instanceof CatalogError) return error.code;
		throw error;
	}
}

interface WireEntry {
	readonly url: UrlHash;
}

export interface ShardCase {
	readonly text?: string;
	readonly padTo?: number;
	readonly entries?: readonly WireEntry[];
	readonly urls: readonly string[];
}

const textOfEntries = (entries: readonly WireEntry[]) => JSON.stringify({ entries });

/** The bytes of the shard that a case describes. */
export const shardBytes = ({ text, padTo = 0, entries = [] }: ShardCase): Bytes =>
	utf8((text ?? textOfEntries(entries)).padEnd(padTo));

export interface ShardingCase {
	readonly entries: readonly WireEntry[];
	readonly depth: number;
	readonly root: ShardHash;
	readonly index: string;
}

/** Everything that a reader of the catalog may ask for: the index, and the shards that the entries belong to. */
async function published({ entries, depth, index }: ShardingCase): Promise<Map<ShardHash, Bytes>> {
	const shards = new Map<number, WireEntry[]>();
	const bytes = (url: string) => Buffer.from(url, "base64url");
	for (const entry of [...entries].sort((a, b) => Buffer.compare(bytes(a.url), bytes(b.url)))) {
		const number = Math.floor(bytes(entry.url).readUInt32BE() / 2 ** (32 - depth));
		shards.set(number, [...(shards.get(number) ?? []), entry]);
	}
	const all = [bytesOf([{ hex: bytes(index).toString("hex") }]), ...[...shards.values()].map(textOfEntries).map(utf8)];
	return new Map(await Promise.all(all.map(async (one) => [await idOf<ShardHash>(one), one] as const)));
}

/** Whether every entry is found under the index and root that the case names; throws when its URL comes twice. */
export async function allFound(one: ShardingCase): Promise<boolean> {
	if (new Set(one.entries.map(({ url }) => url)).size < one.entries.length) throw new Error("two entries of one URL");
	const bytes = await published(one);
	const load = async (hash: ShardHash) => {
		const found = bytes.get(hash);
		if (!found) throw new Error(`no shard ${hash}`);
		return found;
	};
	const state = { depth: one.depth, root: one.root, notAfter: 1, changes: new Map(), suspended: new Map() };
	const map = new EntryMap(
		state,
		load,
		() => 0,
		() => {},
	);
	const found = await Promise.all(one.entries.map(({ url }) => map.find(url)));
	return found.every((entry, i) => entry?.url === one.entries[i]?.url);
}

export interface LimitCase {
	readonly kind: "limit" | "tracker-close" | "peer-close";
	readonly constant: string;
	readonly value: number;
}

/** What this language says of a constant; undefined where it needs none of that name. */
export function constantOf({ kind, constant }: LimitCase): number | undefined {
	const constants: Readonly<Record<string, number | string>> = {
		limit: limits,
		"tracker-close": TrackerCloseCode,
		"peer-close": PeerCloseCode,
	}[kind];
	const found = constants[constant];
	return typeof found === "number" ? found : undefined; // an enumeration has its names as well
}
