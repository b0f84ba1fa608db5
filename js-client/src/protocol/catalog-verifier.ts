import { CatalogError } from "./catalog-error.ts";
import { type Batch, batch, type Delegation, delegation, type Head, head, proveEntries } from "./decode-catalog.ts";
import type { KeyId, SiteId } from "./ids.ts";
import { type Jws, keyIdOf, openJws, orMalformed, verifies } from "./jws.ts";
import { CLOCK_SKEW_SECONDS, MAX_DELEGATIONS } from "./limits.ts";

/** The last head and batch taken; never goes back, so it outlives the page. */
export interface Position {
	/** Id of the root key. */
	readonly key: KeyId;
	readonly epoch: number;
	readonly sequence: number;
	/** The head's JWS. */
	readonly head: string;
	/** Number of the last batch taken of that head, 0 for none. */
	readonly batch: number;
}

interface Signed {
	readonly site: SiteId;
	readonly epoch: number;
	readonly issuedAt: number;
	readonly notAfter: number;
}

/** -1, 0 or 1 as (epoch, sequence) of `a` comes before, with or after that of `b`. */
export const compare = (
	a: Pick<Position, "epoch" | "sequence">,
	b: Pick<Position, "epoch" | "sequence"> | null,
): number => (b ? Math.sign(a.epoch - b.epoch || a.sequence - b.sequence) : 1);

/** A key that the root key lets sign. */
interface Trusted extends Delegation {
	readonly root: KeyId;
	readonly kid: KeyId;
}

/** Decides which heads and batches of a site to take (docs/protocol.md §4.1). Every refusal is a `CatalogError`. */
export class CatalogVerifier {
	readonly #site: SiteId;
	#pinned: KeyId | null;
	#trusted: readonly Trusted[] = [];
	last: Position | null = null;

	/** @param pinned id of the root key; null: the first one that the tracker names is trusted */
	constructor(site: SiteId, pinned: KeyId | null) {
		this.#site = site;
		this.#pinned = pinned;
	}

	/** Takes the root key (base64url) and those of the delegations that it signed; the others are passed over. */
	async delegations(rootKey: string, texts: readonly string[]): Promise<void> {
		const root = await keyIdOf(rootKey);
		if (this.#pinned && root !== this.#pinned) throw new CatalogError("root-key");
		this.#pinned = root;
		if (this.last?.key !== root) this.last = null; // sequences of another root key say nothing of this one's
		const trusted: Trusted[] = [];
		for (const text of texts.slice(0, MAX_DELEGATIONS)) {
			try {
				const jws = openJws(text, "rivulet-delegation", delegation);
				const { payload } = jws;
				if (jws.kid !== root || payload.site !== this.#site || !(await verifies(jws, rootKey))) continue;
				trusted.push({ ...payload, root, kid: await keyIdOf(payload.key) });
			} catch (error) {
				if (!(error instanceof CatalogError) || error.code === "unsupported") throw error;
			}
		}
		this.#trusted = trusted;
	}

	/** @returns the head, or null when it is the one already held. */
	async head(text: string, nowSeconds: number): Promise<Head | null> {
		const jws = openJws(text, "rivulet-head", head);
		const key = await this.#check(jws, nowSeconds);
		const { epoch, sequence } = jws.payload;
		const order = compare(jws.payload, this.last);
		if (order === 0 && this.last?.head === text) return null;
		if (order <= 0) throw new CatalogError("rollback");
		this.last = { key, epoch, sequence, head: text, batch: 0 };
		return jws.payload;
	}

	/** @returns the batch; `known` when it or a later one was taken before; `ahead` when it extends a later head. */
	async batch(text: string, nowSeconds: number): Promise<Batch | "known" | "ahead"> {
		const jws = openJws(text, "rivulet-batch", batch);
		const { payload } = jws;
		await orMalformed(proveEntries(payload.entries));
		await this.#check(jws, nowSeconds);
		const order = compare(payload, this.last);
		if (order > 0 || !this.last) return "ahead";
		if (order < 0) throw new CatalogError("rollback");
		if (payload.batch <= this.last.batch) return "known";
		this.last = { ...this.last, batch: payload.batch };
		return payload;
	}

	/** @returns the id of the root key that it goes back to. */
	async #check(jws: Jws<Signed>, nowSeconds: number): Promise<KeyId> {
		const { site, epoch, issuedAt, notAfter } = jws.payload;
		const by = this.#trusted.find(
			(one) => one.kid === jws.kid && epoch <= one.epoch && nowSeconds >= one.notBefore && nowSeconds <= one.notAfter,
		);
		if (!by) throw new CatalogError("delegation");
		if (!(await verifies(jws, by.key))) throw new CatalogError("signature");
		if (site !== this.#site) throw new CatalogError("site");
		if (nowSeconds + CLOCK_SKEW_SECONDS < issuedAt) throw new CatalogError("not-yet");
		if (nowSeconds > notAfter) throw new CatalogError("expired");
		return by.root;
	}
}
