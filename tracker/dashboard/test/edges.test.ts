import { expect, test } from "vitest";
import type { Edge } from "../src/api/types.ts";
import { chosen, filled, stateOf } from "../src/model/edges.ts";
import { CONTINENTS, continentOf, LANDS, placesOf } from "../src/model/world.ts";

const edge = (fingerprint: string, more: Partial<Edge> = {}): Edge => ({
	fingerprint,
	site: "demo",
	online: true,
	revoked: false,
	trust: "ok",
	...more,
});

test("edges are found by what is told of them", () => {
	const edges = [edge("a", { name: "Berlin" }), edge("b", { region: "NZ" }), edge("c", { revoked: true })];
	const found = (words: string) =>
		chosen(edges, words, { key: "name", down: false }).map(({ fingerprint }) => fingerprint);

	expect(found("berl")).toEqual(["a"]);
	expect(found("nz")).toEqual(["b"]);
	expect(found("revoked")).toEqual(["c"]);
	expect(found("")).toEqual(["b", "a", "c"]);
});

test("the fastest come first, those who say nothing last", () => {
	const edges = [
		edge("none"),
		edge("slow", { rates: { up: 1, down: 0 } }),
		edge("fast", { rates: { up: 9, down: 0 } }),
	];

	const sorted = chosen(edges, "", { key: "up", down: true });

	expect(sorted.map(({ fingerprint }) => fingerprint)).toEqual(["fast", "slow", "none"]);
});

test("sorting by trust brings up those who are not", () => {
	const edges = [edge("a"), edge("b", { trust: "distrusted" }), edge("c", { trust: "suspect" })];

	const sorted = chosen(edges, "", { key: "trust", down: false });

	expect(sorted.map(({ trust }) => trust)).toEqual(["distrusted", "suspect", "ok"]);
});

test("revoked counts before online", () => {
	expect([edge("a"), edge("b", { online: false }), edge("c", { revoked: true })].map(stateOf)).toEqual([
		"online",
		"offline",
		"revoked",
	]);
});

test("how full something is stays within bounds, and is unknown without one", () => {
	expect(filled({ used: 20, max: 10 })).toBe(1);
	expect(filled({ used: 5, max: 0 })).toBeUndefined();
	expect(filled(null)).toBeUndefined();
});

test.each([
	["EU", "EU"],
	["DE", "EU"],
	["us-east", "NA"],
	["jp", "AS"],
	["BR", "SA"],
	["ZZ", undefined],
	["", undefined],
])("%s is in %s", (region, continent) => {
	expect(continentOf(region)).toBe(continent);
});

test("edges are counted where they are; the revoked are not", () => {
	const edges = [
		edge("a", { region: "FR", rates: { up: 5, down: 0 } }),
		edge("b", { region: "EU", online: false }),
		edge("c", { region: "FR", revoked: true }),
		edge("d"),
	];

	expect(placesOf(edges)).toEqual({ places: [{ continent: "EU", online: 1, offline: 1, up: 5 }], unknown: 1 });
});

test("every continent has a place on the map", () => {
	for (const continent of CONTINENTS) expect(LANDS[continent].outline).toMatch(/^M[\d LMZ]+Z$/);
});
