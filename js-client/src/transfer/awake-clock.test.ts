import { beforeEach, describe, expect, test } from "vitest";
import { AwakeClock } from "./awake-clock.ts";

let wallMs: number;
let ticks: (() => void)[];
let clock: AwakeClock;
beforeEach(() => {
	wallMs = 1000;
	ticks = [];
	clock = new AwakeClock({
		nowMs: () => wallMs,
		every: (_, callback) => {
			ticks.push(callback);
			return () => ticks.splice(ticks.indexOf(callback), 1);
		},
	});
});

/** Lets time pass in steps, with a tick after each. */
const run = (ms: number, stepMs: number) => {
	for (let passed = 0; passed < ms; passed += stepMs) {
		wallMs += stepMs;
		for (const tick of ticks) tick();
	}
};

describe("a clock that stands still while nothing runs", () => {
	test("passes as the other does while its ticks come", () => {
		clock.every(50, () => {});
		run(10_000, 50);

		expect(clock.nowMs()).toBe(11_000);
	});

	test("does not mind ticks that are late on a busy machine, nor how short their periods are", () => {
		clock.every(50, () => {});
		clock.every(0.5, () => {});
		run(10_000, 500);

		expect(clock.nowMs()).toBe(11_000);
	});

	test("passes by half a second while no tick came, and then goes on", () => {
		clock.every(50, () => {});
		wallMs += 60_000;

		expect(clock.nowMs()).toBe(1500);
		run(1000, 50);
		expect(clock.nowMs()).toBe(2500);
	});

	test("loses nothing while nobody ticks, nor when somebody begins or ends", () => {
		wallMs += 60_000;
		const end = clock.every(50, () => {});

		expect(clock.nowMs()).toBe(61_000);
		run(100, 50);
		end();
		wallMs += 60_000;
		expect(clock.nowMs()).toBe(121_100);
	});

	test("goes by the fastest of its ticks", () => {
		clock.every(10_000, () => {});
		wallMs += 20_000;
		expect(clock.nowMs()).toBe(21_000);

		const end = clock.every(200, () => {});
		wallMs += 20_000;
		expect(clock.nowMs()).toBe(22_000);

		wallMs += 20_000;
		end();
		expect(clock.nowMs()).toBe(23_000);
	});
});
