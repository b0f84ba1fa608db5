import { joined } from "./early.ts";

/** Hands a body on as it comes, each byte once, although another source may begin at its beginning again. */
export class Stream {
	readonly #leastBytes: number;
	readonly #hand: (bytes: Uint8Array<ArrayBuffer>) => void;
	#gathered: Uint8Array<ArrayBuffer>[] = [];
	#gatheredBytes = 0;
	/** Where the source is. */
	#at = 0;
	/** What was taken, from the beginning. */
	bytes = 0;

	/** @param leastBytes gathered before they are handed on: each time costs the player something */
	constructor(leastBytes: number, hand: (bytes: Uint8Array<ArrayBuffer>) => void) {
		this.#leastBytes = leastBytes;
		this.#hand = hand;
	}

	/** The source's next bytes. */
	take(part: Uint8Array<ArrayBuffer>): void {
		const news = part.subarray(Math.max(0, this.bytes - this.#at));
		this.#at += part.length;
		if (!news.length) return;
		this.bytes += news.length;
		this.#gathered.push(news);
		this.#gatheredBytes += news.length;
		if (this.#gatheredBytes >= this.#leastBytes) this.flush();
	}

	/** Another source begins, at the body's beginning. */
	again(): void {
		this.flush();
		this.#at = 0;
	}

	/** Nothing more comes, or not soon. */
	flush(): void {
		const gathered = this.#gathered;
		this.#gathered = [];
		this.#gatheredBytes = 0;
		if (gathered.length) this.#hand(joined(gathered));
	}
}
