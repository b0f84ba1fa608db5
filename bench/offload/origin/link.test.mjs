import { expect, test } from "vitest";
import { Link } from "./link.mjs";

const MBIT = 1e6;

/** A flow that takes what it is given until it has had `most` bytes. */
function flow(most = Number.POSITIVE_INFINITY) {
	return {
		bytes: 0,
		send(bytes) {
			const sent = Math.min(bytes, most - this.bytes);
			this.bytes += sent;
			return sent;
		},
	};
}

function linkWith(bitsPerSecond, ...flows) {
	const link = new Link(bitsPerSecond, 0);
	for (const one of flows) link.add(one);
	return link;
}

function run(link, ms, stepMs = 2) {
	for (let now = stepMs; now <= ms; now += stepMs) link.tick(now);
}

test("all flows together get the link's rate", () => {
	const flows = [flow(), flow(), flow()];
	run(linkWith(8 * MBIT, ...flows), 1000);

	const sum = flows.reduce((all, { bytes }) => all + bytes, 0);
	expect(sum).toBeGreaterThan(0.99e6);
	expect(sum).toBeLessThanOrEqual(1e6);
});

test("flows that always have something to send get equal shares, narrow links included", () => {
	for (const rate of [1, 8, 80]) {
		const flows = Array.from({ length: 8 }, () => flow());
		run(linkWith(rate * MBIT, ...flows), 40_000);

		const shares = flows.map(({ bytes }) => bytes / ((rate * MBIT * 40) / 8 / 8));
		expect(Math.min(...shares)).toBeGreaterThan(0.95);
		expect(Math.max(...shares)).toBeLessThan(1.05);
	}
});

test("what one flow cannot take the others get", () => {
	const [full, other] = [flow(1000), flow()];
	run(linkWith(8 * MBIT, full, other), 1000);

	expect(full.bytes).toBe(1000);
	expect(other.bytes).toBeGreaterThan(0.98e6);
});

test("a late timer costs no bandwidth, but idle time is not saved up", () => {
	const late = flow();
	run(linkWith(8 * MBIT, late), 1000, 40);
	expect(late.bytes).toBeGreaterThan(0.95e6);

	const idle = new Link(8 * MBIT, 0);
	const first = flow();
	idle.tick(10_000);
	idle.add(first);
	idle.tick(10_001);
	expect(first.bytes).toBeLessThanOrEqual(52_000);
});

test("a flow that is removed gets nothing more", () => {
	const [gone, stays] = [flow(), flow()];
	const link = linkWith(8 * MBIT, gone, stays);
	run(link, 100);
	link.remove(gone);
	const before = gone.bytes;
	for (let now = 102; now <= 200; now += 2) link.tick(now);

	expect(gone.bytes).toBe(before);
	expect(stays.bytes).toBeGreaterThan(before);
});
