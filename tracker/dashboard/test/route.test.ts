import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOf, refreshMs, routeOf, ticketOf } from "../src/model/route.ts";

test("an empty or unknown address is the overview of the last hour", () => {
	for (const hash of ["", "#", "#/", "#/?range=1000y"])
		expect(routeOf(hash)).toEqual({ parts: ["overview"], range: "1h", site: undefined });
});

test("an address leads back to what it was made of", () => {
	const part = fc.string({ minLength: 1, unit: "grapheme" });
	fc.assert(
		fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), part, (parts, site) => {
			const route = routeOf(hashOf({ range: "7d", site }, ...parts));

			expect(route).toEqual({ parts, range: "7d", site });
		}),
	);
});

test("no address makes it fail", () => {
	fc.assert(fc.property(fc.string(), (hash) => routeOf(hash).parts.length > 0));
	expect(routeOf("#/%E0%A4%A/x").parts).toEqual(["%E0%A4%A", "x"]);
});

test("a set-up link has a ticket", () => {
	expect(ticketOf("#setup=a%2Bb")).toBe("a+b");
	expect(ticketOf("#/overview")).toBeUndefined();
	expect(ticketOf("#setup=")).toBeUndefined();
});

test("figures of long ranges are asked for less often", () => {
	expect(refreshMs("15m")).toBe(5_000);
	expect(refreshMs("90d")).toBe(60_000);
});
