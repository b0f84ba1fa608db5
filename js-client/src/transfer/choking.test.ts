import fc from "fast-check";
import { expect, test } from "vitest";
import { Choking, CROWDED_MS, DECIDE_MS, KEPT_WAITING_MS, ROTATE_MS, type Taker } from "./choking.ts";

const SLOTS = 5;
const name = (index: number) => `n${String(index).padStart(2, "0")}`;

const takers = fc
	.array(
		fc.record({
			wants: fc.boolean(),
			waitingMs: fc.constantFrom(0, KEPT_WAITING_MS, KEPT_WAITING_MS + 1),
			down: fc.nat(3),
			up: fc.nat(3),
		}),
		{ maxLength: 14 },
	)
	.map((list): Taker[] => list.map((one, index) => ({ ...one, id: name(index) })));

const chance = fc.integer({ min: 0, max: 999 }).map((n) => n / 1000);
const steps = fc.array(fc.tuple(fc.nat(12_000), chance, takers), { maxLength: 30 });

test("a crowd has exactly as many slots as there are, for takers only; otherwise nobody is choked", () => {
	fc.assert(
		fc.property(steps, (history) => {
			const choking = new Choking(SLOTS);
			let nowMs = 0;
			let crowdedMs = Number.NEGATIVE_INFINITY;
			for (const [ms, random, all] of history) {
				nowMs += ms;
				if (all.filter(({ waitingMs }) => waitingMs > KEPT_WAITING_MS).length > SLOTS) crowdedMs = nowMs;
				const wanting = all.filter(({ wants }) => wants).map(({ id }) => id);

				const open = choking.decide(all, nowMs, () => random);

				const crowded = nowMs - crowdedMs <= CROWDED_MS && wanting.length > SLOTS;
				expect(open !== null).toBe(crowded);
				if (!open) continue;
				expect(new Set(open).size).toBe(SLOTS);
				expect(wanting).toEqual(expect.arrayContaining([...open]));
			}
		}),
	);
});

test("as few neighbours as there are slots are never choked, however long they wait", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat(12_000), takers)), (history) => {
			const choking = new Choking(SLOTS);
			let nowMs = 0;
			for (const [ms, all] of history) {
				nowMs += ms;
				expect(choking.decide(all.slice(0, SLOTS), nowMs, () => 0)).toBeNull();
			}
		}),
	);
});

/** A crowd of which one gives some of the slots each second what it can, in equal shares. */
function serve(seconds: number, gives: (id: string) => number, random: () => number): Map<string, number> {
	const choking = new Choking(SLOTS);
	const up = new Map(Array.from({ length: 12 }, (_, index) => [name(index), 0]));
	const down = new Map(up);
	for (let second = 0; second < seconds; second++) {
		const all = [...up].map(([id, bytes]): Taker => {
			return { id, wants: true, waitingMs: KEPT_WAITING_MS + 1, up: bytes, down: down.get(id) ?? 0 };
		});
		const open = choking.decide(all, second * 1000, random) ?? [];
		for (const id of open) {
			up.set(id, (up.get(id) ?? 0) + 100);
			down.set(id, (down.get(id) ?? 0) + gives(id));
		}
	}
	return up;
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
	"who has it all gives everybody about the same (%d)",
	(seed) => {
		let state = seed;
		const random = () => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return state / 2 ** 32;
		};
		const given = [...serve(1200, () => 0, random).values()];

		// two turns apart at most
		const spread = Math.max(...given) - Math.min(...given);
		expect(spread).toBeLessThanOrEqual(2 * 100 * ((DECIDE_MS + ROTATE_MS) / 1000));
		expect(Math.min(...given)).toBeGreaterThan(40_000);
	},
);

test("who gives is given to most of the time, and who does not is not forgotten", () => {
	let turn = 0;
	const given = serve(
		3600,
		(id) => (id < name(4) ? 50 : 0),
		() => (turn++ % 7) / 7,
	);
	const ids = [...given.keys()];
	const givers = ids.slice(0, 4).map((id) => given.get(id) ?? 0);
	const others = ids.slice(4).map((id) => given.get(id) ?? 0);

	expect(Math.min(...givers)).toBeGreaterThan(3 * Math.max(...others));
	expect(Math.min(...others)).toBeGreaterThan(0);
});
