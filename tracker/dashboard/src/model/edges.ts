import type { Edge } from "../api/types.ts";

export type EdgeKey = "name" | "site" | "state" | "up" | "store" | "quota" | "version" | "trust";

export interface Order {
	readonly key: EdgeKey;
	readonly down: boolean;
}

export const nameOf = (edge: Edge): string => edge.name || edge.fingerprint;

export type EdgeState = "online" | "offline" | "revoked";
export const stateOf = (edge: Edge): EdgeState => (edge.revoked ? "revoked" : edge.online ? "online" : "offline");

/** 0 to 1; undefined where no bound is known. */
export const filled = (amount: Edge["store"]): number | undefined =>
	amount && amount.max > 0 ? Math.min(1, amount.used / amount.max) : undefined;

const STATES: readonly EdgeState[] = ["online", "offline", "revoked"];
const TRUST = ["distrusted", "suspect", "ok"];

function rank(edge: Edge, key: EdgeKey): string | number {
	switch (key) {
		case "name":
			return nameOf(edge).toLowerCase();
		case "site":
			return edge.site;
		case "state":
			return STATES.indexOf(stateOf(edge));
		case "up":
			return edge.rates?.up ?? -1;
		case "store":
			return edge.store?.used ?? -1;
		case "quota":
			return filled(edge.quota) ?? -1;
		case "version":
			return edge.version ?? "";
		case "trust":
			return TRUST.indexOf(edge.trust);
	}
}

/** Those of `edges` in which `words` occur, in `order`; equal ones keep their places. */
export function chosen(edges: readonly Edge[], words: string, order: Order): Edge[] {
	const sought = words.trim().toLowerCase();
	const found = edges.filter(
		(edge) =>
			sought === "" ||
			[edge.name, edge.fingerprint, edge.site, edge.version, edge.region, stateOf(edge), edge.trust].some((text) =>
				text?.toLowerCase().includes(sought),
			),
	);
	const sign = order.down ? -1 : 1;
	return found.sort((a, b) => {
		const left = rank(a, order.key);
		const right = rank(b, order.key);
		return left < right ? -sign : left > right ? sign : 0;
	});
}
