import { expect, test } from "vitest";
import { bytes, counted, fileOf, money, rate, share, short, span } from "../src/model/format.ts";

test.each([
	[0, "0 B"],
	[512, "512 B"],
	[1023.6, "1.00 KiB"],
	[1536, "1.50 KiB"],
	[10 * 1024 ** 2, "10.0 MiB"],
	[250 * 1024 ** 3, "250 GiB"],
	[-2048, "-2.00 KiB"],
])("%d bytes are %s", (amount, text) => {
	expect(bytes(amount)).toBe(text);
});

test("rates are amounts per second", () => {
	expect(rate(1024)).toBe("1.00 KiB/s");
});

test.each([
	[1, "100 %"],
	[0.9999, "99.9 %"],
	[0.955, "95.5 %"],
	[0, "0 %"],
])("a share of %d is told as %s, never as more than it is", (part, text) => {
	expect(share(part)).toBe(text);
});

test("money is told in the operator's currency, also in one that nobody knows", () => {
	expect(money(12.5, "EUR")).toBe("€12.50");
	expect(money(12.5, "no currency")).toBe("12.50 no currency");
});

test("numbers go with the right form of the word", () => {
	expect(counted(1, "edge")).toBe("1 edge");
	expect(counted(2000, "edge")).toBe("2,000 edges");
});

test("durations are told in the unit that fits", () => {
	expect([20, 300, 7200, 200_000].map(span)).toEqual(["20 s", "5 min", "2 h", "2 d"]);
});

test("ids are shortened, URLs told by their last two parts", () => {
	expect(short("abcdefghijklmnop")).toBe("abcdefghij…");
	expect(short("abc")).toBe("abc");
	expect(fileOf("https://a.example/films/one/seg-1.m4s?x=1")).toBe("one/seg-1.m4s");
	expect(fileOf("https://a.example/")).toBe("https://a.example/");
});
