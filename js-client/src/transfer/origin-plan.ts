/** The longest range asked of the origin at once. */
export const MAX_RUN_BYTES = 8_388_608;
/** And no more than it takes this long for: others may come meanwhile, to whom nothing of the range is left. */
const MAX_RUN_MS = 3000;
/** What it is taken to deliver before that is known, so that a slow one is not asked for too much: 1 MiB/s. */
const PRESUMED_BYTES_PER_MS = 1049;
const MAX_RUNS = 4;
/** Pieces per range while holders are being connected. */
const CAUTIOUS_PIECES = 2;
/** A run without progress for this long is no longer counted on. */
const STALL_MS = 3000;
/** An origin that failed is left alone for this long, doubled with each failure. */
const RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
/** Pieces that a whole response is about to bring itself. */
const WHOLE_AHEAD = 4;

/** What is to be fetched. */
export interface Shape {
	readonly pieceCount: number;
	/** Bytes in every piece but the last. */
	readonly pieceLength: number;
	/** Whether the origin can be asked for a range. */
	readonly ranges: boolean;
}

/** Consecutive pieces asked of the origin in one request. */
export interface Run {
	readonly from: number;
	readonly to: number;
	/** Without a range. */
	readonly whole: boolean;
	/** The piece that comes next. */
	at: number;
	progressMs: number;
}

/** How much longer ranges may become. */
export type Others = "none" | "coming" | "some";

/**
 * What is asked of the origin. Ranges grow while nobody else holds anything, and end by themselves: what is on its way from
 * the origin when a request is aborted was sent in vain.
 */
export class OriginPlan {
	readonly runs = new Set<Run>();
	/** Whether it can be asked for ranges of this content. */
	ranges: boolean;
	/** Measured by the shell: what is on its way when a range ends. */
	leadBytes = 0;
	/** Measured by the shell: what it delivers while it is asked for something; 0 before that is known. */
	bytesPerMs = 0;
	/** When that was. */
	measuredMs = 0;
	/** It has other bytes now: it is not asked again. */
	contradicts = false;
	readonly #shape: Shape;
	#growth = 1;
	#failures = 0;
	#retryMs = 0;

	constructor(shape: Shape) {
		this.#shape = shape;
		this.ranges = shape.ranges && shape.pieceCount > 1;
	}

	/** Whether it failed, and has given nothing since. */
	get isLost(): boolean {
		return this.contradicts || this.#failures > 0;
	}

	isUsable(nowMs: number): boolean {
		return !this.contradicts && this.#retryMs <= nowMs;
	}

	brings(piece: number, nowMs: number): boolean {
		for (const { at, to, whole, progressMs } of this.runs) {
			const end = whole ? Math.min(to, at + WHOLE_AHEAD) : to;
			if (piece >= at && piece < end && nowMs - progressMs < STALL_MS) return true;
		}
		return false;
	}

	/** Others bring pieces. */
	shrink(): void {
		this.#growth = Math.max(1, this.#growth / 2);
	}

	landed(run: Run): void {
		run.at++;
		this.#failures = 0;
	}

	ended(run: Run): void {
		if (this.runs.delete(run)) this.#growth *= 2;
	}

	failed(run: Run, nowMs: number): void {
		this.runs.delete(run);
		this.#retryMs = nowMs + Math.min(RETRY_MS * 2 ** this.#failures++, MAX_RETRY_MS);
	}

	/**
	 * New runs.
	 *
	 * @param urgent pieces that are late elsewhere
	 * @param open pieces that nobody else has, in the order in which they are needed
	 */
	ask(urgent: readonly number[], open: readonly number[], others: Others, nowMs: number): Run[] {
		if (!this.isUsable(nowMs)) return [];
		const { pieceCount } = this.#shape;
		if (!this.ranges)
			return urgent.length + open.length && !this.runs.size ? [this.#run(0, pieceCount, true, nowMs)] : [];
		const asked: Run[] = [];
		for (const piece of urgent) if (this.runs.size < MAX_RUNS) asked.push(this.#run(piece, piece + 1, false, nowMs));
		if (!this.#hasEnoughToDo(others)) asked.push(...this.#next(open, this.#length(others), nowMs));
		return asked;
	}

	/** A run of some of these pieces, ascending, beside those who hold them, so that `bytes` are asked for in all. */
	help(pieces: readonly number[], bytes: number, nowMs: number): Run[] {
		const lacking = Math.ceil(bytes / this.#shape.pieceLength) - this.#underWay;
		return this.ranges && this.isUsable(nowMs) ? this.#next(pieces, lacking, nowMs) : [];
	}

	/** A run of at most so many of these pieces. */
	#next(pieces: readonly number[], most: number, nowMs: number): Run[] {
		const [from] = pieces;
		if (from === undefined || most < 1 || this.runs.size >= MAX_RUNS) return [];
		let to = from + 1;
		while (to < from + most && pieces.includes(to)) to++;
		return [this.#run(from, to, false, nowMs)];
	}

	get #underWay(): number {
		let pieces = 0;
		for (const run of this.runs) pieces += run.to - run.at;
		return pieces;
	}

	#hasEnoughToDo(others: Others): boolean {
		if (others === "coming" && this.runs.size) return true;
		const { pieceLength } = this.#shape;
		return this.#underWay * pieceLength > Math.max(this.leadBytes, pieceLength);
	}

	/** In pieces. */
	#length(others: Others): number {
		const bytes = Math.min(MAX_RUN_BYTES, MAX_RUN_MS * (this.bytesPerMs || PRESUMED_BYTES_PER_MS));
		const most = Math.max(1, Math.floor(bytes / this.#shape.pieceLength));
		if (others === "none") return most;
		return Math.min(most, this.#growth, others === "coming" ? CAUTIOUS_PIECES : most);
	}

	#run(from: number, to: number, whole: boolean, nowMs: number): Run {
		const run = { from, to, whole, at: from, progressMs: nowMs };
		this.runs.add(run);
		return run;
	}
}
