import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Exchange } from "../../src/worker/exchange.ts";
import type { Demand, Order, Supply } from "../../src/worker/messages.ts";

const PING_MS = 1000;

/** The other end of an exchange: keeps what it is told. */
class Engine {
	readonly heard: Demand["type"][] = [];
	port!: MessagePort;

	postMessage(_order: Order, [port]: Transferable[]): void {
		this.port = port as MessagePort;
		this.port.onmessage = ({ data }: MessageEvent<Demand>) => this.heard.push(data.type);
	}

	async say(supply: Supply): Promise<void> {
		this.port.postMessage(supply);
		await delivered();
	}
}

/** Until messages that were posted before have arrived, and what they lead to. */
async function delivered(): Promise<void> {
	for (let i = 0; i < 3; i++) {
		const { port1, port2 } = new MessageChannel();
		await new Promise((resolve) => {
			port1.onmessage = resolve;
			port2.postMessage(null);
		});
		port1.close();
	}
}

let engine: Engine;
let exchange: Exchange;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	engine = new Engine();
	const order = { type: "open", url: "http://site.test/a", range: null, dueAtMs: null } as const;
	exchange = new Exchange(engine, order, new AbortController().signal);
});

afterEach(() => {
	exchange.close();
	engine.port.close();
	vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
	await vi.advanceTimersByTimeAsync(ms);
	await delivered();
}

it("asks a silent page once a second whether it is there, however soon it answers", async () => {
	const next = exchange.next();
	for (let pings = 1; pings <= 5; pings++) {
		await pass(PING_MS);
		expect(engine.heard).toEqual(Array(pings).fill("ping"));
		await engine.say({ type: "pong" });
		expect(engine.heard).toEqual(Array(pings).fill("ping"));
	}
	await engine.say({ type: "end" });
	await expect(next).resolves.toEqual({ type: "end" });
});

it("gives up a page that answers no more", async () => {
	const next = exchange.next();
	await pass(PING_MS);
	await pass(PING_MS);
	await pass(PING_MS);
	await expect(next).resolves.toEqual({ type: "gone" });
	expect(engine.heard).toEqual(["ping", "ping"]);
});
