import type { PeerId } from "../protocol/ids.ts";
import { type IceServer, PeerCloseCode, type Role, type SignalBody, type SignalFrom } from "../protocol/messages.ts";
import { Choking, PAGE_SLOTS } from "../transfer/choking.ts";
import type { LinkFactory, LinkListener, SignalledLink } from "./peer-link.ts";
import { PeerSession, type SessionListener, type Shelf } from "./peer-session.ts";

/** Live neighbours, those being connected included. */
export const MAX_NEIGHBOURS = 12;
/** A peer that could not be connected is not tried again for so long. */
const RETRY_MS = 30_000;
/** A neighbour that was of no use for so long makes room for another. */
const IDLE_MS = 10_000;

/** How often it is looked whom this page gives to. */
const CHOKE_MS = 1000;

/** Session ids are told apart by those who chose them: a counter would do, but for peers that resume. */
const newSessionId = (): string => Math.random().toString(36).slice(2, 14) || "0";

export interface NeighboursPorts {
	readonly makeLink: LinkFactory;
	readonly shelf: Shelf;
	/** Passes a signal on to another peer. */
	signal(to: PeerId, session: string, body: SignalBody): void;
	nowMs(): number;
	every(ms: number, callback: () => void): () => void;
	readonly listener: NeighboursListener;
}

export interface NeighboursListener extends SessionListener {
	joining(session: PeerSession): void;
}

interface Neighbour {
	readonly session: PeerSession;
	readonly link: SignalledLink;
	/** Id of the signalling session. */
	readonly name: string;
	/** Whether this side made the offer, and it is not answered. */
	offered: boolean;
}

/** Who is met, and who is not: one connection per peer (docs/protocol.md §6). */
export class Neighbours {
	readonly #ports: NeighboursPorts;
	readonly #neighbours = new Map<PeerId, Neighbour>();
	readonly #banned = new Set<PeerId>();
	readonly #siblings = new Set<PeerId>();
	/** Peers of which the tracker said that they are edges. */
	readonly #edges = new Set<PeerId>();
	readonly #failedMs = new Map<PeerId, number>();
	readonly #choking = new Choking(PAGE_SLOTS);
	#self: PeerId | null = null;
	/** By which connections that are made from now on find their way. */
	ice: readonly IceServer[] = [];
	#edgesOnly = true;

	constructor(ports: NeighboursPorts) {
		this.#ports = ports;
		ports.every(CHOKE_MS, () => this.choke());
	}

