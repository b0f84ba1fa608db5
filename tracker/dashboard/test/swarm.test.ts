import { expect, test } from "vitest";
import type { SwarmPicture } from "../src/api/types.ts";
import { busiest, drawingOf } from "../src/model/swarm.ts";

const picture: SwarmPicture = {
	members: [
		{ id: "b", role: "page", holds: "some" },
		{ id: "a", role: "page", holds: "none" },
		{ id: "e", role: "edge", holds: "all" },
	],
	connections: [
		["a", "e"],
		["b", "e"],
		["a", "gone"],
	],
};

test("a swarm is drawn the same whatever the order it came in", () => {
	const turned = { ...picture, members: [...picture.members].reverse() };

	expect(drawingOf(turned).dots).toEqual(drawingOf(picture).dots);
});

test("connections to those who are not told of are left out", () => {
	expect(drawingOf(picture).chords.map(({ from, to }) => [from.member.id, to.member.id])).toEqual([
		["a", "e"],
		["b", "e"],
	]);
});

test("everybody is within the picture", () => {
	const members = Array.from({ length: 300 }, (_, i) => ({ id: `p${i}`, role: "page", holds: "some" }) as const);
	const { dots, size, radius } = drawingOf({ members, connections: [] });

	for (const { x, y } of dots) {
		expect(Math.min(x, y)).toBeGreaterThanOrEqual(radius);
		expect(Math.max(x, y)).toBeLessThanOrEqual(size - radius);
	}
});

test("the best connected come first", () => {
	expect(busiest(drawingOf(picture)).map(({ member }) => member.id)).toEqual(["a", "e", "b"]);
});
