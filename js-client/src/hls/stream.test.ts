import { expect, test } from "vitest";
import { Stream } from "./stream.ts";

function make(leastBytes: number) {
	const handed: number[][] = [];
	return { stream: new Stream(leastBytes, (bytes) => handed.push([...bytes])), handed };
}

test("what comes is gathered until it is worth the player's while", () => {
	const { stream, handed } = make(3);

	stream.take(new Uint8Array([1, 2]));
	expect(handed).toEqual([]);
	stream.take(new Uint8Array([3, 4]));
	expect(handed).toEqual([[1, 2, 3, 4]]);
	stream.take(new Uint8Array([5]));
	stream.flush();

	expect(handed).toEqual([[1, 2, 3, 4], [5]]);
	expect(stream.bytes).toBe(5);
});

test("nothing is handed on where nothing came", () => {
	const { stream, handed } = make(3);

	stream.flush();

	expect(handed).toEqual([]);
});

test("of a source that begins anew, only what did not come before is handed on", () => {
	const { stream, handed } = make(1);

	stream.take(new Uint8Array([1, 2, 3]));
	stream.again();
	stream.take(new Uint8Array([1, 2]));
	stream.take(new Uint8Array([3, 4]));
	stream.take(new Uint8Array([5]));

	expect(handed).toEqual([[1, 2, 3], [4], [5]]);
});

test("another source keeps nothing waiting that has come", () => {
	const { stream, handed } = make(3);

	stream.take(new Uint8Array([1]));
	stream.again();

	expect(handed).toEqual([[1]]);
});

test("what is handed on is nobody else's", () => {
	const handed: Uint8Array[] = [];
	const stream = new Stream(1, (bytes) => handed.push(bytes));
	const part = new Uint8Array([1, 2, 3]);

	stream.take(part);

	expect(handed[0]?.buffer).not.toBe(part.buffer);
});
