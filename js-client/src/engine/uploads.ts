import { encodeBlock } from "../protocol/block.ts";
import type { Bytes } from "../protocol/bytes.ts";
import type { ContentId } from "../protocol/ids.ts";
import { MAX_BLOCK_BYTES, MAX_SEND_BUFFER_BYTES } from "../protocol/limits.ts";
import type { ControlMessage, PieceRequest, RejectReason } from "../protocol/messages.ts";
import type { PeerLink } from "./peer-link.ts";

/** Requests that a neighbour may have open here; more are rejected. */
export const MAX_SERVED_AT_ONCE = 64;

/** What this page gives to others. */
export interface Offering {
	/** Verified bytes; null for what is not held, or not offered. */
	piece(content: ContentId, index: number): Promise<Bytes | null>;
	layout(content: ContentId): Promise<Bytes | null>;
	/** Makes room for a block of so many bytes: in how many milliseconds it may be sent; infinite: not at all. */
	waitMs(bytes: number): number;
	uploaded(bytes: number): void;
}

interface Time {
	nowMs(): number;
	/** Calls back again and again; the result ends it. */
	every(ms: number, callback: () => void): () => void;
}

interface Job {
	readonly id: number;
	readonly content: ContentId;
	readonly askedMs: number;
	/** Null: it is not to be had. */
	bytes(): Promise<Bytes | null>;
	/** Sent before the blocks. */
	announce(length: number): ControlMessage | null;
	cancelled: boolean;
}

/**
 * Serves one neighbour, a request at a time in the order in which they came, with no more in the channel's buffer than the
 * protocol allows. Neighbours do not wait for each other.
 */
export class Uploads {
	readonly #link: PeerLink;
	readonly #offering: Offering;
	readonly #send: (message: ControlMessage) => void;
	readonly #time: Time;
	readonly #jobs: Job[] = [];
	#choked = false;
	#running = false;
	#closed = false;
	#drained: () => void = () => {};
	bytes = 0;

	constructor(link: PeerLink, offering: Offering, send: (message: ControlMessage) => void, time: Time) {
		this.#link = link;
		this.#offering = offering;
		this.#send = send;
		this.#time = time;
	}

	get isBusy(): boolean {
		return this.#running;
	}

	/** How long what was asked for first has been waited for; 0: nothing is. */
	get waitingMs(): number {
		const first = this.#jobs[0];
		return first ? this.#time.nowMs() - first.askedMs : 0;
	}

	request({ id, content, piece, begin = 0, length }: PieceRequest): void {
		this.#add(
			id,
			content,
			async () => {
				const bytes = await this.#offering.piece(content, piece);
				if (!bytes || length === undefined) return bytes;
				return begin + length <= bytes.length ? bytes.subarray(begin, begin + length) : null;
			},
			() => null,
		);
	}

	layout(id: number, content: ContentId): void {
		this.#add(
			id,
			content,
			() => this.#offering.layout(content),
			(length) => ({ type: "layout", id, length }),
		);
	}

	/**
	 * Says so when it is news, and then refuses what is asked for.
	 * @param atOnce whether what is being sent is not finished either
	 */
	choke(choked: boolean, atOnce: boolean): void {
		if (this.#choked !== choked) this.#send({ type: choked ? "choke" : "unchoke" });
		this.#choked = choked;
		if (!choked) return;
		for (const job of atOnce ? this.#jobs : this.#jobs.slice(1)) this.#refuse(job, "busy");
	}

	/** Breaks off what has one of these ids. */
	block(ids: ReadonlySet<string>): void {
		for (const job of this.#jobs) if (ids.has(job.content)) this.#refuse(job, "gone");
	}

	cancel(id: number): void {
		for (const job of this.#jobs) if (job.id === id) job.cancelled = true;
	}

	reject(id: number, reason: RejectReason): void {
		this.#send({ type: "reject", id, reason });
	}

	/** The link's buffer has room again. */
	drained(): void {
		this.#drained();
	}

	close(): void {
		this.#closed = true;
		this.#jobs.length = 0;
		this.#drained();
	}

	#refuse(job: Job, reason: RejectReason): void {
		if (!job.cancelled) this.reject(job.id, reason);
		job.cancelled = true;
	}

	#add(id: number, content: ContentId, bytes: Job["bytes"], announce: Job["announce"]): void {
		if (this.#choked || this.#jobs.length >= MAX_SERVED_AT_ONCE) {
			this.reject(id, this.#choked ? "busy" : "limit");
			return;
		}
		this.#jobs.push({ id, content, askedMs: this.#time.nowMs(), bytes, announce, cancelled: false });
		// ends by itself; reading and sending do not reject
		if (!this.#running) void this.#run();
	}

	async #run(): Promise<void> {
		this.#running = true;
		for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
			const bytes = job.cancelled ? null : await job.bytes();
			if (this.#closed) break;
			if (!job.cancelled) {
				if (bytes) await this.#serve(job, bytes);
				else this.reject(job.id, "gone");
			}
			this.#jobs.shift();
		}
		this.#running = false;
	}

	async #serve(job: Job, bytes: Bytes): Promise<void> {
		const announcement = job.announce(bytes.length);
		if (announcement) this.#send(announcement);
		for (let offset = 0; offset < bytes.length; offset += MAX_BLOCK_BYTES) {
			while (this.#link.bufferedBytes + MAX_BLOCK_BYTES > MAX_SEND_BUFFER_BYTES && !this.#closed) {
				await new Promise<void>((resolve) => {
					this.#drained = resolve;
				});
			}
			if (job.cancelled || this.#closed) return;
			const payload = bytes.subarray(offset, offset + MAX_BLOCK_BYTES);
			const waitMs = this.#offering.waitMs(payload.length);
			if (waitMs > 0) {
				if (waitMs === Number.POSITIVE_INFINITY) this.#refuse(job, "busy");
				else await this.#pause(waitMs);
				if (job.cancelled || this.#closed) return;
			}
			this.#link.sendBlock(encodeBlock({ requestId: job.id, offset, payload }));
			this.bytes += payload.length;
			this.#offering.uploaded(payload.length);
		}
	}
	#pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const stop = this.#time.every(ms, () => {
				stop();
				resolve();
			});
		});
	}
}
