import { decodeTrackerMessage } from "../protocol/decode.ts";
import { DecodeError } from "../protocol/decode-error.ts";
import type { ContentId, PeerId, SiteId } from "../protocol/ids.ts";
import { MAX_ANNOUNCE_IDS, MAX_MISSING_URLS, MAX_PAGE_HOLDINGS } from "../protocol/limits.ts";
import {
	type ClientMessage,
	type Peers,
	type SignalBody,
	TrackerCloseCode,
	type TrackerMessage,
	type Welcome,
} from "../protocol/messages.ts";
import { keepNewest } from "../protocol/newest.ts";
import { AGENT } from "./peer-session.ts";

/** Announcements and missing URLs are gathered for so long. */
const BATCH_MS = 200;
/**
 * That a URL has no entry is told when the visitor's own response has ended, since the indexer's fetch would share the origin
 * with it; of a response that goes on, after so long.
 */
export const MISSING_MS = 10_000;
/** A tracker that says nothing for so long after the connection began is not there. */
const WELCOME_MS = 5000;
/** So is one that does not answer a lookup. */
const LOOKUP_MS = 2000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;
/** Peers asked for in one lookup. */
const PEERS_WANTED = 8;
/** Missing URLs that wait for a connection. */
const MAX_MISSING_KEPT = 256;

/** Closes after which the tracker does not want this client (docs/protocol.md §5.3). */
const FINAL: readonly number[] = [
	TrackerCloseCode.UNAUTHORIZED,
	TrackerCloseCode.FORBIDDEN,
	TrackerCloseCode.UNKNOWN_SITE,
	TrackerCloseCode.REPLACED,
	TrackerCloseCode.REVOKED,
	TrackerCloseCode.BANNED,
];

export interface TrackerPorts {
	/** Base URL, with a slash at the end. */
	readonly base: string;
	readonly site: SiteId;
	/** The page's place; a hint by which neighbours are chosen. */
	readonly group: string;
	/** The visitor's own tightening. */
	readonly mode: "open" | "edges";
	/** Free upload slots now. */
	slots(): number;
	welcome(message: Welcome): void;
	message(message: Exclude<TrackerMessage, Welcome | { type: "error" }>): void;
	/** A signal went to somebody who has left. */
	unknownPeer(id: PeerId): void;
	/** The first attempt has failed, or the tracker does not want this client. */
	unreachable(): void;
}

export type TrackerState = "connecting" | "open" | "lost";

/** The connection to the tracker. Nothing waits for it; what it loses is made up for when it is back. */
export class TrackerConnection {
	readonly #ports: TrackerPorts;
	/** Ids that the tracker should know of, and those that it does. */
	readonly #holdings = new Set<ContentId>();
	readonly #announced = new Set<ContentId>();
	readonly #missing = new Set<string>();
	readonly #reported = new Set<string>();
	readonly #lookups = new Map<number, (found: Peers | null) => void>();
	/** Sent as soon as the tracker says welcome. */
	readonly #whenOpen: (() => void)[] = [];
	#socket: WebSocket | null = null;
	#state: TrackerState = "connecting";
	#resume: string | null = null;
	#lastLookup = 0;
	#failures = 0;
	#batchTimer: ReturnType<typeof setTimeout> | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#introduced = false;
	#stopped = false;

	constructor(ports: TrackerPorts) {
		this.#ports = ports;
		this.#connect();
	}

	get state(): TrackerState {
		return this.#state;
	}

