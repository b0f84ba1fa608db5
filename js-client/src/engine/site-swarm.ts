import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId, PeerId } from "../protocol/ids.ts";
import { MAX_PAGE_HOLDINGS } from "../protocol/limits.ts";
import type { Peers, Role } from "../protocol/messages.ts";
import type { Holdings } from "../transfer/holdings.ts";
import {
	ASK_MS,
	type Follower,
	type Following,
	type PieceSource,
	type Search,
	type Swarm,
} from "../transfer/source.ts";
import { HttpSource } from "./http-source.ts";
import type { Neighbours } from "./neighbours.ts";
import type { PeerSession } from "./peer-session.ts";
import type { TrackerState } from "./tracker-connection.ts";

/** Neighbours that are connected before anything is looked up, so that they are there when it is. */
const WARM_NEIGHBOURS = 8;
/** Of these so many at first: connecting takes much of a busy machine, and the first is there the sooner. */
const AT_FIRST = 4;
/** After each such pause one more. */
const MORE_MS = 1000;
/** What is wanted within this time of what was asked for last is asked for together: a page has many small resources. */
const GATHER_MS = 10;
/** Peers that are remembered, to be connected one after the other. */
const MAX_HINTED = 20;
/** Pieces that were just verified are told of together. */
const TELL_MS = 30;
/** Who is not connected after this is no longer waited for, though it may still come. */
const COMING_MS = 2000;
/** Neighbours asked for a layout that the tracker does not give, and how long each has. */
const LAYOUT_TRIES = 3;
const LAYOUT_MS = 1500;
/** How long the tracker alone is asked for a layout. */
const TRACKER_PATIENCE_MS = 300;

/** How the swarm learns who else is there. */
export interface Directory {
	readonly state: TrackerState;
	lookup(content: ContentId, exclude: readonly PeerId[]): Promise<Peers | null>;
	announce(content: ContentId): void;
	/** The contrary of `announce`. */
	retract(content: ContentId): void;
}

export interface SiteSwarmPorts {
	readonly neighbours: Neighbours;
	directory(): Directory | null;
	/** A layout over HTTP from the tracker; null when it does not give it. */
	fetchLayout(content: ContentId): Promise<Bytes | null>;
	receivedOverHttp(bytes: number): void;
	/** Whether pages of this scheme may fetch from there. */
	mayFetch(base: string): boolean;
	nowMs(): number;
	after(ms: number, callback: () => void): void;
}

/** A content that is being fetched here. */
class Interest implements Following {
	readonly content: ContentId;
	readonly pieceCount: number;
	readonly follower: Follower;
	readonly unanswered = new Set<PieceSource>();
	readonly http = new Set<HttpSource>();
	/** Pieces that the origin was asked for. */
	readonly fetching = new Set<number>();
	readonly #swarm: SiteSwarm;
	lookups = 0;
	#heard: (isHeld: boolean) => void = () => {};

	constructor(swarm: SiteSwarm, content: ContentId, pieceCount: number, follower: Follower) {
		this.#swarm = swarm;
		this.content = content;
		this.pieceCount = pieceCount;
		this.follower = follower;
	}

	get search(): Search {
		return {
			self: this.#swarm.self,
			unanswered: this.unanswered.size,
			lookup: this.lookups ? "pending" : "answered",
			coming: this.#swarm.joining,
		};
	}

	lookup(): void {
		// does not reject
		void this.#swarm.lookup(this);
	}

	/** A neighbour has said whether it holds some of it, or is not waited for any more. @returns whether it was */
	answered(source: PieceSource, isHeld = false): boolean {
		const wasAwaited = this.unanswered.delete(source);
		if (isHeld || !this.unanswered.size) this.#heard(isHeld);
		return wasAwaited;
	}

	/** Whether one of the neighbours that were just asked holds some of it. */
	async isNear(): Promise<boolean> {
		// who has waited so far asks the tracker
		this.#heard(false);
		if (!this.unanswered.size) return false;
		return await new Promise((heard) => {
			this.#heard = heard;
		});
	}

	close(): void {
		this.#swarm.leave(this);
	}
}

