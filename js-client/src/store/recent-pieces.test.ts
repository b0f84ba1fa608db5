import { expect, test } from "vitest";
import { RecentPieces } from "./recent-pieces.ts";

const bytes = (length: number) => new Uint8Array(length);

test("what was used least recently goes when there is no more room", () => {
	const recent = new RecentPieces(10);
	recent.put("a", bytes(4));
	recent.put("b", bytes(4));
	recent.get("a");
	recent.put("c", bytes(4));

	expect([..."abc"].filter((key) => recent.get(key))).toEqual(["a", "c"]);
});

test("a piece put again counts once", () => {
	const recent = new RecentPieces(10);
	for (let i = 0; i < 5; i++) recent.put("a", bytes(4));
	recent.put("b", bytes(4));

	expect([..."ab"].filter((key) => recent.get(key))).toEqual(["a", "b"]);
});

test("what is dropped makes room", () => {
	const recent = new RecentPieces(10);
	for (const key of ["a0", "a1", "b0"]) recent.put(key, bytes(3));
	recent.drop("a");
	for (const key of ["c0", "c1"]) recent.put(key, bytes(3));

	expect(["a0", "a1", "b0", "c0", "c1"].filter((key) => recent.get(key))).toEqual(["b0", "c0", "c1"]);
});

test("what is larger than the room is not kept", () => {
	const recent = new RecentPieces(10);
	recent.put("a", bytes(11));
	recent.put("b", bytes(10));

	expect([..."ab"].filter((key) => recent.get(key))).toEqual(["b"]);
});
