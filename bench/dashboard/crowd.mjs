// Edges and viewers as the tracker knows them: connected, known by their keys, announcing and reporting. They move no bytes.
import { randomInt } from "node:crypto";
import WebSocket from "ws";
import { fingerprintOf, proofOf } from "./edge-key.mjs";

/** The part of the edges that is connected. */
const ONLINE = 0.95;
/** How often they report, as the protocol has it. */
const EDGE_REPORT_MS = 30_000;
const PAGE_REPORT_MS = 10_000;
/** Contents that each announces; the first of the catalog are held by most. */
const OF_EDGE = 200;
const OF_PAGE = 30;
/** Neighbours of each. */
const NEIGHBOURS = 12;
/** Connected at the same time. */
const AT_ONCE = 50;
/** The longest that one may take to be welcome. */
const WELCOME_MS = 30_000;

const REGIONS = ["DE", "FR", "NL", "PL", "SE", "US", "US", "CA", "BR", "JP", "SG", "IN", "AU", "ZA"];
const GIB = 2 ** 30;

/** Small numbers mostly. */
const popular = (length) => Math.floor(length * (randomInt(1, 1_000_000) / 1_000_000) ** 3);

export class Crowd {
	#peers = [];
	/** Ids of those who are connected. */
	ids = [];

	/** Connects the edges of `old`, and so many viewers; contents are those that its catalog has most use of. */
	static async join(old, { viewers }, scope) {
		const crowd = new Crowd();
		scope.onClose(async () => {
			for (const peer of crowd.#peers) peer.close();
		});
		const listed = await contentsOf(old);
		crowd.content = listed[0];
		const online = old.keys.slice(0, Math.ceil(old.keys.length * ONLINE));
		crowd.edge = fingerprintOf(online[0]);
		const joins = [
			...online.map(
				(key, i) => () => crowd.#join(new Peer(old, { key, number: i, contents: holdings(listed, OF_EDGE) })),
			),
			...Array.from(
				{ length: viewers },
				() => () => crowd.#join(new Peer(old, { contents: holdings(listed, OF_PAGE) })),
			),
		];
		while (joins.length > 0) await Promise.all(joins.splice(0, AT_ONCE).map((join) => join()));
		crowd.edges = online.length;
		crowd.viewers = viewers;
		for (const peer of crowd.#peers) peer.reportFrom(crowd.ids);
		return crowd;
	}

	async #join(peer) {
		this.#peers.push(peer);
		this.ids.push(await peer.welcome);
	}
}

/** Content ids by use, as the API tells them. */
async function contentsOf(old) {
	const { items } = await old.ask("GET", `contents?range=90d&site=${old.site}&limit=500`);
	return items.map(({ content }) => content);
}

const holdings = (listed, many) => [...new Set(Array.from({ length: many }, () => listed[popular(listed.length)]))];

class Peer {
	#socket;
	#timer;
	#sent = new Map();

	constructor(old, { key, number, contents }) {
		this.edge = key !== undefined;
		this.number = number;
		this.contents = contents;
		const socket = new WebSocket(old.tracker.url.replace(/^http/, "ws"), "rivulet.v1", {
			...(this.edge ? {} : { origin: old.origin }),
		});
		this.#socket = socket;
		const hello = { type: "hello", site: old.site, features: [] };
		this.welcome = new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("no welcome in time")), WELCOME_MS);
			socket.on("error", reject);
			socket.on("close", (code, reason) => reject(new Error(`closed with ${code} ${reason}`)));
			socket.on("open", () =>
				this.#say(
					this.edge
						? { ...hello, role: "edge", agent: "rivulet-edge/0.1.0", token: old.edgeToken, key: key.x }
						: { ...hello, role: "page", agent: "rivulet/0.1.0" },
				),
			);
			socket.on("message", (data) => {
				const text = String(data);
				if (text.startsWith('{"type":"challenge"'))
					this.#say({ type: "proof", proof: proofOf(key, old.site, JSON.parse(text).challenge) });
				if (!text.startsWith('{"type":"welcome"')) return;
				clearTimeout(timer);
				this.#say({ type: "announce", have: contents, drop: [], groups: ["front page"], slots: 4 });
				resolve(JSON.parse(text).peer);
			});
		});
	}

	#say(message) {
		this.#socket.send(JSON.stringify(message));
	}

	/** Reports at once and then again and again, at another moment than the others; neighbours are of these. */
	reportFrom(ids) {
		const neighbours = Array.from({ length: NEIGHBOURS }, () => ids[randomInt(ids.length)]);
		for (const id of neighbours) this.#sent.set(id, 0);
		const every = this.edge ? EDGE_REPORT_MS : PAGE_REPORT_MS;
		const report = () => this.#say(this.#report(every / 1000));
		report();
		this.#timer = setTimeout(() => {
			report();
			this.#timer = setInterval(report, every);
		}, randomInt(every));
	}

	#report(seconds) {
		const moved = randomInt(200_000, 400_000) * seconds;
		if (!this.edge) {
			const bytes = {
				store: moved / 5,
				peers: moved / 2,
				edges: moved / 3,
				origin: Math.floor(moved / 8),
				uploaded: 0,
			};
			const whole = Object.fromEntries(Object.entries(bytes).map(([name, amount]) => [name, Math.floor(amount)]));
			return { type: "report", bytes: whole, links: this.#links(), contents: [this.#used(moved)] };
		}
		return {
			type: "report",
			bytes: { store: 0, peers: Math.floor(moved / 8), edges: 0, origin: Math.floor(moved / 10), uploaded: moved },
			links: this.#links(),
			edge: {
				name: `edge-${this.number}`,
				region: REGIONS[this.number % REGIONS.length],
				store: { used: randomInt(5, 50) * GIB, max: 50 * GIB },
				quota: { used: randomInt(1, 1000) * GIB, max: 1000 * GIB },
				rates: { up: Math.floor(moved / seconds), down: Math.floor(moved / seconds / 8) },
			},
		};
	}

	#links() {
		return [...this.#sent.keys()].map((peer) => ({ peer, down: 0, up: 0 }));
	}

	#used(bytes) {
		return { content: this.contents[randomInt(this.contents.length)], bytes, origin: Math.floor(bytes / 8) };
	}

	close() {
		clearTimeout(this.#timer);
		clearInterval(this.#timer);
		this.#socket.close(1000);
	}
}
