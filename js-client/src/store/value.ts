/** What decides which content makes room first. */
export interface Worth {
	/** Page loads in which it was read or written. */
	readonly uses: number;
	/** Milliseconds since 1970. */
	readonly lastUsedMs: number;
	readonly bytes: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Recency, corrected: twice as many uses weigh as much as a day, twice as many bytes as little as an hour. Contents are
 * dropped in ascending order of this.
 */
export const value = ({ uses, lastUsedMs, bytes }: Worth): number =>
	lastUsedMs + DAY_MS * Math.log2(1 + uses) - HOUR_MS * Math.log2(1 + bytes);