	get sessions(): PeerSession[] {
		return [...this.#neighbours.values()].map(({ session }) => session);
	}

	/** Those that said hello. */
	get ready(): PeerSession[] {
		return this.sessions.filter(({ state }) => state === "ready");
	}

	session(id: PeerId): PeerSession | undefined {
		return this.#neighbours.get(id)?.session;
	}

	/** @param edgesOnly as of {@link meet} */
	configure(self: PeerId, ice: readonly IceServer[], edgesOnly: boolean): void {
		this.#self = self;
		this.ice = ice;
		this.meet(edgesOnly);
	}

	/** @param edgesOnly whether other pages are not to be met, and those that were are left */
	meet(edgesOnly: boolean): void {
		this.#edgesOnly = edgesOnly;
		if (edgesOnly) this.#closeWhere(({ kind }) => kind === "page", "edges only");
	}

	/** Another tab of this profile: it has the same store, so there is nothing to exchange. */
	sibling(id: PeerId): void {
		this.#siblings.add(id);
		this.#closeWhere((session) => session.id === id, "same profile");
	}

	/** Connects a peer that the tracker named. @returns whether it is connected or may become so */
	connect(id: PeerId, role: Role): boolean {
		if (role === "edge") this.#edges.add(id);
		if (this.#neighbours.has(id)) return true;
		const failedMs = this.#failedMs.get(id) ?? Number.NEGATIVE_INFINITY;
		if (this.#ports.nowMs() - failedMs < RETRY_MS || !this.#mayMeet(id, role) || !this.#makeRoom()) return false;
		return this.#add(id, role, newSessionId(), true) !== null;
	}

	receive(message: SignalFrom): void {
		const { from, session: name } = message;
		if ("offer" in message) {
			this.#offered(from, message.role ?? "page", name, message);
			return;
		}
		const neighbour = this.#neighbours.get(from);
		if (neighbour?.name !== name) return;
		if ("answer" in message) neighbour.offered = false;
		neighbour.link.receive(message);
	}

	/** Lets neighbours know whether they are given to, as it is now. */
	choke(): void {
		const { nowMs, shelf } = this.#ports;
		const { ready } = this;
		const takers = ready.map(({ taker }) => taker);
		const takes = this.#choking.decide(takers, nowMs(), Math.random);
		const shut = !shelf.open();
		for (const session of ready) session.choke(shut || takes?.includes(session.id) === false, shut);
	}

	/** The own peer id; null before there is one. */
	get self(): PeerId | null {
		return this.#self;
	}

	/** The tracker does not know that peer any more. */
	unknown(id: PeerId): void {
		const neighbour = this.#neighbours.get(id);
		if (neighbour?.session.state === "connecting") neighbour.link.close();
	}

	/** A peer is dropped and never met again. */
	ban(id: PeerId, code = PeerCloseCode.BAD_PIECE, reason = "bad piece"): void {
		this.#banned.add(id);
		this.#neighbours.get(id)?.session.close(code, reason);
	}

	/** @param atOnce the page goes */
	close(atOnce: boolean): void {
		this.#closeWhere(() => true, "page leaves", atOnce);
	}

	#mayMeet(id: PeerId, role: Role): boolean {
		return (
			this.#self !== null &&
			id !== this.#self &&
			!this.#banned.has(id) &&
			!this.#siblings.has(id) &&
			(role === "edge" || !this.#edgesOnly)
		);
	}

	#offered(from: PeerId, said: Role, name: string, offer: SignalBody): void {
		const role = this.#edges.has(from) ? "edge" : said;
		const other = this.#neighbours.get(from);
		// Both offered at once: the offer of the smaller id stands, and the other is dropped by its maker.
		const mineStands = other?.offered === true && this.#self !== null && this.#self < from;
		if (mineStands) return;
		if (!this.#mayMeet(from, role) || !(other || this.#makeRoom())) {
			this.#ports.signal(from, name, { close: true });
			return;
		}
		// The other side would not offer anew if it still had a connection.
		if (other) other.session.close(PeerCloseCode.DUPLICATE, "a newer connection");
		this.#failedMs.delete(from);
		this.#add(from, role, name, false)?.link.receive(offer);
	}

	#add(id: PeerId, role: Role, name: string, offers: boolean): Neighbour | null {
		const { listener, makeLink, nowMs, shelf, signal, every } = this.#ports;
		const sessionListener: SessionListener = {
			...listener,
			opened: (session) => {
				if (!shelf.open()) session.choke(true, true);
				listener.opened(session);
			},
			ready: (session) => {
				this.choke();
				listener.ready(session);
			},
			sentBadPiece: (...what) => {
				listener.sentBadPiece(...what);
				this.ban(id);
			},
			closed: (session) => this.#closed(session, name),
		};
		let link: SignalledLink | null = null;
		const connect = (linkListener: LinkListener) => {
			link = makeLink({ ice: this.ice, offers, signal: (body) => signal(id, name, body), listener: linkListener });
			return link;
		};
		let session: PeerSession;
		try {
			session = new PeerSession({ id, role, shelf, nowMs, every, listener: sessionListener }, connect);
		} catch {
			return null; // the browser makes no more connections, or none with these ICE servers
		}
		if (!link) return null;
		const neighbour = { session, link, name, offered: offers };
		this.#neighbours.set(id, neighbour);
		listener.joining(session);
		return neighbour;
	}

	#closed(session: PeerSession, name: string): void {
		const { listener, nowMs, signal } = this.#ports;
		if (this.#neighbours.get(session.id)?.session === session) this.#neighbours.delete(session.id);
		if (!session.wasOpen) {
			this.#failedMs.set(session.id, nowMs());
			signal(session.id, name, { close: true });
		}
		listener.closed(session);
	}

	/** Makes sure that there is room for one more, if need be by leaving a neighbour that is of no use. */
	#makeRoom(): boolean {
		if (this.#neighbours.size < MAX_NEIGHBOURS) return true;
		const useless = this.ready
			.filter((session) => !session.isBusy && this.#ports.nowMs() - session.usefulMs > IDLE_MS)
			.sort((a, b) => a.concerns - b.concerns || a.usefulMs - b.usefulMs)[0];
		useless?.close(PeerCloseCode.NORMAL, "no longer useful");
		return useless !== undefined;
	}

	#closeWhere(condition: (session: PeerSession) => boolean, reason: string, atOnce = false): void {
		for (const session of this.sessions) if (condition(session)) session.close(PeerCloseCode.NORMAL, reason, atOnce);
	}
}
