/** How long requests are held back at most for neighbours that are being connected, from a page's first request on. */
export const HOLD_MS = 800;

/** Requests that keep an origin busy, round trips included: browsers make six over HTTP/1.1, and queue the others. */
export const LANE_REQUESTS = 4;

interface Waiting {
	readonly bytes: number;
	readonly go: (toOrigin: boolean) => void;
}

/**
 * What a page asks for while its neighbours are being connected. The origin gets as many requests at a time as keep it busy,
 * the largest first, since these are the fewest in the time; the others wait for the neighbours. So nobody waits for a peer
 * while the origin is idle.
 */
export class Lane {
	#waiting: Waiting[] = [];
	#underWay = 0;
	isOpen = false;
	#opened: () => void = () => {};
	/** Resolves when nothing is held any more. */
	readonly opened = new Promise<void>((resolve) => {
		this.#opened = resolve;
	});

	/** Resolves when a request should go on its way: true: to the origin, until `left` is called; false: nothing is held any more. */
	enter(bytes: number, atOnce: boolean): Promise<boolean> {
		if (this.isOpen) return Promise.resolve(false);
		return new Promise((go) => {
			this.#waiting.push({ bytes: atOnce ? Number.POSITIVE_INFINITY : bytes, go });
			this.#waiting.sort((a, b) => b.bytes - a.bytes);
			this.#next();
		});
	}

	/** A request at the origin has ended. */
	left(): void {
		this.#underWay--;
		this.#next();
	}

	/** Nothing is held any more. */
	open(): void {
		this.isOpen = true;
		this.#opened();
		for (const { go } of this.#waiting.splice(0)) go(false);
	}

	#next(): void {
		for (;;) {
			const [first] = this.#waiting;
			const atOnce = first?.bytes === Number.POSITIVE_INFINITY;
			if (!first || !(atOnce || this.#underWay < LANE_REQUESTS)) return;
			this.#waiting.shift();
			this.#underWay++;
			first.go(true);
		}
	}
}
