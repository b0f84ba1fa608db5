import { expect, test } from "vitest";
import type { Policy, Site } from "../src/api/types.ts";
import { policyBody, policyForm } from "../src/model/policy.ts";
import { qrOf } from "../src/model/qr.ts";
import { may } from "../src/model/roles.ts";
import { bodyOf, fieldOf, formOf, NEW_SITE } from "../src/model/site-form.ts";

const site: Site = {
	id: "demo",
	webOrigins: ["https://a.example", "https://*.b.example"],
	contentOrigins: ["https://c.example"],
	include: ["/**"],
	exclude: [],
	indexThreshold: 3,
	live: [],
	openEdges: true,
	allowPrivate: false,
	mode: "edges",
	consent: true,
	upload: false,
	from: "database",
	key: "K",
};

test("an unchanged form sends what the site was, without what cannot be changed", () => {
	const { id: _, from: __, key: ___, ...rest } = site;

	expect(bodyOf(formOf(site), false)).toEqual(rest);
});

test("a new site goes with its id; empty lines and spaces do not count", () => {
	const form = { ...NEW_SITE, id: " demo ", webOrigins: "\n https://a.example \n\n" };

	expect(bodyOf(form, true)).toMatchObject({ id: "demo", webOrigins: ["https://a.example"], indexThreshold: 2 });
});

test.each([
	["webOrigins[1]", "webOrigins"],
	["index-threshold", "indexThreshold"],
	["id", "id"],
	["", undefined],
	["toString", undefined],
])("a problem with %s is shown at %s", (key, field) => {
	expect(fieldOf(key)).toBe(field);
});

const policy: Policy = {
	iceServers: [
		{ urls: ["stun:a.example"] },
		{ urls: ["turn:b.example", "turns:b.example"], username: "u", credential: "c" },
	],
	maxConnections: 500,
	price: { perGb: "0.085", currency: "EUR" },
	from: "file",
};

test("an unchanged policy is sent as it was", () => {
	const { from: _, ...rest } = policy;

	expect(policyBody(policyForm(policy))).toEqual(rest);
});

test("no price is no price; a comma is a point", () => {
	expect(policyBody({ ...policyForm(policy), perGb: " " })).toMatchObject({ price: null });
	expect(policyBody({ ...policyForm(policy), perGb: "0,09", currency: "eur" })).toMatchObject({
		price: { perGb: "0.09", currency: "EUR" },
	});
});

test("roles include the lesser ones", () => {
	expect(may("owner", "operator")).toBe(true);
	expect(may("operator", "operator")).toBe(true);
	expect(may("viewer", "operator")).toBe(false);
});

test("a QR code is a square with quiet around it", () => {
	const { size, path } = qrOf("otpauth://totp/Rivulet:ada?secret=JBSWY3DPEHPK3PXP&issuer=Rivulet");

	const xs = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
	expect((size - 8 - 17) % 4).toBe(0);
	expect(Math.min(...xs)).toBe(4);
	expect(Math.max(...xs)).toBe(size - 5);
});
