import { decodeBase64Url, encodeBase64Url } from "../protocol/base64url.ts";
import { decodeControlMessage } from "../protocol/decode.ts";
import { DecodeError } from "../protocol/decode-error.ts";
import type { ContentId, PeerId } from "../protocol/ids.ts";
import {
	MAX_BLOCK_BYTES,
	MAX_CLOSE_REASON_CHARS,
	MAX_CONTROL_BURST,
	MAX_CONTROL_PER_SECOND,
	MAX_HAVE_PIECES,
	MAX_WANT_IDS,
	MAX_WANTED_CONTENTS,
	PEER_PING_SECONDS,
	PEER_SILENCE_SECONDS,
} from "../protocol/limits.ts";
import { type ControlMessage, type Have, PeerCloseCode, type Role } from "../protocol/messages.ts";
import { DECIDE_MS, type Taker } from "../transfer/choking.ts";
import { Estimate } from "../transfer/estimate.ts";
import { Holdings } from "../transfer/holdings.ts";
import { WINDOW_BYTES } from "../transfer/plan.ts";
import type { Answer, PieceSource, Wanted } from "../transfer/source.ts";
import type { LinkListener, PeerLink } from "./peer-link.ts";
import { Breach, Requests } from "./requests.ts";
import { MAX_SERVED_AT_ONCE, type Offering, Uploads } from "./uploads.ts";

export const AGENT = `rivulet-js/${__RIVULET_VERSION__}`;

/** Beyond two round trips and the time that a block or two take, nothing comes of what was asked for because a packet is lost. */
const STALL_MS = 60;
const STALL_BLOCKS = 2;
/** How often that is looked at. */
const STALL_STEP_MS = 20;
/** So many later packets tell SCTP that an earlier one is lost (RFC 9260, section 7.2.4). */
const LOSS_PROBES = 3;

/** "I hold nothing of it", for whoever does not know how many pieces there are. */
const NOTHING = encodeBase64Url(new Uint8Array(1));

/** What this page holds, as it tells its neighbours. */
export interface Shelf extends Offering {
	/** Whether anything is given at all. */
	open(): boolean;
	/** Null: not offered to anybody. */
	holdings(content: ContentId): Holdings | null;
	/** Pieces that the origin was asked for and that are to be offered. */
	fetching(content: ContentId): readonly number[];
}

/** What happens in a session. */
export interface SessionListener {
	/** This side has said hello, and may say more. */
	opened(session: PeerSession): void;
	/** Both sides said hello. */
	ready(session: PeerSession): void;
	/** What it holds of a content that was asked for, as far as it said; `news` are pieces it just got. */
	holds(session: PeerSession, content: ContentId, holdings: Holdings, news: readonly number[]): void;
	/** Whether it is getting a content itself, and would give it. */
	wants(session: PeerSession, content: ContentId, wants: boolean): void;
	/** It has asked the origin for these pieces; `stop`: it will not get them after all. */
	fetching(session: PeerSession, content: ContentId, pieces: readonly number[], stop: boolean): void;
	received(session: PeerSession, bytes: number): void;
	sentBadPiece(session: PeerSession, content: ContentId, piece: number): void;
	/** Also when it never was ready. */
	closed(session: PeerSession): void;
}

export interface SessionOptions {
	readonly id: PeerId;
	readonly role: Role;
	readonly shelf: Shelf;
	readonly listener: SessionListener;
	nowMs(): number;
	every(ms: number, callback: () => void): () => void;
}

/** One neighbour: what is said on its control channel, in both directions. */
export class PeerSession implements PieceSource {
	readonly id: PeerId;
	readonly kind: Role;
	readonly estimate = new Estimate();
	readonly pullsThrough: boolean;
	/** When anything useful last went either way. */
	usefulMs: number;
	/** `open` until the other side has said hello, then `ready`. */
	state: "connecting" | "open" | "ready" | "closed" = "connecting";
	/** Whether it ever was open. */
	wasOpen = false;
	down = 0;
	/** Requests that it accepts at once, when it does not choke. */
	#accepts = 1;
	#chokes = false;
	readonly #options: SessionOptions;
	readonly #link: PeerLink;
	readonly #requests = new Requests(this.estimate);
	readonly #uploads: Uploads;
	readonly #followed = new Map<ContentId, Holdings>();
	/** What it has not been told of: contents that are followed, and before that, those that are not any more. */
	readonly #untoldWants = new Set<ContentId>();
	readonly #untoldStops = new Set<ContentId>();
	readonly #wantedHere = new Set<ContentId>();
	readonly #stopPings: () => void;
	readonly #nonce = Math.floor(Math.random() * 2 ** 32);
	#heardMs: number;
	/** When it last said what it wants, or wants no more. */
	#wantedMs = Number.NEGATIVE_INFINITY;
	#pingMs: number | null = null;
	/** Of what is under way the last that was asked for. */
	#askedMs = 0;
	/** Since when nothing had come when it was last pinged for that. */
	#probedMs = -1;
	#endProbes: (() => void) | null = null;
	#allowance = MAX_CONTROL_BURST;
	#allowanceMs: number;

