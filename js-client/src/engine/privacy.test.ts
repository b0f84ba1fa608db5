import { expect, test } from "vitest";
import { openPolicy as policy } from "../../test/policy.ts";
import { mayUpload, meets, wishes } from "./privacy.ts";

const none = { privacy: false, saveData: false };

test.each([
	["open", false, false, "all"],
	["open", false, true, "edges"],
	["edges", false, false, "edges"],
	["edges", false, true, "edges"],
	["oblivious", false, false, "nobody"],
	["open", true, false, "nobody"],
] as const)("mode %s, consent %s, privacy control %s: meets %s", (mode, consent, privacy, whom) => {
	expect(meets({ ...policy, mode, consent }, { ...none, privacy })).toBe(whom);
});

test("uploads neither where the site forbids it nor where the visitor saves data", () => {
	expect(mayUpload(policy, none)).toBe(true);
	expect(mayUpload({ ...policy, upload: false }, none)).toBe(false);
	expect(mayUpload(policy, { ...none, saveData: true })).toBe(false);
});

test("a browser that says nothing wishes nothing", () => {
	expect(wishes({} as Navigator)).toEqual(none);
	expect(wishes({ globalPrivacyControl: true, connection: { saveData: true } } as unknown as Navigator)).toEqual({
		privacy: true,
		saveData: true,
	});
});

test.each([
	["cellular", true],
	["wifi", false],
	["unknown", false],
])("a connection of type %s is metered: %s", (type, saveData) => {
	expect(wishes({ connection: { saveData: false, type } } as unknown as Navigator)).toEqual({ ...none, saveData });
});
