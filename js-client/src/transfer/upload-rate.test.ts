import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	BURST_MS,
	GROWTH_BYTES_PER_MS2,
	LEAST_BYTES_PER_MS,
	LEAST_WHILE_BUSY_BYTES_PER_MS,
	UploadRate,
} from "./upload-rate.ts";

const BLOCK = 32_768;
const FOR_EVER = Number.POSITIVE_INFINITY;

/** Sends as much as it may for so long, as several neighbours would. @returns when each block was sent */
function send(rate: UploadRate, fromMs: number, forMs: number): number[] {
	const sent: number[] = [];
	for (let nowMs = fromMs; nowMs < fromMs + forMs; ) {
		const waitMs = rate.take(BLOCK, nowMs);
		nowMs += waitMs;
		sent.push(nowMs);
		if (!waitMs) nowMs += 0.1;
	}
	return sent;
}

describe("the cap", () => {
	test("is kept over any span, but for a burst", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 10_000, max: 50_000_000 }),
				fc.array(fc.record({ pauseMs: fc.nat(5000), bytes: fc.integer({ min: 1, max: BLOCK }) }), { minLength: 2 }),
				(bytesPerSecond, takes) => {
					const rate = new UploadRate(bytesPerSecond, FOR_EVER);
					let nowMs = 0;
					const sent = takes.map(({ pauseMs, bytes }) => {
						nowMs += pauseMs;
						return { ms: nowMs + rate.take(bytes, nowMs), bytes };
					});
					for (let from = 0; from < sent.length; from++) {
						let total = 0;
						for (const { ms, bytes } of sent.slice(from)) {
							total += bytes;
							const spanMs = ms - (sent[from]?.ms ?? 0) + BURST_MS;
							expect(total).toBeLessThanOrEqual((bytesPerSecond * spanMs) / 1000 + BLOCK + 1);
						}
					}
				},
			),
		);
	});

	test("is made use of: who always has something to send sends as much", () => {
		const sent = send(new UploadRate(200_000, FOR_EVER), 0, 60_000);

		expect((sent.length * BLOCK) / 60).toBeGreaterThan(199_000);
	});

	test("none means no waiting", () => {
		const rate = new UploadRate(FOR_EVER, FOR_EVER);

		for (let i = 0; i < 1000; i++) expect(rate.take(BLOCK, 5)).toBe(0);
	});

	test("who waits is served in turn: nobody's block comes before one that was asked for earlier", () => {
		const rate = new UploadRate(100_000, FOR_EVER);
		const waits = Array.from({ length: 10 }, () => rate.take(BLOCK, 0));

		expect(waits).toEqual([...waits].sort((a, b) => a - b));
		expect(new Set(waits.slice(1)).size).toBe(9);
	});
});

test("no more is sent than may be, and afterwards nothing at all", () => {
	fc.assert(
		fc.property(fc.nat(1_000_000), fc.array(fc.integer({ min: 1, max: BLOCK })), (most, takes) => {
			const rate = new UploadRate(FOR_EVER, most);
			let sent = 0;
			let refused = false;
			for (const bytes of takes) {
				const waitMs = rate.take(bytes, 0);
				if (refused) expect(waitMs).toBe(FOR_EVER);
				refused ||= waitMs === FOR_EVER;
				if (!refused) sent += bytes;
			}
			expect(sent).toBeLessThanOrEqual(most);
			if (refused) expect(rate.leftBytes).toBe(0);
		}),
	);
});

describe("a page that suffers", () => {
	const perSecond = (rate: UploadRate, fromMs: number) => send(rate, fromMs, 1000).length * BLOCK;

	test("sends half of what it sent, and recovers slowly", () => {
		const rate = new UploadRate(8_000_000, FOR_EVER);
		send(rate, 0, 5000);

		rate.suffers(LEAST_BYTES_PER_MS, 5000);

		const half = perSecond(rate, 5000);
		expect(half).toBeGreaterThan(3_500_000);
		expect(half).toBeLessThan(4_800_000);
		const growth = GROWTH_BYTES_PER_MS2 * 1e6;
		send(rate, 6000, 4000);
		expect(perSecond(rate, 10_000)).toBeLessThan(4_000_000 + 7 * growth);
		send(rate, 11_000, 20_000);
		expect(perSecond(rate, 31_000)).toBeGreaterThan(7_800_000);
		expect(perSecond(rate, 32_000)).toBeLessThan(8_300_000);
	});

	test("is believed as well where there is no cap", () => {
		const rate = new UploadRate(FOR_EVER, FOR_EVER);
		for (let ms = 0; ms < 3000; ms++) for (let i = 0; i < 4; i++) rate.take(BLOCK, ms);

		rate.suffers(LEAST_BYTES_PER_MS, 3000);

		const sent = perSecond(rate, 3000);
		expect(sent).toBeGreaterThan(50_000_000);
		expect(sent).toBeLessThan(83_000_000);
	});

	test.each([LEAST_BYTES_PER_MS, LEAST_WHILE_BUSY_BYTES_PER_MS])("keeps sending %d bytes per ms", (least) => {
		const rate = new UploadRate(FOR_EVER, FOR_EVER);
		let blocks = 0;
		for (let nowMs = 0; nowMs < 60_000; blocks++) {
			rate.suffers(least, nowMs);
			nowMs += rate.take(BLOCK, nowMs);
		}

		// and little more, although it grows between any two blocks
		expect((blocks * BLOCK) / 60_000).toBeGreaterThan(0.99 * least);
		expect((blocks * BLOCK) / 60_000).toBeLessThan(1.5 * least + 100);
	});

	test("never has a rate above its cap", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(3000), { maxLength: 20 }), (pauses) => {
				const rate = new UploadRate(500_000, FOR_EVER);
				let nowMs = 0;
				for (const ms of pauses) {
					nowMs += ms;
					rate.suffers(LEAST_BYTES_PER_MS, nowMs);
				}
				expect(perSecond(rate, nowMs)).toBeLessThanOrEqual(500_000 * 1.25 + 2 * BLOCK);
			}),
		);
	});
});