	/** @param link makes the link, given who listens to it */
	constructor(options: SessionOptions, link: (listener: LinkListener) => PeerLink) {
		this.#options = options;
		this.id = options.id;
		this.kind = options.role;
		this.pullsThrough = options.role === "edge";
		this.usefulMs = this.#heardMs = this.#allowanceMs = options.nowMs();
		this.#link = link({
			opened: () => this.#opened(),
			control: (text) => this.#heed(() => this.#control(text)),
			block: (buffer) => this.#heed(() => this.#block(buffer)),
			drained: () => this.#uploads.drained(),
			closed: () => this.#closed(),
		});
		this.#uploads = new Uploads(this.#link, options.shelf, (message) => this.#send(message), options);
		this.#stopPings = options.every(PEER_PING_SECONDS * 1000, () => this.#ping());
	}

	get outstanding(): number {
		return this.#requests.outstanding;
	}

	get limit(): number {
		return this.#chokes ? 0 : this.#accepts;
	}

	get up(): number {
		return this.#uploads.bytes;
	}

	/** This neighbour, as who gives sees it. */
	get taker(): Taker {
		const { id, down, up } = this;
		const wants = this.#wantedHere.size > 0 || this.#options.nowMs() - this.#wantedMs < DECIDE_MS;
		return { id, down, up, wants, waitingMs: this.#uploads.waitingMs };
	}

	/** See `Uploads`. */
	block(ids: ReadonlySet<string>): void {
		this.#uploads.block(ids);
	}

	/** See `Uploads`. */
	choke(choked: boolean, atOnce: boolean): void {
		this.#uploads.choke(choked, atOnce);
	}

	/** Whether pieces are under way. */
	get isBusy(): boolean {
		return this.outstanding > 0 || this.#uploads.isBusy;
	}

	/** Contents whose pieces are asked of it, or wanted by it. */
	get concerns(): number {
		return this.#followed.size + this.#wantedHere.size;
	}

	/** Whether it said that it has all of a content that it was asked for, and gives it. */
	holds(content: ContentId): boolean {
		return this.limit > 0 && this.#followed.get(content)?.complete === true;
	}

	/** Asks what it holds of these, now and as it changes, with the next `tellWants`. */
	follow(contents: ReadonlyMap<ContentId, number>): void {
		for (const [content, pieceCount] of contents) {
			if (this.#followed.has(content)) this.unfollow(content);
			this.#followed.set(content, new Holdings(pieceCount));
			this.#untoldWants.add(content);
		}
	}

	unfollow(content: ContentId): void {
		if (this.#followed.delete(content) && !this.#untoldWants.delete(content)) this.#untoldStops.add(content);
	}

	/** Says what is followed and what is not any more, as many contents in a message as it takes. */
	tellWants(): void {
		for (const untold of [this.#untoldStops, this.#untoldWants]) {
			const ids = [...untold];
			const isStop = untold === this.#untoldStops;
			untold.clear();
			for (let i = 0; i < ids.length; i += MAX_WANT_IDS) {
				const contents = ids.slice(i, i + MAX_WANT_IDS);
				this.#send({ type: "want", contents, ...(isStop && { stop: true }) });
			}
		}
	}

	/** Tells it of pieces that are offered from now on, or with null of all, if it follows the content. */
	tell(content: ContentId, holdings: Holdings, news: readonly number[] | null): void {
		if (!this.#wantedHere.has(content)) return;
		if (holdings.complete || !news || news.length > MAX_HAVE_PIECES) this.#answerWant(content);
		else this.#send({ type: "have", content, add: news });
	}

	/** Whether it is getting that content itself, and would give it. */
	wants(content: ContentId): boolean {
		return this.#wantedHere.has(content) && !this.#chokes;
	}

	/** Tells it what the origin was asked for, or with `stop` what it will not give, if it wants the content. */
	tellFetching(content: ContentId, pieces: readonly number[], stop: boolean): void {
		if (!this.#wantedHere.has(content)) return;
		for (let i = 0; i < pieces.length; i += MAX_HAVE_PIECES) {
			const some = pieces.slice(i, i + MAX_HAVE_PIECES);
			this.#send({ type: "fetching", content, pieces: some, ...(stop && { stop }) });
		}
	}

	request({ content, piece, length, url }: Wanted, answer: Answer): () => void {
		const id = this.#open(length, answer);
		this.#send({ type: "request", id, content, piece, ...(this.pullsThrough && { url }) });
		return () => {
			if (this.#requests.cancel(id)) this.#send({ type: "cancel", id });
		};
	}

	/** Asks for a layout of so many bytes. */
	requestLayout(content: ContentId, bytes: number, answer: Answer): () => void {
		const id = this.#open(bytes, answer);
		this.#send({ type: "layout", id, content });
		return () => void this.#requests.cancel(id);
	}

	sentBadPiece(content: ContentId, piece: number): void {
		this.#options.listener.sentBadPiece(this, content, piece);
	}

	close(code: number, reason: string, atOnce = false): void {
		if (this.wasOpen) {
			this.#send({ type: "close", code, reason: reason.slice(0, MAX_CLOSE_REASON_CHARS) });
		}
		this.#link.close(atOnce);
	}

	#opened(): void {
		this.state = "open";
		this.wasOpen = true;
		this.#heardMs = this.#options.nowMs();
		this.#send({
			type: "hello",
			version: 1,
			agent: AGENT,
			features: [],
			outstanding: MAX_SERVED_AT_ONCE,
			credit: WINDOW_BYTES,
		});
		this.#options.listener.opened(this);
		this.#ping();
	}

	/** One's own bugs are not the neighbour's breaches: other errors pass. */
	#heed(act: () => void): void {
		this.#heardMs = this.#options.nowMs();
		try {
			act();
		} catch (error) {
			if (error instanceof Breach) this.close(error.code, error.message);
			else if (error instanceof DecodeError) this.close(PeerCloseCode.MALFORMED, error.message);
			else throw error;
		}
	}

	#block(buffer: ArrayBuffer): void {
		const { listener, nowMs } = this.#options;
		this.usefulMs = nowMs();
		const payloadBytes = Math.max(0, buffer.byteLength - 8);
		this.down += payloadBytes;
		listener.received(this, payloadBytes);
		this.#requests.block(buffer, nowMs());
	}

	#control(text: string): void {
		this.#spend();
		const message = decodeControlMessage(text);
		if (message.type === "hello") {
			if (this.state !== "open") throw new Breach(PeerCloseCode.MALFORMED, "hello again");
			this.state = "ready";
			this.#accepts = message.outstanding;
			this.#options.listener.ready(this);
			return;
		}
		if (this.state !== "ready") throw new Breach(PeerCloseCode.MALFORMED, "no hello");
		switch (message.type) {
			case "want":
				this.#want(message.contents, message.stop === true);
				break;
			case "have":
				this.#have(message);
				break;
			case "fetching":
				if (this.#chokes) break;
				this.#options.listener.fetching(this, message.content, message.pieces, message.stop === true);
				break;
			case "choke":
			case "unchoke":
				this.#chokes = message.type === "choke";
				for (const content of this.#wantedHere) this.#options.listener.wants(this, content, !this.#chokes);
				break;
			case "request":
				this.usefulMs = this.#heardMs;
				this.#uploads.request(message);
				break;
			case "cancel":
				this.#uploads.cancel(message.id);
				break;
			case "reject":
				this.#requests.rejected(message.id, message.reason === "gone" || message.reason === "unknown");
				break;
			case "layout":
				if ("content" in message) this.#uploads.layout(message.id, message.content);
				break;
			case "shard":
				if ("hash" in message) this.#uploads.reject(message.id, "unknown");
				break;
			case "ping":
				if (message.reply) this.#pong(message.nonce);
				else this.#send({ type: "ping", nonce: message.nonce, reply: true });
				break;
			case "close":
				this.#link.close();
				break;
			case "unknown":
				break;
			default:
				message satisfies never;
		}
	}

	#want(contents: readonly ContentId[], stop: boolean): void {
		this.#wantedMs = this.#heardMs;
		for (const content of contents) {
			if (stop) this.#wantedHere.delete(content);
			else {
				this.#wantedHere.add(content);
				// What is under way first: with the holdings alone the peer would turn to the origin.
				this.tellFetching(content, this.#options.shelf.fetching(content), false);
				this.#answerWant(content);
			}
			this.#options.listener.wants(this, content, this.wants(content));
		}
		if (this.#wantedHere.size > MAX_WANTED_CONTENTS) throw new Breach(PeerCloseCode.RATE_LIMIT, "wants too much");
	}

	#answerWant(content: ContentId): void {
		const holdings = this.#options.shelf.holdings(content);
		if (holdings?.complete) this.#send({ type: "have", content, complete: true });
		else {
			const pieces = holdings ? encodeBase64Url(holdings.toBitfield()) : NOTHING;
			this.#send({ type: "have", content, pieces });
		}
	}

	#have(message: Have): void {
		const { content } = message;
		const holdings = this.#followed.get(content);
		if (!holdings) return;
		let news: number[] = [];
		if ("add" in message) news = message.add.filter((piece) => holdings.add(piece));
		else {
			const before = holdings.copy();
			if ("complete" in message) holdings.addAll();
			else holdings.setBitfield(decodeBase64Url(message.pieces) ?? new Uint8Array());
			news = before.lackedOf(holdings);
		}
		this.#options.listener.holds(this, content, holdings, news);
	}

	#open(length: number, answer: Answer): number {
		const { every, nowMs } = this.#options;
		this.#askedMs = nowMs();
		this.#endProbes ??= every(STALL_STEP_MS, () => this.#probe());
		return this.#requests.open(length, answer, this.#askedMs);
	}

	/**
	 * A packet lost at the end of what was sent is missed only when a timer of SCTP's runs out, after 400 ms and more. Answers
	 * to pings are packets after it: the other side sends it again as soon as it hears that they came (as RFC 8985, section 7).
	 */
	#probe(): void {
		if (!this.outstanding) {
			this.#endProbes?.();
			this.#endProbes = null;
			return;
		}
		const { rttMs, bytesPerMs, lastBytesMs } = this.estimate;
		const blocksMs = bytesPerMs && (STALL_BLOCKS * MAX_BLOCK_BYTES) / bytesPerMs;
		const sinceMs = Math.max(this.#askedMs, lastBytesMs);
		const silentMs = this.#options.nowMs() - sinceMs;
		if (this.#probedMs === sinceMs || silentMs < STALL_MS + 2 * rttMs + blocksMs) return;
		this.#probedMs = sinceMs;
		// another nonce: how long these take says nothing of the way
		for (let i = 0; i < LOSS_PROBES; i++) this.#send({ type: "ping", nonce: (this.#nonce + 1) >>> 0 });
	}

	#ping(): void {
		const { nowMs } = this.#options;
		if (!this.wasOpen) return;
		if (nowMs() - this.#heardMs > PEER_SILENCE_SECONDS * 1000) {
			this.close(PeerCloseCode.IDLE, "silent");
			return;
		}
		this.#pingMs = nowMs();
		this.#send({ type: "ping", nonce: this.#nonce });
	}

	#pong(nonce: number): void {
		if (nonce !== this.#nonce || this.#pingMs === null) return;
		this.estimate.roundTrip(this.#options.nowMs() - this.#pingMs);
		this.#pingMs = null;
	}

	#spend(): void {
		const seconds = (this.#heardMs - this.#allowanceMs) / 1000;
		this.#allowanceMs = this.#heardMs;
		this.#allowance = Math.min(MAX_CONTROL_BURST, this.#allowance + seconds * MAX_CONTROL_PER_SECOND) - 1;
		if (this.#allowance < 0) throw new Breach(PeerCloseCode.RATE_LIMIT, "too many messages");
	}

	#send(message: ControlMessage): void {
		this.#link.sendControl(JSON.stringify(message));
	}

	#closed(): void {
		this.state = "closed";
		this.#stopPings();
		this.#endProbes?.();
		this.#uploads.close();
		this.#requests.close();
		this.#options.listener.closed(this);
	}
}
