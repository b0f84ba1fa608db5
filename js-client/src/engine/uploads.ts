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
	uploaded(bytes: number): void;
}

interface Job {
	readonly id: number;
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
	readonly #jobs: Job[] = [];
	#running = false;
	#closed = false;
	#drained: () => void = () => {};
	bytes = 0;

	constructor(link: PeerLink, offering: Offering, send: (message: ControlMessage) => void) {
		this.#link = link;
		this.#offering = offering;
		this.#send = send;
	}

	get isBusy(): boolean {
		return this.#running;
	}

	request({ id, content, piece, begin = 0, length }: PieceRequest): void {
		this.#add({
			id,
			cancelled: false,
			announce: () => null,
			bytes: async () => {
				const bytes = await this.#offering.piece(content, piece);
				if (!bytes || length === undefined) return bytes;
				return begin + length <= bytes.length ? bytes.subarray(begin, begin + length) : null;
			},
		});
	}

	layout(id: number, content: ContentId): void {
		this.#add({
			id,
			cancelled: false,
			announce: (length) => ({ type: "layout", id, length }),
			bytes: () => this.#offering.layout(content),
		});
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

	#add(job: Job): void {
		if (this.#jobs.length >= MAX_SERVED_AT_ONCE) {
			this.reject(job.id, "limit");
			return;
		}
		this.#jobs.push(job);
		// ends by itself; reading and sending do not reject
		if (!this.#running) void this.#run();
	}

	async #run(): Promise<void> {
		this.#running = true;
		for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
			const bytes = job.cancelled ? null : await job.bytes();
			if (this.#closed) break;
			if (bytes) await this.#serve(job, bytes);
			else if (!job.cancelled) this.reject(job.id, "gone");
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
			this.#link.sendBlock(encodeBlock({ requestId: job.id, offset, payload }));
			this.bytes += payload.length;
			this.#offering.uploaded(payload.length);
		}
	}
}
