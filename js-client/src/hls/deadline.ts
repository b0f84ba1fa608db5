/** What a deadline is worked out from, as media elements have it. */
export type Playing = Pick<HTMLMediaElement, "buffered" | "currentTime" | "playbackRate">;

/** Share of the buffer that one segment may use up: the next ones need time as well. */
const SHARE = 0.5;
/** Of so little all may be used up, in milliseconds: who asks the network keeps a reserve for that. */
const LITTLE_MS = 2000;
/** Ranges closer to each other than this, in seconds, are played without a halt. */
const GAP_SECONDS = 0.1;

/** A part of the film, in seconds: it begins and ends there. */
export type Span = readonly [start: number, end: number];

const NO_SPAN: Span = [0, 0];

/** Seconds of film that can be played from here without anything more. */
function aheadSeconds({ buffered, currentTime }: Playing, handed: Span): number {
	let end = currentTime;
	const add = (from: number, to: number) => {
		if (from <= end + GAP_SECONDS) end = Math.max(end, to);
	};
	for (let i = 0; i < buffered.length; i++) add(buffered.start(i), buffered.end(i));
	add(...handed);
	return end - currentTime;
}

/** For how many milliseconds can be played without anything more. @param handed what the player has got besides */
export function bufferedMs(media: Playing | null | undefined, handed = NO_SPAN): number {
	return media ? (aheadSeconds(media, handed) * 1000) / Math.max(1, Math.abs(media.playbackRate)) : 0;
}

/** In how many milliseconds the next segment should be there, at most `mostMs`; 0: now. */
export function dueMs(media: Playing | null | undefined, mostMs: number): number {
	return Math.max(0, Math.min(SHARE * bufferedMs(media), mostMs));
}

/**
 * The same for a segment that is played as it comes, of which the player has got the `handed` part and `restBytes` have not
 * come: the first of those should be there in time, the others follow while they are played. 0 while it plays nothing.
 */
export function streamDueMs(
	media: Playing | null | undefined,
	mostMs: number,
	handed: Span,
	restBytes: number,
	bytesPerMs: number,
): number {
	const aheadMs = bufferedMs(media, handed);
	const spentMs = Math.min(Math.max(SHARE * aheadMs, Math.min(aheadMs, LITTLE_MS)), mostMs);
	return spentMs > 0 ? spentMs + restBytes / bytesPerMs : 0;
}
