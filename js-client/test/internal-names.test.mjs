import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { internalNames } from "../internal-names.mjs";

const names = internalNames();
const schemas = new URL("../../protocol/schema/", import.meta.url);

/** All keys anywhere in a JSON value. */
const keys = (value) =>
	typeof value === "object" && value ? Object.entries(value).flatMap(([key, one]) => [key, ...keys(one)]) : [];

test("names of our own functions are shortened", () => {
	expect(names).toEqual(expect.arrayContaining(["requestLayout", "sendControl", "writeLayout"]));
});

test("no name is shortened that goes over the wire", () => {
	const wire = readdirSync(schemas).flatMap((file) => keys(JSON.parse(readFileSync(new URL(file, schemas), "utf8"))));

	expect(wire).toContain("webOrigins");
	expect(names.filter((name) => wire.includes(name))).toEqual([]);
});

test.each([
	["between page, engine and service worker", ["dueAtMs", "uploadRate", "rivulet", "continued", "inPage"]],
	["into storage", ["lastUsedMs", "pieceCount", "suspended", "freshUntil"]],
	["to pages", ["start", "client", "open", "share", "stats", "dueMs", "rttMs", "catalog"]],
	["to browsers whose types do not have it", ["addRoutes", "saveData", "requestMode"]],
	["from one script to another", ["rivuletEngine", "rivuletHls"]],
	["to hls.js", ["onProgress", "getCacheAge", "loadPolicy", "destroy"]],
])("no name is shortened that goes %s", (_, given) => {
	expect(names.filter((name) => given.includes(name))).toEqual([]);
});