/** The swarms of one site, as this page is part of them. */
export class SiteSwarm implements Swarm {
	readonly #ports: SiteSwarmPorts;
	readonly #interests = new Map<ContentId, Interest>();
	/** What is offered to others, the least recently changed first. */
	readonly #shelf = new Map<ContentId, Holdings>();
	/** Pieces that others have not been told of; null: nothing of that content was offered before. */
	readonly #news = new Map<ContentId, number[] | null>();
	readonly #http = new Map<string, HttpSource>();
	readonly #bannedHttp = new Set<string>();
	/** Peers that the tracker hinted at and that are not connected yet. */
	#hinted = new Map<PeerId, Role>();
	/** Whether neighbours are told in a while of what is wanted, and when they were last. */
	#gathering = false;
	#toldMs = Number.NEGATIVE_INFINITY;
	/** What is to be done once they have been told. */
	#onceTold: (() => void)[] = [];
	/** Whether another is connected in a while. */
	#warming = false;
	/** Those that were connected so: nothing waits for them. */
	readonly #unhurried = new WeakSet<PeerSession>();
	#blocked: ReadonlySet<string> = new Set();
	#uploads = false;

	constructor(ports: SiteSwarmPorts) {
		this.#ports = ports;
	}

	/** The own peer id; null before there is one. */
	get self(): PeerId | null {
		return this.#ports.neighbours.self;
	}

	/** Neighbours that are being connected, if not for too long: they may want the same. */
	get joining(): number {
		const { neighbours, nowMs } = this.#ports;
		const isJoining = (session: PeerSession) =>
			session.state !== "ready" && nowMs() - session.usefulMs < COMING_MS && !this.#unhurried.has(session);
		return neighbours.sessions.filter(isJoining).length;
	}

	/** Whether this page gives to others. */
	get uploads(): boolean {
		return this.#uploads;
	}

