import type { LinkFactory, SignalledLink } from "../../src/engine/peer-link.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import type { SignalBody } from "../../src/protocol/messages.ts";

/** One end of a link, and what has happened there. */
export class End {
	readonly link: SignalledLink;
	readonly control: string[] = [];
	readonly blocks: Uint8Array[] = [];
	readonly signalled: SignalBody[] = [];
	opened = 0;
	drained = 0;
	closed = 0;
	afterClosed = 0;
	#wake: () => void = () => {};

	constructor(makeLink: LinkFactory, offers: boolean, pass: (body: SignalBody) => void) {
		const happened = (act: () => void) => () => {
			if (this.closed) this.afterClosed++;
			act();
			this.#wake();
		};
		this.link = makeLink({
			ice: [],
			offers,
			signal: (body) => {
				this.signalled.push(body);
				this.#wake();
				pass(body);
			},
			listener: {
				opened: happened(() => this.opened++),
				control: (text) => happened(() => this.control.push(text))(),
				block: (buffer) => happened(() => this.blocks.push(new Uint8Array(buffer)))(),
				drained: happened(() => this.drained++),
				closed: happened(() => this.closed++),
			},
		});
	}

	async until(what: string, condition: () => boolean): Promise<void> {
		const deadline = setTimeout(() => {
			late = true;
			this.#wake();
		}, 5000);
		let late = false;
		while (!condition()) {
			if (late) throw new Error(`not in time: ${what}`);
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		clearTimeout(deadline);
	}
}

export interface Pair {
	/** Makes the offer. */
	readonly a: End;
	readonly b: End;
}

export function connect(makeLink: LinkFactory): Pair {
	const a: End = new End(makeLink, true, (body) => b.link.receive(body));
	const b: End = new End(makeLink, false, (body) => a.link.receive(body));
	return { a, b };
}

async function open(makeLink: LinkFactory): Promise<Pair> {
	const pair = connect(makeLink);
	await pair.a.until("a opens", () => pair.a.opened === 1);
	await pair.b.until("b opens", () => pair.b.opened === 1);
	return pair;
}

function equal(actual: unknown, expected: unknown): void {
	const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
	if (a !== b) throw new Error(`expected ${b}, but was ${a}`);
}

const bytes = (length: number, fill: number): Bytes => new Uint8Array(length).fill(fill);

/** What every link does. Without a test framework, so that it runs in a page as well. */
export const peerLinkContract: readonly { readonly name: string; run(makeLink: LinkFactory): Promise<void> }[] = [
	{
		name: "control texts arrive in order",
		async run(makeLink) {
			const { a, b } = await open(makeLink);
			const texts = Array.from({ length: 100 }, (_, i) => `text ${i} \u00e9\u{1f30a}`);

			for (const text of texts) a.link.sendControl(text);

			await b.until("all texts", () => b.control.length === texts.length);
			equal(b.control, texts);
		},
	},
	{
		name: "blocks arrive whole, in both directions",
		async run(makeLink) {
			const { a, b } = await open(makeLink);

			for (let i = 0; i < 8; i++) a.link.sendBlock(bytes(32_776, i));
			b.link.sendBlock(bytes(9, 7));

			await b.until("eight blocks", () => b.blocks.length === 8);
			await a.until("one block", () => a.blocks.length === 1);
			equal(
				b.blocks.map(({ length }) => length),
				Array(8).fill(32_776),
			);
			equal(b.blocks.map((block) => block.at(-1)).sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
		},
	},
	{
		name: "a block is sent as it was when it was given, whatever the sender does with its memory",
		async run(makeLink) {
			const { a, b } = await open(makeLink);
			const whole = bytes(100, 1);
			const part = whole.subarray(10, 20);

			a.link.sendBlock(part);
			whole.fill(2);

			await b.until("the block", () => b.blocks.length === 1);
			equal([...(b.blocks[0] ?? [])], Array(10).fill(1));
		},
	},
	{
		name: "what is buffered is counted, and told of when it has drained",
		async run(makeLink) {
			const { a, b } = await open(makeLink);

			for (let i = 0; i < 32; i++) a.link.sendBlock(bytes(32_768, i));
			const buffered = a.link.bufferedBytes;

			if (buffered < 32_768) throw new Error(`only ${buffered} bytes buffered`);
			await a.until("drained", () => a.drained > 0);
			await b.until("all blocks", () => b.blocks.length === 32);
			equal(a.link.bufferedBytes, 0);
		},
	},
	{
		name: "closing one end closes both, once, and what was said before arrives",
		async run(makeLink) {
			const { a, b } = await open(makeLink);

			a.link.sendControl("farewell");
			a.link.close();
			a.link.close();

			await b.until("closed", () => b.closed === 1);
			equal([a.closed, b.closed, b.control], [1, 1, ["farewell"]]);
			equal([a.afterClosed, b.afterClosed], [0, 0]);
		},
	},
	{
		name: "nothing is sent after closing",
		async run(makeLink) {
			const { a, b } = await open(makeLink);

			a.link.close();
			a.link.sendControl("too late");
			a.link.sendBlock(bytes(1, 1));

			await b.until("closed", () => b.closed === 1);
			equal([b.control.length, b.blocks.length], [0, 0]);
		},
	},
	{
		name: "the other side may give up before it is open",
		async run(makeLink) {
			const a = new End(makeLink, true, () => {});

			a.link.receive({ close: true });

			await a.until("closed", () => a.closed === 1);
			equal(a.opened, 0);
		},
	},
	{
		name: "an answer that makes no sense closes the link",
		async run(makeLink) {
			const a = new End(makeLink, true, () => {});
			await a.until("an offer", () => a.signalled.some((body) => "offer" in body));

			a.link.receive({ answer: "nonsense" });

			await a.until("closed", () => a.closed === 1);
		},
	},
];
