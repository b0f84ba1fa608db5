import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openPolicy } from "../../test/policy.ts";
import type { ContentId, PeerId, SiteId } from "../protocol/ids.ts";
import type { ClientMessage } from "../protocol/messages.ts";
import { MISSING_MS, TrackerConnection, type TrackerPorts } from "./tracker-connection.ts";

const FILE = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA" as ContentId;
const PEER = "aaaaaaaaaaaaaaaaaaaaaA" as PeerId;

const WELCOME = {
	type: "welcome",
	peer: PEER,
	resume: "resume-me",
	ice: [],
	policy: openPolicy,
	trackers: [],
	catalog: { rootKey: "A".repeat(43), delegations: ["a.b.c"], head: "a.b.c" },
};

class FakeSocket {
	static all: FakeSocket[] = [];
	readonly url: string;
	readonly protocol: string;
	readonly sent: ClientMessage[] = [];
	onopen = () => {};
	onmessage: (event: { data: unknown }) => void = () => {};
	onclose: (event: { code: number }) => void = () => {};
	closed = false;

	constructor(url: string, protocol: string) {
		this.url = url;
		this.protocol = protocol;
		FakeSocket.all.push(this);
	}

	send(text: string): void {
		this.sent.push(JSON.parse(text) as ClientMessage);
	}

	close(): void {
		this.drop(1005);
	}

	drop(code: number): void {
		if (this.closed) return;
		this.closed = true;
		this.onclose({ code });
	}

	hear(message: object): void {
		this.onmessage({ data: JSON.stringify(message) });
	}

	welcome(): void {
		this.onopen();
		this.hear(WELCOME);
	}
}

const sent = (socket: FakeSocket | undefined, type: string) => socket?.sent.filter((message) => message.type === type);
const last = () => FakeSocket.all.at(-1);

let ports: { [K in keyof TrackerPorts]: TrackerPorts[K] };
beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal("WebSocket", FakeSocket);
	vi.spyOn(Math, "random").mockReturnValue(1);
	FakeSocket.all = [];
	ports = {
		base: "https://tracker.test/prefix/",
		site: "demo" as SiteId,
		group: "/page",
		mode: "open",
		slots: () => 3,
		welcome: vi.fn(),
		message: vi.fn(),
		unknownPeer: vi.fn(),
		unreachable: vi.fn(),
	};
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

function joined(): { tracker: TrackerConnection; socket: FakeSocket } {
	const tracker = new TrackerConnection(ports);
	const socket = last();
	if (!socket) throw new Error("no socket");
	socket.welcome();
	return { tracker, socket };
}

describe("joining", () => {
	test("connects below the tracker's path and says hello first", () => {
		const { socket } = joined();

		expect([socket.url, socket.protocol]).toEqual(["wss://tracker.test/prefix/", "rivulet.v1"]);
		expect(socket.sent[0]).toMatchObject({ type: "hello", site: "demo", role: "page", mode: "open" });
		expect(ports.welcome).toHaveBeenCalledOnce();
	});

	test("says where it is with its hello, and what it may upload when the welcome has told", () => {
		ports.slots = vi.fn().mockReturnValueOnce(0).mockReturnValue(3);
		new TrackerConnection(ports);
		const socket = last();
		socket?.onopen();
		const here = { type: "announce", have: [], drop: [], groups: ["/page"] };

		expect(socket?.sent.slice(1)).toEqual([{ ...here, slots: 0 }]);
		socket?.hear(WELCOME);
		expect(socket?.sent.slice(1)).toEqual([
			{ ...here, slots: 0 },
			{ ...here, slots: 3 },
		]);
	});

	test("says that the tracker is unreachable once, and goes on trying with longer and longer pauses", () => {
		new TrackerConnection(ports);

		const pauses = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000].map((pause, i) => {
			last()?.drop(1006);
			vi.advanceTimersByTime(pause - 1);
			const early = FakeSocket.all.length === i + 1;
			vi.advanceTimersByTime(1);
			return early && FakeSocket.all.length === i + 2;
		});

		expect(pauses).toEqual(Array(8).fill(true));
		expect(ports.unreachable).toHaveBeenCalledOnce();
	});

	test("a policy that forbids sockets is no error", () => {
		vi.stubGlobal("WebSocket", function refuse() {
			throw new DOMException("refused", "SecurityError");
		});

		const tracker = new TrackerConnection(ports);

		expect(tracker.state).toBe("lost");
		expect(ports.unreachable).toHaveBeenCalledOnce();
	});

	test("a tracker that never says welcome is given up", () => {
		new TrackerConnection(ports);
		last()?.onopen();

		vi.advanceTimersByTime(5000);

		expect(FakeSocket.all[0]?.closed).toBe(true);
	});

	test.each([4401, 4403, 4404, 4409, 4410, 4411])("code %i ends it for good", (code) => {
		const { socket } = joined();

		socket.drop(code);
		vi.advanceTimersByTime(600_000);

		expect(FakeSocket.all.length).toBe(1);
	});

	test("after a loss it resumes, and announces everything anew", () => {
		const { tracker, socket } = joined();
		tracker.announce(FILE);
		vi.advanceTimersByTime(200);

		socket.drop(1001);
		vi.advanceTimersByTime(1000);
		last()?.welcome();

		expect(last()?.sent[0]).toMatchObject({ type: "hello", resume: "resume-me" });
		expect(sent(last(), "announce")).toEqual([
			{ type: "announce", have: [], drop: [], groups: ["/page"], slots: 3 },
			{ type: "announce", have: [FILE], drop: [], groups: ["/page"], slots: 3 },
		]);
	});

	test("nonsense from the tracker ends that connection only", () => {
		const { tracker, socket } = joined();

		socket.onmessage({ data: "{" });
		expect(tracker.state).toBe("lost");
		vi.advanceTimersByTime(1000);

		expect(FakeSocket.all.length).toBe(2);
	});

	test("stopping is final", () => {
		const { tracker, socket } = joined();

		tracker.stop();
		vi.advanceTimersByTime(600_000);

		expect(socket.closed).toBe(true);
		expect(FakeSocket.all.length).toBe(1);
	});
});

