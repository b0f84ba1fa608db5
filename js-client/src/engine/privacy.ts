import type { Policy } from "../protocol/messages.ts";

/** Whom this visitor meets: everybody, edges only, or nobody. */
export type Meets = "all" | "edges" | "nobody";

/** What the visitor's browser asks for. */
export interface Wishes {
	/** Global Privacy Control. */
	readonly privacy: boolean;
	/** The visitor pays by the byte (is on a mobile network), or said so. */
	readonly saveData: boolean;
}

/** What Network Information browsers say of the connection; others nothing. */
export interface Connection extends Partial<EventTarget> {
	readonly saveData?: boolean;
	readonly type?: string;
}

export const connection = (browser: object): Connection =>
	(browser as { readonly connection?: Connection }).connection ?? {};

/** The browser's, read anew each time: both may change. */
export function wishes(browser: object): Wishes {
	const { saveData: saves, type } = connection(browser);
	const saveData = saves === true || type === "cellular";
	return { privacy: Reflect.get(browser, "globalPrivacyControl") === true, saveData };
}

/** A site's policy, tightened by the visitor and never loosened. Oblivious sites, and consent, are not served yet. */
export function meets({ mode, consent }: Policy, { privacy }: Wishes): Meets {
	if (consent || (mode !== "open" && mode !== "edges")) return "nobody";
	return privacy || mode === "edges" ? "edges" : "all";
}

export const mayUpload = ({ upload }: Policy, { saveData }: Wishes): boolean => upload && !saveData;
