/**
 * What `/api/v1` answers. Times are seconds since 1970 UTC, amounts of data are bytes. The page comes from the same jar
 * as the answers, so these shapes are taken at their word.
 */

export type Role = "viewer" | "operator" | "owner";

export interface Session {
	readonly operator: { readonly name: string; readonly role: Role; readonly totp: boolean };
	readonly csrf: string;
}

/** One page of a list; `next` is what `after` takes to get the following one. */
export interface Items<T> {
	readonly items: readonly T[];
	readonly next: string | null;
}

/** Where visitors' bytes came from: their own stores, other visitors, edges, the origin. */
export interface Bytes {
	readonly store: number;
	readonly peers: number;
	readonly edges: number;
	readonly origin: number;
	/** What edges and the tracker themselves had from origins. */
	readonly edgeOrigin?: number;
	readonly indexOrigin?: number;
}

export interface Overview {
	readonly at: number;
	readonly viewers: number;
	readonly edges: number;
	readonly bytes: Bytes;
	/** 0 to 1: what the origin did not send. */
	readonly offload: number;
	readonly savedBytes: number;
	readonly savedMoney: { readonly amount: number; readonly currency: string } | null;
	readonly health: {
		readonly failedFetches: number;
		readonly rejectedPieces: number;
		readonly stalls: number;
		readonly contradicted: number;
	};
	readonly swarms: number;
	readonly contents: number;
}

export type SeriesName =
	| "peers"
	| "edges"
	| "origin"
	| "store"
	| "viewers"
	| "edgesOnline"
	| "failed"
	| "rejected"
	| "stalls"
	| "up"
	| "down"
	| "bytes";

export type Points = readonly (number | null)[];

/** Equally spaced points: the first covers `from` to `from + step`. Null where nothing is known. */
export interface Series {
	readonly from: number;
	readonly step: number;
	readonly points: number;
	/** Up to when it counts, where the stream's spans go on. */
	readonly until?: number | null;
	readonly series: Partial<Record<SeriesName, Points>>;
}

export interface Content {
	readonly site: string;
	readonly content: string;
	readonly url: string | null;
	readonly size: number | null;
	readonly viewers: number;
	readonly bytes: number;
	readonly offload: number | null;
}

export interface Swarm {
	readonly site: string;
	readonly content: string;
	readonly url: string | null;
	readonly viewers: number;
	readonly edges: number;
}

export interface Member {
	readonly id: string;
	readonly role: "page" | "edge" | "tracker";
	readonly holds: "none" | "some" | "all";
}

export interface SwarmPicture {
	readonly members: readonly Member[];
	readonly connections: readonly (readonly [string, string])[];
}

export type Trust = "ok" | "suspect" | "distrusted";

export interface Edge {
	readonly fingerprint: string;
	readonly name?: string | null;
	readonly site: string;
	readonly online: boolean;
	readonly since?: number | null;
	readonly firstSeen?: number | null;
	readonly lastSeen?: number | null;
	readonly version?: string | null;
	readonly region?: string | null;
	readonly rates?: { readonly up: number; readonly down: number } | null;
	readonly store?: { readonly used: number; readonly max: number } | null;
	readonly quota?: { readonly used: number; readonly max: number } | null;
	readonly neighbours?: number | null;
	readonly revoked: boolean;
	readonly index?: boolean;
	readonly gateway?: { readonly url: string; readonly reached: boolean } | null;
	readonly trust: Trust;
}

export type Level = "info" | "warn" | "warning" | "error";

export interface Happening {
	readonly id: number | string;
	readonly at: number;
	readonly kind: string;
	readonly site?: string | null;
	readonly text: string;
	readonly level: Level;
}

/** Somebody whose claims of having sent differ from what others received. */
export interface Discrepancy {
	readonly site: string;
	/** Peer id. */
	readonly id: string;
	readonly fingerprint?: string | null;
	readonly claimed: number;
	readonly confirmed: number;
	/** Whether most of those that were compared contradict it. */
	readonly suspect: boolean;
}

/** A site as configured. Those of the tracker's file cannot be edited here. */
export interface Site {
	readonly id: string;
	readonly webOrigins: readonly string[];
	readonly contentOrigins: readonly string[];
	readonly include: readonly string[];
	readonly exclude: readonly string[];
	readonly indexThreshold: number;
	readonly live: readonly string[];
	readonly openEdges: boolean;
	readonly allowPrivate: boolean;
	readonly mode: string;
	readonly consent: boolean;
	readonly upload: boolean;
	readonly from: "file" | "database";
	/** Key id of the root key. */
	readonly key: string;
}

export interface IceServer {
	readonly urls: readonly string[];
	readonly username?: string | null;
	readonly credential?: string | null;
}

export interface Policy {
	readonly iceServers: readonly IceServer[];
	readonly maxConnections: number;
	/** `perGb` is a decimal number as text. */
	readonly price: { readonly perGb: string; readonly currency: string } | null;
	readonly from: "file" | "database";
}

export interface Drain {
	readonly draining: boolean;
	readonly connections: number;
}

export interface SiteCheck {
	readonly ok: boolean;
	readonly problems: readonly { readonly key: string; readonly text: string }[];
	readonly origins: readonly {
		readonly origin: string;
		readonly ok: boolean;
		readonly status?: number | null;
		readonly text: string;
	}[];
}

export interface Snippet {
	readonly html: string;
	readonly key: string;
}

export interface Block {
	/** Content id, or hash of the URL. */
	readonly id: string;
	readonly content?: string | null;
	readonly url?: string | null;
	readonly reason: string;
	readonly reference?: string | null;
	readonly at?: number;
}

/** A secret by which an edge joins, or a site's build publishes; the secret itself is shown once, when it is made. */
export interface JoinToken {
	readonly id: string;
	readonly site: string;
	readonly index?: boolean;
	readonly note?: string | null;
	readonly expires?: number | null;
	readonly created?: number;
	/** Fingerprint of the edge that it is bound to. */
	readonly edge?: string | null;
}

export interface Ban {
	readonly id: string;
	readonly peer: string;
	readonly reason: string;
	readonly at?: number;
	readonly until?: number | null;
}

export interface Operator {
	readonly name: string;
	readonly role: Role;
	readonly totp: boolean;
	/** Whether the one-time link was used. */
	readonly active: boolean;
}

export interface ApiToken {
	readonly id: string;
	readonly name: string;
	readonly scope: Role;
	readonly madeBy: string;
	readonly madeAt: number;
	readonly expires: number | null;
}

export interface AuditRecord {
	readonly id: number | string;
	readonly at: number;
	readonly who: string;
	readonly action: string;
	readonly target: string | null;
	readonly detail: string | null;
	/** HTTP status. */
	readonly outcome: number;
}