	send(message: ClientMessage): void {
		if (this.#state === "open") this.#socket?.send(JSON.stringify(message));
	}

	signal(to: PeerId, session: string, body: SignalBody): void {
		this.send({ type: "signal", to, session, ...body });
	}

	/** This content may be asked of this page from now on. */
	announce(content: ContentId): void {
		if (this.#holdings.has(content)) return;
		this.#holdings.add(content);
		keepNewest(this.#holdings, MAX_PAGE_HOLDINGS);
		this.#batch();
	}

	/** It is not to be had here any more. */
	retract(content: ContentId): void {
		if (this.#holdings.delete(content)) this.#batch();
	}

	/** This URL, which the site's patterns admit, has no entry. Told once. @param ended whether nothing of it is under way any more */
	missing(url: string, ended: boolean): void {
		if (!ended) return void setTimeout(() => this.missing(url, true), MISSING_MS);
		if (this.#reported.has(url) || this.#missing.size >= MAX_MISSING_KEPT) return;
		this.#reported.add(url);
		this.#missing.add(url);
		this.#batch();
	}

	/** Null when the tracker is not there, or does not say. */
	lookup(content: ContentId, exclude: readonly PeerId[]): Promise<Peers | null> {
		if (this.#state === "lost") return Promise.resolve(null);
		const id = ++this.#lastLookup;
		return new Promise((resolve) => {
			const end = (found: Peers | null) => {
				clearTimeout(timer);
				this.#lookups.delete(id);
				resolve(found);
			};
			const timer = setTimeout(end, LOOKUP_MS, null);
			this.#lookups.set(id, end);
			const lookup = { type: "lookup", id, contents: [content], count: PEERS_WANTED } as const;
			const send = () => this.send(exclude.length ? { ...lookup, exclude } : lookup);
			if (this.#state === "open") send();
			else this.#whenOpen.push(send);
		});
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#batchTimer);
		this.#socket?.close();
		this.#lost();
	}

	#connect(): void {
		const { base } = this.#ports;
		this.#state = "connecting";
		let socket: WebSocket;
		try {
			socket = new WebSocket(base.replace(/^http/, "ws"), "rivulet.v1");
		} catch {
			this.#retry(); // a policy of the page forbids it
			return;
		}
		this.#socket = socket;
		this.#timer = setTimeout(() => socket.close(), WELCOME_MS);
		socket.onopen = () => this.#hello(socket);
		socket.onmessage = ({ data }: MessageEvent<unknown>) => {
			if (socket === this.#socket && typeof data === "string") this.#message(data);
		};
		socket.onclose = ({ code }) => {
			if (socket !== this.#socket || this.#stopped) return;
			if (FINAL.includes(code)) this.#stopped = true;
			this.#retry();
		};
	}

	#hello(socket: WebSocket): void {
		const { site, mode } = this.#ports;
		const hello: ClientMessage = {
			type: "hello",
			site,
			role: "page",
			agent: AGENT,
			features: [],
			mode,
			...(this.#resume && { resume: this.#resume }),
		};
		socket.send(JSON.stringify(hello));
		// who is near is told along with the welcome; what may be given is known only then
		this.#introduced = false;
		socket.send(JSON.stringify(this.#announcement([], [])));
	}

	#announcement(have: ContentId[], drop: ContentId[]): ClientMessage {
		const { group, slots } = this.#ports;
		return { type: "announce", have, drop, slots: slots(), ...(this.#introduced ? {} : { groups: [group] }) };
	}

	#message(text: string): void {
		let message: ReturnType<typeof decodeTrackerMessage>;
		try {
			message = decodeTrackerMessage(text);
		} catch (error) {
			if (!(error instanceof DecodeError)) throw error;
			this.#socket?.close(); // a tracker that makes no sense; perhaps later
			return;
		}
		const ports = this.#ports;
		switch (message.type) {
			case "welcome":
				this.#welcome(message);
				break;
			case "peers": {
				const asked = message.id === undefined ? undefined : this.#lookups.get(message.id);
				if (asked) asked(message);
				else if (message.id === undefined) ports.message(message);
				break;
			}
			case "error":
				if (message.id !== undefined) this.#lookups.get(message.id)?.(null);
				if (message.to) ports.unknownPeer(message.to);
				break;
			case "unknown":
				break;
			default:
				ports.message(message);
		}
	}

	#welcome(message: Welcome): void {
		clearTimeout(this.#timer);
		this.#resume = message.resume;
		this.#state = "open";
		this.#failures = 0;
		this.#announced.clear();
		this.#ports.welcome(message);
		for (const send of this.#whenOpen.splice(0)) send();
		this.#flush();
	}

	#batch(): void {
		this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
	}

	#flush(): void {
		clearTimeout(this.#batchTimer);
		this.#batchTimer = undefined;
		if (this.#state !== "open") return;
		const have = [...this.#holdings].filter((id) => !this.#announced.has(id)).slice(0, MAX_ANNOUNCE_IDS);
		const drop = [...this.#announced].filter((id) => !this.#holdings.has(id)).slice(0, MAX_ANNOUNCE_IDS);
		if (have.length + drop.length || !this.#introduced) {
			this.send(this.#announcement(have, drop));
		}
		this.#introduced = true;
		for (const id of have) this.#announced.add(id);
		for (const id of drop) this.#announced.delete(id);
		const urls = [...this.#missing].slice(0, MAX_MISSING_URLS);
		if (urls.length) this.send({ type: "missing", urls });
		for (const url of urls) this.#missing.delete(url);
		if (this.#missing.size) this.#batch();
	}

	#retry(): void {
		clearTimeout(this.#timer);
		this.#lost();
		if (!this.#failures || this.#stopped) this.#ports.unreachable();
		if (this.#stopped) return;
		// docs/protocol.md §5.3; crowds that lost the same tracker come back spread out
		const ms = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, MAX_RETRY_MS) * (0.5 + Math.random() / 2);
		this.#timer = setTimeout(() => this.#connect(), ms);
	}

	#lost(): void {
		this.#socket = null;
		this.#state = "lost";
		this.#whenOpen.length = 0;
		for (const end of [...this.#lookups.values()]) end(null);
	}
}
