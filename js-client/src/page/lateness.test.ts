import { expect, test } from "vitest";
import { watchThread } from "./lateness.ts";

/** A thread whose timers come when the test says. */
function thread() {
	let nowMs = 0;
	let tick = () => {};
	let late = 0;
	let hidden = false;
	let running = true;
	const end = watchThread(
		{
			hidden: () => hidden,
			nowMs: () => nowMs,
			every: (_, callback) => {
				tick = callback;
				return () => {
					running = false;
				};
			},
		},
		() => {
			late++;
		},
	);
	return {
		after: (ms: number) => {
			nowMs += ms;
			tick();
			return late;
		},
		hide: (now: boolean) => {
			hidden = now;
		},
		end,
		isRunning: () => running,
	};
}

test("a timer that comes much too late says that the page suffers, one that is a little late does not", () => {
	const { after } = thread();

	expect(after(250)).toBe(0);
	expect(after(400)).toBe(0);
	expect(after(451)).toBe(1);
	expect(after(250)).toBe(1);
	expect(after(2000)).toBe(2);
});

test("timers of a page that nobody sees are late by intent", () => {
	const { after, hide } = thread();

	hide(true);
	expect(after(1000)).toBe(0);
	hide(false);
	expect(after(250)).toBe(0);
});

test("it ends", () => {
	const { end, isRunning } = thread();

	end();

	expect(isRunning()).toBe(false);
});