describe("telling", () => {
	test("announcements are gathered", () => {
		const { tracker, socket } = joined();
		const others = ["GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGA", FILE] as ContentId[];

		for (const content of others) tracker.announce(content);
		tracker.announce(FILE);
		vi.advanceTimersByTime(200);

		expect(sent(socket, "announce")?.slice(2)).toEqual([{ type: "announce", have: others, drop: [], slots: 3 }]);
	});

	test("what was retracted is dropped", () => {
		const { tracker, socket } = joined();
		tracker.announce(FILE);
		vi.advanceTimersByTime(200);

		tracker.retract(FILE);
		vi.advanceTimersByTime(200);

		expect(sent(socket, "announce")?.at(-1)).toMatchObject({ have: [], drop: [FILE] });
	});

	test("more contents than a page may announce drop the oldest", () => {
		const { tracker, socket } = joined();
		const content = (n: number) => `${String(n).padStart(42, "A")}A` as ContentId;
		for (let n = 0; n < 512; n++) tracker.announce(content(n));
		vi.advanceTimersByTime(200);

		tracker.announce(FILE);
		vi.advanceTimersByTime(200);

		expect(sent(socket, "announce")?.at(-1)).toMatchObject({ have: [FILE], drop: [content(0)] });
	});

	test("a missing URL is told when its response has ended, and of one that goes on after a while", () => {
		const { tracker, socket } = joined();
		const told = () => sent(socket, "missing")?.flatMap((one) => (one.type === "missing" ? one.urls : []));
		for (const name of ["ends", "goes-on"]) tracker.missing(`https://a.test/${name}`, false);
		vi.advanceTimersByTime(1000);
		expect(told()).toEqual([]);

		tracker.missing("https://a.test/ends", true);
		vi.advanceTimersByTime(1000);
		expect(told()).toEqual(["https://a.test/ends"]);

		vi.advanceTimersByTime(MISSING_MS);
		expect(told()).toEqual(["https://a.test/ends", "https://a.test/goes-on"]);
	});

	test("a missing URL is told once, in batches of 32", () => {
		const { tracker, socket } = joined();

		for (let n = 0; n < 40; n++) tracker.missing(`https://a.test/${n}`, true);
		tracker.missing("https://a.test/0", true);
		vi.advanceTimersByTime(1000);
		tracker.missing("https://a.test/1", true);
		vi.advanceTimersByTime(1000);

		const urls = sent(socket, "missing")?.map((message) => (message.type === "missing" ? message.urls.length : 0));
		expect(urls).toEqual([32, 8]);
	});
});

describe("asking", () => {
	test("a lookup is answered with the peers of its id", async () => {
		const { tracker, socket } = joined();

		const answer = tracker.lookup(FILE, [PEER]);
		const lookup = sent(socket, "lookup")?.[0];
		expect(lookup).toMatchObject({ contents: [FILE], exclude: [PEER] });
		socket.hear({ type: "peers", id: lookup?.type === "lookup" ? lookup.id : 0, peers: [], http: ["https://t.test/"] });

		expect((await answer)?.http).toEqual(["https://t.test/"]);
		expect(ports.message).not.toHaveBeenCalled();
	});

	test("a lookup before the welcome is sent with it", async () => {
		const tracker = new TrackerConnection(ports);
		const answer = tracker.lookup(FILE, []);

		last()?.welcome();
		expect(sent(last(), "lookup")?.length).toBe(1);
		vi.advanceTimersByTime(2000);

		expect(await answer).toBeNull();
	});

	test("a lookup ends when the tracker is lost, is refused, or does not answer", async () => {
		const { tracker, socket } = joined();
		const refused = tracker.lookup(FILE, []);
		socket.hear({ type: "error", code: "limit", message: "", fatal: false, id: 1 });
		const late = tracker.lookup(FILE, []);
		vi.advanceTimersByTime(2000);
		const lost = tracker.lookup(FILE, []);
		socket.drop(1006);

		expect(await Promise.all([refused, late, lost, tracker.lookup(FILE, [])])).toEqual([null, null, null, null]);
	});

	test("hints, signals and updates are passed on", () => {
		const { socket } = joined();

		socket.hear({ type: "peers", peers: [{ id: PEER, role: "edge", holds: [] }] });
		socket.hear({ type: "signal", from: PEER, session: "s", close: true });
		socket.hear({ type: "error", code: "unknown-peer", message: "left", fatal: false, to: PEER });
		socket.hear({ type: "of the future" });

		expect(vi.mocked(ports.message).mock.calls.map(([{ type }]) => type)).toEqual(["peers", "signal"]);
		expect(ports.unknownPeer).toHaveBeenCalledWith(PEER);
	});
});
