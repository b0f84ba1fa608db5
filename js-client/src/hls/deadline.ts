/** What a deadline is worked out from, as media elements have it. */
export type Playing = Pick<HTMLMediaElement, "buffered" | "currentTime" | "playbackRate">;

/** Share of the buffer that one segment may use up: the next ones need time as well. */
const SHARE = 0.5;
/** Ranges closer to each other than this, in seconds, are played without a halt. */
const GAP_SECONDS = 0.1;

/** Seconds of film that can be played from here without anything more. */
function aheadSeconds({ buffered, currentTime }: Playing): number {
	let end = currentTime;
	for (let i = 0; i < buffered.length; i++) {
		if (buffered.start(i) <= end + GAP_SECONDS) end = Math.max(end, buffered.end(i));
	}
	return end - currentTime;
}

/** For how many milliseconds can be played without anything more. */
export function bufferedMs(media: Playing | null | undefined): number {
	return media ? (aheadSeconds(media) * 1000) / Math.max(1, Math.abs(media.playbackRate)) : 0;
}

/** In how many milliseconds the next segment should be there, at most `mostMs`; 0: now. */
export function dueMs(media: Playing | null | undefined, mostMs: number): number {
	return Math.max(0, Math.min(SHARE * bufferedMs(media), mostMs));
}
