import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ChannelLinks } from "./channel-link.ts";
import type { ToPage } from "./messages.ts";
import type { LinkEnds } from "./peer-link.ts";

/** A data channel whose events the test makes, in whatever order a browser may. */
class Channel {
	readyState = "connecting";
	onopen: () => void = () => {};
	onmessage: (event: { data: unknown }) => void = () => {};

	open(): void {
		this.readyState = "open";
		this.onopen();
	}
}

let control: Channel;
let blocks: Channel;
let happened: string[];
const noted = (what: string) => () => void happened.push(what);

beforeEach(() => {
	vi.useFakeTimers();
	control = new Channel();
	blocks = new Channel();
	happened = [];
	const ends: LinkEnds = {
		ice: [],
		offers: false,
		signal: noted("signal"),
		listener: {
			opened: noted("opened"),
			control: (text) => happened.push(`control ${text}`),
			block: ({ byteLength }) => happened.push(`block of ${byteLength}`),
			drained: noted("drained"),
			closed: noted("closed"),
		},
	};
	const links = new ChannelLinks((message: ToPage) => {
		if (message.type === "close") happened.push("connection closed");
	});
	links.make(ends);
	const [first, second] = [control, blocks] as unknown as RTCDataChannel[];
	if (first && second) links.heed({ type: "channels", link: 1, control: first, blocks: second });
});

afterEach(() => {
	vi.useRealTimers();
});

test("whatever comes on one channel before the other is open is told of once both are", () => {
	control.open();
	control.onmessage({ data: "hello" });
	control.onmessage({ data: "ping" });
	expect(happened).toEqual([]);

	blocks.open();
	blocks.onmessage({ data: new ArrayBuffer(8) });

	expect(happened).toEqual(["opened", "control hello", "control ping", "block of 8"]);
});

test("it opens once, also when both channels are open before either says so", () => {
	control.readyState = "open";
	blocks.open();
	control.onopen();

	expect(happened).toEqual(["opened"]);
});

test("a flood before both channels are open ends the link", () => {
	control.open();
	for (let i = 0; i < 100; i++) control.onmessage({ data: "ping" });
	blocks.open();

	expect(happened).toEqual(["closed", "connection closed"]);
});
