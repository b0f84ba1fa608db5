import type { ContentId, SiteId } from "../protocol/ids.ts";
import type { Policy } from "../protocol/messages.ts";

/** What pages and the service worker of one site tell each other. Both come from the same tracker, and the same origin. */

/** Chunks of a body that a page may send before the worker asks for more. */
export const PORT_CREDIT = 4;

/** What the service worker has to know of the site; it is kept for the next time it starts. */
export interface WorkerConfig {
	/** Base URL: ends in a slash. */
	readonly tracker: string;
	readonly site: SiteId;
	readonly policy: Policy;
}

/** From a page to the service worker. */
export type PageMessage =
	/** With a port for `Order`s: this page answers requests. */
	| { readonly rivulet: "hello"; readonly config: WorkerConfig }
	/** Keeps the worker from being stopped. */
	| { readonly rivulet: "alive" }
	/** The visitor wants Rivulet no more. */
	| { readonly rivulet: "stop" };

/** Other scripts of the site talk to its service worker as well: null for what is not ours. */
export const pageMessage = (data: unknown): PageMessage | null =>
	typeof data === "object" && data && "rivulet" in data ? (data as PageMessage) : null;

/** From the service worker to all pages, when it starts: say hello again. */
export type RollCall = { readonly rivulet: "who" };

export const isRollCall = (data: unknown): data is RollCall =>
	typeof data === "object" && data !== null && "rivulet" in data && data.rivulet === "who";

/** On a page's port, to its engine. */
export type Order =
	/** The worker knows the site and its catalog. */
	| { readonly type: "ready" }
	/** With a port of its own for `Demand` and `Supply`. */
	| {
			readonly type: "fetch";
			/** Canonical. */
			readonly url: string;
			readonly range: string | null;
			/** Only if this page has served this URL before: a media element would not take it from elsewhere now. */
			readonly continued: boolean;
	  }
	/** The same from the page's own code; the URL is as the page has it. */
	| {
			readonly type: "open";
			readonly url: string;
			readonly range: string | null;
			/** See `Demand`; null: at once. */
			readonly dueAtMs: number | null;
	  }
	/** This URL, which the patterns admit, has no entry. */
	| { readonly type: "missing"; readonly url: string }
	/** The store has all of this URL's resource, by a request that the page's engine knows nothing of. */
	| { readonly type: "kept"; readonly url: string }
	/** The worker itself, or the network for it, read so many bytes from there. */
	| { readonly type: "count"; readonly from: "store" | "origin"; readonly bytes: number };

/** On a page's port, from its engine. */
export type Notice = {
	/** `bye`: the page goes, or sleeps. `settled`: its neighbours are there, or nobody is to be expected. */
	readonly type: "bye" | "settled";
};

/** About one request, to the page. */
export type Demand =
	| { readonly type: "pull" | "cancel" | "ping" }
	/** When the reader runs out of what it has, in milliseconds since 1970. */
	| { readonly type: "due"; readonly atMs: number };

/** About one request, from the page. */
export type Supply =
	/** It may be mine to answer: `head` or `none` follows as soon as it is known which. */
	| { readonly type: "ack" }
	/** Not mine to answer: ask the network. `left`: although there is an entry. */
	| { readonly type: "none"; readonly left?: true }
	| {
			readonly type: "head";
			readonly status: number;
			readonly headers: Record<string, string>;
			/** Whose verified bytes follow; null: the origin's, as they come. */
			readonly content: ContentId | null;
	  }
	| { readonly type: "chunk"; readonly bytes: Uint8Array }
	| { readonly type: "end" }
	/** Nobody whom this page can ask has the rest. */
	| { readonly type: "fail" }
	/** The page goes. */
	| { readonly type: "gone" }
	| { readonly type: "pong" };