	set uploads(uploads: boolean) {
		if (this.#uploads === uploads) return;
		this.#uploads = uploads;
		const { neighbours } = this.#ports;
		neighbours.choke();
		for (const [content, holdings] of this.#shelf) {
			if (!uploads) this.#ports.directory()?.retract(content);
			else for (const session of neighbours.ready) session.tell(content, holdings, null);
		}
		this.announceAll();
	}

	/** What of a content is offered to others; null: nothing. */
	holdings(content: ContentId): Holdings | null {
		return this.uploads ? (this.#shelf.get(content) ?? null) : null;
	}

	follow(content: ContentId, pieceCount: number, _url: string, follower: Follower): Following {
		const interest = new Interest(this, content, pieceCount, follower);
		this.#interests.set(content, interest);
		for (const session of this.#ports.neighbours.sessions) {
			if (!session.wasOpen) continue;
			session.follow(new Map([[content, pieceCount]]));
			// who is not may take its time: it is asked again when it is
			if (session.state === "ready") this.#onceTold.push(this.#await(session, [interest]));
		}
		this.#gather();
		return interest;
	}

	leave(interest: Interest): void {
		const { content } = interest;
		if (this.#isOver(interest)) return;
		this.#interests.delete(content);
		// First what is new: who waits for the last pieces must not take them for given up.
		const held = this.#shelf.get(content);
		if (held && this.#news.has(content)) this.#tell(content, held);
		for (const session of this.#ports.neighbours.sessions) session.unfollow(content);
		this.#gather();
	}

	#gather(): void {
		if (this.#gathering) return;
		this.#gathering = true;
		const { neighbours, nowMs, after } = this.#ports;
		const tell = () => {
			this.#gathering = false;
			this.#toldMs = nowMs();
			for (const session of neighbours.sessions) session.tellWants();
			for (const act of this.#onceTold.splice(0)) act();
		};
		const waitMs = this.#toldMs + GATHER_MS - nowMs();
		// timers of hidden pages come late
		if (waitMs > 0) after(waitMs, tell);
		else queueMicrotask(tell);
	}

	share(content: ContentId, holdings: Holdings, news: readonly number[]): void {
		if (this.#blocked.has(content)) return;
		const isNew = !this.#shelf.delete(content);
		this.#shelf.set(content, holdings);
		for (const oldest of this.#shelf.keys()) {
			if (this.#shelf.size <= MAX_PAGE_HOLDINGS) break;
			this.#withdraw(oldest);
		}
		if (!this.uploads) return;
		this.#ports.directory()?.announce(content);
		const untold = this.#news.get(content);
		if (untold === undefined) this.#ports.after(TELL_MS, () => this.#tell(content, holdings));
		this.#news.set(content, isNew || untold === null ? null : [...(untold ?? []), ...news]);
	}

	fetching(content: ContentId, pieces: readonly number[], stop: boolean): void {
		const interest = this.#interests.get(content);
		if (!interest || !this.uploads) return;
		for (const piece of pieces) {
			if (stop) interest.fetching.delete(piece);
			else interest.fetching.add(piece);
		}
		for (const session of this.#ports.neighbours.ready) session.tellFetching(content, pieces, stop);
	}

	/** Pieces that the origin was asked for and that are to be offered. */
	underWay(content: ContentId): number[] {
		const held = this.#shelf.get(content);
		return [...(this.#interests.get(content)?.fetching ?? [])].filter((piece) => !held?.has(piece));
	}

	/** The store does not have a piece any more that was offered. */
	lost(content: ContentId, piece: number): void {
		const holdings = this.#shelf.get(content);
		holdings?.remove(piece);
		if (holdings?.count === 0) this.#withdraw(content);
	}

	/** Offers nothing that has one of these ids from now on, and breaks off what is being given of it. */
	block(ids: ReadonlySet<string>): void {
		this.#blocked = ids;
		for (const content of this.#shelf.keys()) if (ids.has(content)) this.#withdraw(content);
		for (const session of this.#ports.neighbours.ready) session.block(ids);
	}

	#withdraw(content: ContentId): void {
		this.#shelf.delete(content);
		this.#ports.directory()?.retract(content);
	}

	/** The tracker's, or where it takes long, a neighbour's. */
	async layout(content: ContentId, bytes: number): Promise<Bytes | null> {
		const trackers = this.#ports.fetchLayout(content);
		const soon = await Promise.race([
			trackers,
			new Promise<null>((resolve) => this.#ports.after(TRACKER_PATIENCE_MS, () => resolve(null))),
		]);
		return soon ?? (await this.#layoutOfNeighbours(content, bytes)) ?? (await trackers);
	}

	async #layoutOfNeighbours(content: ContentId, bytes: number): Promise<Bytes | null> {
		const sessions = this.#ports.neighbours.ready.sort((a, b) => a.kind.localeCompare(b.kind)).slice(0, LAYOUT_TRIES);
		for (const session of sessions) {
			const layout = await new Promise<Bytes | null>((resolve) => {
				const cancel = session.requestLayout(content, bytes, {
					progress: () => {},
					landed: resolve,
					failed: () => resolve(null),
				});
				this.#ports.after(LAYOUT_MS, () => {
					cancel();
					resolve(null);
				});
			});
			if (layout) return layout;
		}
		return null;
	}

	/** Everything that is offered, for a tracker that has to be told anew. */
	announceAll(): void {
		if (this.uploads) for (const content of this.#shelf.keys()) this.#ports.directory()?.announce(content);
	}

	/** A hint of the tracker: who is in the same groups, and edges. */
	hint({ peers, http = [] }: Peers): void {
		this.#hinted = new Map(peers.map(({ id, role }) => [id, role]));
		this.#warm();
		for (const base of http) this.#httpSource(base, "tracker");
	}

	/** Leaves all neighbours, and meets nobody that it was hinted at. @param atOnce the page goes */
	quit(atOnce: boolean): void {
		this.#hinted.clear();
		this.#ports.neighbours.close(atOnce);
	}

	/** It is asked along with the hello, and so answers a round trip earlier. */
	opened(session: PeerSession): void {
		session.follow(new Map([...this.#interests.values()].map(({ content, pieceCount }) => [content, pieceCount])));
		session.tellWants();
	}

	ready(session: PeerSession): void {
		this.#await(session, [...this.#interests.values()])();
		this.#warm();
	}

	#warm(): void {
		const { neighbours, after } = this.#ports;
		while (this.#hinted.size && neighbours.sessions.length < AT_FIRST) this.#connectNext();
		if (this.#warming || !this.#hinted.size || neighbours.sessions.length >= WARM_NEIGHBOURS) return;
		this.#warming = true;
		after(MORE_MS, () => {
			this.#warming = false;
			const session = neighbours.sessions.length < WARM_NEIGHBOURS && this.#connectNext();
			if (session && neighbours.ready.length) this.#unhurried.add(session);
			this.#warm();
		});
	}

	#connectNext(): PeerSession | undefined {
		const { neighbours } = this.#ports;
		for (const [id, role] of this.#hinted) {
			this.#hinted.delete(id);
			if (!neighbours.session(id) && neighbours.connect(id, role)) return neighbours.session(id);
		}
		return undefined;
	}

	holds(session: PeerSession, content: ContentId, holdings: Holdings, news: readonly number[]): void {
		const interest = this.#interests.get(content);
		interest?.answered(session, session.holds(content));
		interest?.follower.offers(session, holdings, news);
	}

	wants(session: PeerSession, content: ContentId, wants: boolean): void {
		this.#interests.get(content)?.follower.wants(session, wants);
	}

	/** A neighbour has asked the origin for these pieces; `stop`: it will not get them after all. */
	isFetching(session: PeerSession, content: ContentId, pieces: readonly number[], stop: boolean): void {
		this.#interests.get(content)?.follower.fetching(session, pieces, stop);
	}

	gone(session: PeerSession): void {
		for (const interest of this.#interests.values()) {
			interest.answered(session);
			interest.follower.gone(session);
			interest.follower.searched();
		}
		this.#warm();
	}

	async lookup(interest: Interest): Promise<void> {
		const { directory, neighbours } = this.#ports;
		interest.lookups++;
		// of a page's many small resources most are near
		const isNear = interest.pieceCount === 1 && (await interest.isNear());
		if (this.#isOver(interest)) return;
		const connected = neighbours.ready.map(({ id }) => id);
		const found = isNear ? null : await directory()?.lookup(interest.content, connected);
		interest.lookups--;
		if (this.#isOver(interest)) return;
		const later = new Map<PeerId, Role>();
		for (const { id, role, holds, http } of found?.peers ?? []) {
			if (http) this.#serve(interest, http, role);
			const useful = role === "edge" || holds.includes(interest.content);
			if (!useful) continue;
			const urgent = role === "edge" || neighbours.sessions.length < AT_FIRST || !this.#isHeld(interest.content);
			if (!urgent || !neighbours.connect(id, role)) later.set(id, role);
		}
		this.#hinted = new Map([...later, ...this.#hinted].slice(0, MAX_HINTED));
		this.#warm();
		for (const base of found?.http ?? []) this.#serve(interest, base, "tracker");
		interest.follower.searched();
	}

	#isOver(interest: Interest): boolean {
		return this.#interests.get(interest.content) !== interest;
	}

	/** Whether a neighbour has all of it, and gives it. */
	#isHeld(content: ContentId): boolean {
		return this.#ports.neighbours.ready.some((session) => session.holds(content));
	}

	/** A neighbour that is there may hold these. @returns begins the time that it has to answer */
	#await(session: PeerSession, interests: readonly Interest[]): () => void {
		for (const { content, follower, unanswered } of interests) {
			unanswered.add(session);
			follower.offers(session, null, []);
			if (session.wants(content)) follower.wants(session, true);
		}
		return () =>
			this.#ports.after(ASK_MS, () => {
				for (const interest of interests) if (interest.answered(session)) interest.follower.searched();
			});
	}

	#tell(content: ContentId, holdings: Holdings): void {
		const news = this.#news.get(content);
		if (!this.#news.delete(content) || news?.length === 0) return;
		for (const session of this.#ports.neighbours.ready) session.tell(content, holdings, news ?? null);
	}

	#serve(interest: Interest, base: string, role: Role | "tracker"): void {
		const source = this.#httpSource(base, role);
		if (!source || interest.http.has(source)) return;
		interest.http.add(source);
		interest.follower.offers(source, null, []);
	}

	#httpSource(base: string, role: Role | "tracker"): HttpSource | null {
		const { mayFetch, nowMs, receivedOverHttp } = this.#ports;
		if (this.#bannedHttp.has(base) || !mayFetch(base)) return null;
		let source = this.#http.get(base);
		if (!source) {
			source = new HttpSource(base, role, nowMs, receivedOverHttp, () => this.#banHttp(base));
			this.#http.set(base, source);
		}
		return source;
	}

	#banHttp(base: string): void {
		const source = this.#http.get(base);
		this.#bannedHttp.add(base);
		this.#http.delete(base);
		if (source) for (const { follower } of this.#interests.values()) follower.gone(source);
	}
}
