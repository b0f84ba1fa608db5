import { Crowd, type CrowdScene, type Habits, type Visitor } from "./crowd.ts";

/** How long a visitor is connected to the tracker before it asks for anything. */
const START_MS = 150;
/** Longest that a scene may take. */
const LIMIT_MS = 600_000;
const SEGMENTS = 15;
const SEGMENT_MS = 4000;
/** Four seconds at 2 Mbit/s. */
const SEGMENT_BYTES = 1_000_000;
/** What a player holds in advance: hls.js, and with our loader. */
const BUFFER_MS = 30_000;
const FRUGAL_BUFFER_MS = 10_000;
/** How often our loader looks whether it has less. */
const HOLD_STEP_MS = 200;

export interface Audience {
	readonly scene: CrowdScene;
	readonly count: number;
	readonly gapMs: number;
	/** Of visitors by their number. */
	readonly habits?: Readonly<Record<number, Habits>>;
	/** After how many milliseconds who watches a film leaves, by the number; default: at its end. */
	readonly staysMs?: (n: number) => number | undefined;
	/** How long a segment may be waited for, however much is buffered; default: as long as that lasts. */
	readonly maxWaitMs?: number;
}

export interface Seen {
	readonly crowd: Crowd;
	/** By visitor, in milliseconds: the file is there, the film begins. */
	readonly tookMs: number[];
	readonly stalls: number;
}

async function gather(
	{ scene, count, gapMs, habits = {}, staysMs }: Audience,
	resources: Readonly<Record<string, number>>,
	act: (visitor: Visitor) => Promise<number>,
): Promise<{ crowd: Crowd; tookMs: number[] }> {
	const crowd = new Crowd(scene);
	for (const [url, size] of Object.entries(resources)) await crowd.add(url, size);
	const visit = async (n: number) => {
		await crowd.clock.sleep(n * gapMs);
		const visitor = crowd.arrive(habits[n]);
		const staysUntilMs = staysMs?.(n);
		if (staysUntilMs !== undefined) crowd.clock.after(staysUntilMs, () => visitor.leave());
		await crowd.clock.sleep(START_MS);
		return await act(visitor);
	};
	const visits = Promise.all(Array.from({ length: count }, (_, n) => visit(n)));
	return { crowd, tookMs: await crowd.clock.settle(visits, LIMIT_MS) };
}

/** Everybody reads one file as fast as it comes. */
export async function fetchFile(audience: Audience, bytes = 33_554_432): Promise<Seen> {
	const url = "https://origin.test/file.bin";
	return { ...(await gather(audience, { [url]: bytes }, (visitor) => visitor.download(url))), stalls: 0 };
}

/** Everybody watches a film of a minute. @param deadlines whether the player says what it can wait for, and fetches no further ahead than it should */
export async function watchFilm(audience: Audience, deadlines: boolean): Promise<Seen> {
	const segments = Array.from({ length: SEGMENTS }, (_, n) => `https://origin.test/segment-${n}.ts`);
	const { maxWaitMs = Number.POSITIVE_INFINITY } = audience;
	let stalls = 0;
	const watch = async (visitor: Visitor) => {
		const { clock } = visitor.crowd;
		const arrivedMs = clock.nowMs;
		let firstMs = 0;
		let startedMs = 0;
		let loaded = 0;
		const aheadMs = () => (loaded ? loaded * SEGMENT_MS - (clock.nowMs - startedMs) : 0);
		const hasPlenty = () => deadlines && aheadMs() > FRUGAL_BUFFER_MS;
		let askedMs: number | null = null;
		const dueMs = () => {
			if (askedMs === null) return Number.POSITIVE_INFINITY;
			return Math.max(0, Math.min(aheadMs() / 2, askedMs + maxWaitMs - clock.nowMs));
		};
		for (const segment of segments) {
			await clock.sleep(aheadMs() - BUFFER_MS);
			askedMs = null;
			const loads = visitor.download(segment, deadlines ? dueMs : undefined);
			while (hasPlenty() && visitor.here) await clock.sleep(HOLD_STEP_MS);
			askedMs = clock.nowMs;
			await loads;
			if (!visitor.here) break;
			const lateMs = -aheadMs();
			if (!loaded) {
				startedMs = clock.nowMs;
				firstMs = clock.nowMs - arrivedMs;
			} else if (lateMs > 0) {
				stalls++;
				startedMs += lateMs;
			}
			loaded++;
		}
		return firstMs;
	};
	const sizes = Object.fromEntries(segments.map((segment) => [segment, SEGMENT_BYTES]));
	return { ...(await gather(audience, sizes, watch)), stalls };
}
