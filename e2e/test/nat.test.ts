import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { edgeJar } from "../../demo-site/stack.mjs";
import { BehindRouter } from "../fixture/behind-router.ts";
import { SITE, Stack } from "../fixture/stack.ts";

const PATIENCE_MS = 60_000;

const nat = (how: string) => `
	chain out { type nat hook postrouting priority srcnat; oifname outside ${how}; }`;
const forwarded = `
	chain in { type nat hook prerouting priority dstnat; iifname outside meta l4proto udp dnat to $machine; }`;
/** For the router itself, too. */
const answersOnly = `
	chain here { type filter hook input priority filter; policy drop; ct state established,related accept; }
	chain through {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept; iifname inside accept;
	}`;
const noUdp = `
	chain through { type filter hook forward priority filter; meta l4proto udp drop; }`;

/** What a router does, whose address is seen, and what `init` makes of it: all that docs/volunteer.md says was tried. */
const CASES = [
	{ router: "passes everything on", rules: "", seen: "address", is: "a public address, and UDP from anybody gets in" },
	{ router: "lets only answers in", rules: answersOnly, seen: "address", is: "a public address, but the firewall" },
	{ router: "lets no UDP through", rules: noUdp, seen: undefined, is: "nothing comes back over UDP" },
	{ router: "masquerades", rules: nat("masquerade"), seen: "router", is: "a NAT that keeps one public port" },
	{
		router: "masquerades and lets only answers in",
		rules: nat("masquerade") + answersOnly,
		seen: "router",
		is: "a NAT that keeps one public port",
	},
	{
		router: "masquerades and forwards all UDP",
		rules: nat("masquerade") + forwarded,
		seen: "router",
		is: "a NAT that lets UDP from anybody in",
	},
	{
		router: "masquerades at random ports",
		rules: nat("masquerade random"),
		seen: "router",
		is: "a NAT that takes another public port for everybody",
	},
	{
		router: "masquerades at ports chosen anew",
		rules: nat("masquerade random,fully-random"),
		seen: "router",
		is: "a NAT that takes another public port for everybody",
	},
] as const;

const behind: BehindRouter[] = [];
let stack: Stack | undefined;
beforeAll(async () => {
	for (const [number, { rules }] of CASES.entries()) behind.push(await BehindRouter.make(number, rules));
	stack = await Stack.start({ publish: false, listen: `${behind[0]?.host}:0` });
});
afterAll(async () => {
	await stack?.close();
	for (const each of behind) await each.remove();
});

test.concurrent.for(CASES.map((each, number) => ({ ...each, number })))(
	"init says what a router means that $router",
	async ({ number, seen, is }, { expect }) => {
		const machine = behind[number] as BehindRouter;
		const { tracker, folder } = stack as Stack;
		const home = join(folder, `behind-${number}`);
		const args = ["--tracker", tracker.url, "--site", SITE, "--config", join(home, "edge.yaml"), "--data", home];

		const said = await machine.run("java", ["-jar", edgeJar, "init", ...args], PATIENCE_MS);

		const at = seen ? ` (seen at ${machine[seen]})` : "";
		expect(said).toContain(`Network${at}: ${is}`);
	},
);
