import { type Block, decodeBlock } from "../protocol/block.ts";
import type { Bytes } from "../protocol/bytes.ts";
import { MAX_BLOCK_BYTES } from "../protocol/limits.ts";
import { PeerCloseCode } from "../protocol/messages.ts";
import { keepNewest } from "../protocol/newest.ts";
import type { Estimate } from "../transfer/estimate.ts";
import type { Answer } from "../transfer/source.ts";

/** Cancelled requests of which late blocks are still recognised. */
const MAX_CANCELLED = 1024;

/** The other side broke the protocol. */
export class Breach extends Error {
	readonly code: number;

	constructor(code: number, reason: string) {
		super(reason);
		this.name = "Breach";
		this.code = code;
	}
}

interface Open {
	readonly buffer: Bytes;
	readonly answer: Answer;
	/** Null when it had to wait behind other requests: that says nothing about the round trip. */
	readonly sentMs: number | null;
	/** One bit per block. */
	received: number;
	missing: number;
}

/** What was asked of one neighbour, put together from its blocks. */
export class Requests {
	readonly #open = new Map<number, Open>();
	readonly #cancelled = new Set<number>();
	readonly #estimate: Estimate;
	#lastId = 0;

	constructor(estimate: Estimate) {
		this.#estimate = estimate;
	}

	get outstanding(): number {
		return this.#open.size;
	}

	/** @param length bytes expected, at most `MAX_PIECE_BYTES` @returns the request's id */
	open(length: number, answer: Answer, nowMs: number): number {
		const id = ++this.#lastId;
		const buffer = new Uint8Array(length);
		const sentMs = this.#open.size ? null : nowMs;
		this.#open.set(id, { buffer, answer, sentMs, received: 0, missing: length });
		return id;
	}

	/** @returns whether it was still open */
	cancel(id: number): boolean {
		if (!this.#open.delete(id)) return false;
		this.#cancelled.add(id);
		keepNewest(this.#cancelled, MAX_CANCELLED);
		if (!this.#open.size) this.#estimate.broken();
		return true;
	}

	rejected(id: number, gone: boolean): void {
		const open = this.#open.get(id);
		if (this.cancel(id)) open?.answer.failed(gone);
	}

	/** @returns payload bytes @throws DecodeError @throws Breach */
	block(message: ArrayBuffer, nowMs: number): number {
		const block = decodeBlock(message);
		const { requestId: id, payload } = block;
		const open = this.#open.get(id);
		if (open) this.#take(id, open, block, nowMs);
		else if (this.#cancelled.has(id)) this.#estimate.lastBytesMs = nowMs;
		else throw new Breach(PeerCloseCode.UNSOLICITED, "not asked for");
		return payload.length;
	}

	#take(id: number, open: Open, { offset, payload }: Block, nowMs: number): void {
		const { buffer, answer } = open;
		const bit = 1 << (offset / MAX_BLOCK_BYTES);
		const expected = Math.min(MAX_BLOCK_BYTES, buffer.length - offset);
		if (payload.length !== expected || open.received & bit) {
			throw new Breach(PeerCloseCode.UNSOLICITED, "outside of what was asked for, or twice");
		}
		if (!open.received && open.sentMs !== null) this.#estimate.roundTrip(nowMs - open.sentMs);
		open.received |= bit;
		open.missing -= expected;
		buffer.set(payload, offset);
		const last = !open.missing;
		if (last) this.#open.delete(id);
		this.#estimate.arrived(expected, nowMs, !this.#open.size);
		if (last) answer.landed(buffer);
		else answer.progress();
	}

	/** Nothing more will come. */
	close(): void {
		const answers = [...this.#open.values()];
		this.#open.clear();
		for (const { answer } of answers) answer.failed(false);
	}
}
