import { type Ask, pathOf, withQuery } from "../api/client.ts";
import type { Role } from "../api/types.ts";
import { words } from "../words.ts";

/** What an operator is asked for before something is done. */
export interface Field {
	readonly name: string;
	readonly label: string;
	readonly kind: "text" | "select" | "check" | "number";
	readonly hint?: string;
	readonly required?: boolean;
	readonly value?: string;
	readonly options?: readonly (readonly [value: string, label: string])[];
	/** Has to be typed exactly, so that nothing great happens by a slip. */
	readonly exactly?: string;
}

export type Values = Readonly<Record<string, string | boolean>>;

/** What to say when it is done; a secret is shown once, in the dialog. */
export interface Outcome {
	readonly text: string;
	readonly secret?: { readonly label: string; readonly value: string };
}

/** Something an operator can do: asked back before, said after. */
export interface Action {
	/** On the button that offers it. */
	readonly label: string;
	readonly title: string;
	/** What it means, for whom, and whether it can be undone. */
	readonly explain: string;
	/** On the button that does it. */
	readonly confirm: string;
	readonly danger?: boolean;
	/** Who may. */
	readonly least: Role;
	readonly fields: readonly Field[];
	/** `now` in seconds since 1970. */
	/** What is changed, whose version as shown goes with the change; given where the change needs that. */
	readonly basis?: string;
	ask(values: Values, now: number): Ask;
	done(answer: unknown, values: Values): Outcome;
}

const DAY_SECONDS = 86_400;

export const text = (values: Values, name: string): string => {
	const value = values[name];
	return typeof value === "string" ? value.trim() : "";
};

const KEPT_REASON: Field = {
	name: "reason",
	label: "Reason",
	kind: "text",
	required: true,
	hint: "Kept in the audit log",
};

/** When so many days have passed, in seconds since 1970; nothing when none were given. */
function after(values: Values, name: string, now: number): number | undefined {
	const days = Number(text(values, name));
	return text(values, name) !== "" && days > 0 ? Math.round(now + days * DAY_SECONDS) : undefined;
}

/** `fields` without those that have no value. */
const given = (fields: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));

function part(answer: unknown, name: string): string {
	if (typeof answer !== "object" || answer === null) return "";
	const value = (answer as Record<string, unknown>)[name];
	return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

const ROLES: readonly (readonly [string, string])[] = Object.entries(words.access.roles);

const roleField = (name: string, label: string, value: string): Field => ({
	name,
	label,
	kind: "select",
	options: ROLES,
	value,
	required: true,
});

export const removeSite = (site: string): Action => ({
	label: "Remove",
	title: `Remove ${site}?`,
	explain: "Visitors and edges of the site are disconnected, and its pages get everything from the origin again.",
	confirm: "Remove the site",
	danger: true,
	least: "operator",
	fields: [{ name: "id", label: "Type the site's id", kind: "text", required: true, exactly: site }],
	ask: () => ({ method: "DELETE", path: pathOf("sites", site) }),
	done: () => ({ text: `${site} is removed.` }),
});

export const rotateKey = (site: string): Action => ({
	label: "Rotate online key",
	title: `Rotate the online key of ${site}?`,
	explain:
		"A new key signs the catalog from now on, delegated by the root key. Pages and edges take it over by themselves; the embed tag stays as it is.",
	confirm: "Rotate",
	least: "operator",
	fields: [],
	ask: () => ({ method: "POST", path: pathOf("sites", site, "keys", "rotate") }),
	done: () => ({ text: `${site} has a new online key.` }),
});

export const purge = (site: string, content?: string): Action => ({
	label: "Purge",
	title: content ? "Purge this content?" : `Purge content of ${site}?`,
	explain:
		"Its entries leave the catalog: visitors get it from the origin until it is published or indexed again. Nothing is forbidden by that.",
	confirm: "Purge",
	danger: true,
	least: "operator",
	fields: content
		? []
		: [
				{
					name: "by",
					label: "What",
					kind: "select",
					value: "url",
					options: [
						["url", "one URL"],
						["prefix", "all URLs that begin with"],
						["content", "one content id"],
						["key", "one entry, by its key"],
					],
				},
				{ name: "what", label: "URL, content id or key", kind: "text", required: true },
			],
	ask: (values) => ({
		method: "POST",
		path: pathOf("sites", site, "purge"),
		body: content ? { content } : { [text(values, "by")]: text(values, "what") },
	}),
	done: (answer) => ({ text: `Removed entries: ${part(answer, "removed") || "0"}.` }),
});

export const block = (site: string, content?: string): Action => ({
	label: "Block",
	title: content ? "Block this content?" : `Block content on ${site}?`,
	explain:
		"Within ten seconds every edge deletes it and every page drops it. It is not shared on this site until you lift the block. The origin still serves it.",
	confirm: "Block",
	danger: true,
	least: "operator",
	fields: [
		...(content ? [] : [{ name: "what", label: "URL or content id", kind: "text", required: true } satisfies Field]),
		{ name: "reason", label: "Reason", kind: "text", required: true, hint: "Kept with the block and in the audit log" },
		{ name: "reference", label: "Reference", kind: "text", hint: "Such as the number of a notice" },
	],
	ask: (values) => {
		const what = content ?? text(values, "what");
		const which = what.includes("://") ? { url: what } : { content: what };
		const body = { ...which, ...given({ reason: text(values, "reason"), reference: text(values, "reference") }) };
		return { method: "POST", path: pathOf("sites", site, "blocks"), body };
	},
	done: () => ({ text: "It is blocked." }),
});

export const unblock = (site: string, id: string): Action => ({
	label: "Lift",
	title: "Lift the block?",
	explain: "The content may be published, indexed and shared again.",
	confirm: "Lift the block",
	least: "operator",
	fields: [
		KEPT_REASON,
		{ name: "reference", label: "Reference", kind: "text", hint: "Such as the number of a notice" },
	],
	ask: (values) => ({
		method: "DELETE",
		path: withQuery(pathOf("sites", site, "blocks", id), {
			reason: text(values, "reason"),
			reference: text(values, "reference") || undefined,
		}),
	}),
	done: () => ({ text: "The block is lifted." }),
});

const siteField = (sites: readonly string[]): Field => ({
	name: "site",
	label: "Site",
	kind: "select",
	required: true,
	options: sites.map((site) => [site, site] as const),
	value: sites[0] ?? "",
});
const EXPIRES: Field = { name: "expires", label: "Expires in days", kind: "number", hint: "Empty: never" };

export const addEdgeToken = (sites: readonly string[]): Action => ({
	label: "Make an edge token",
	title: "Make a token for an edge",
	explain: "One token lets one edge join: the first edge that uses it is bound to it by its own key.",
	confirm: "Make the token",
	least: "operator",
	fields: [
		siteField(sites),
		{ name: "note", label: "Note", kind: "text", hint: "Whose edge it is", required: true },
		EXPIRES,
		{
			name: "index",
			label: "Trusted to index",
			kind: "check",
			hint: "Only for machines of your own: it says what bytes visitors get",
		},
	],
	ask: (values, now) => ({
		method: "POST",
		path: "edge-tokens",
		body: given({
			site: text(values, "site"),
			index: values["index"] === true,
			note: text(values, "note"),
			expires: after(values, "expires", now),
		}),
	}),
	done: (answer) => ({ text: "The token is made.", secret: { label: "Token", value: part(answer, "secret") } }),
});

export const addPublishToken = (sites: readonly string[]): Action => ({
	label: "Make a publish token",
	title: "Make a token to publish with",
	explain: "The site's build publishes its content with it. Who has it can say what bytes visitors get.",
	confirm: "Make the token",
	least: "operator",
	fields: [
		siteField(sites),
		{ name: "note", label: "Note", kind: "text", hint: "What it is for", required: true },
		EXPIRES,
	],
	ask: (values, now) => ({
		method: "POST",
		path: "publish-tokens",
		body: given({ site: text(values, "site"), note: text(values, "note"), expires: after(values, "expires", now) }),
	}),
	done: (answer) => ({ text: "The token is made.", secret: { label: "Token", value: part(answer, "secret") } }),
});

export const removeToken = (list: "edge-tokens" | "publish-tokens", id: string): Action => ({
	label: "Take back",
	title: "Take the token back?",
	explain: "Nobody can join or publish with it any more. An edge that is connected with it is disconnected.",
	confirm: "Take back",
	danger: true,
	least: "operator",
	fields: [],
	ask: () => ({ method: "DELETE", path: pathOf(list, id) }),
	done: () => ({ text: "The token is taken back." }),
});

export const revokeEdge = (fingerprint: string, name: string): Action => ({
	label: "Revoke",
	title: `Revoke ${name}?`,
	explain: "It is disconnected at once, visitors and other edges leave it, and it cannot come back under its key.",
	confirm: "Revoke",
	danger: true,
	least: "operator",
	fields: [KEPT_REASON],
	ask: (values) => ({
		method: "POST",
		path: pathOf("edges", fingerprint, "revoke"),
		body: { reason: text(values, "reason") },
	}),
	done: () => ({ text: `${name} is revoked.` }),
});

export const ban = (peer?: string): Action => ({
	label: peer ? "Ban" : "Ban a peer",
	title: peer ? "Ban this peer?" : "Ban a peer",
	explain: "It is disconnected and introduced to nobody until the ban ends.",
	confirm: "Ban",
	danger: true,
	least: "operator",
	fields: [
		...(peer ? [] : [{ name: "peer", label: "Peer id or fingerprint", kind: "text", required: true } satisfies Field]),
		{ name: "reason", label: "Reason", kind: "text", required: true },
		{ name: "until", label: "For days", kind: "number", hint: "Empty: until you lift it" },
	],
	ask: (values, now) => ({
		method: "POST",
		path: "bans",
		body: given({
			peer: peer ?? text(values, "peer"),
			reason: text(values, "reason"),
			until: after(values, "until", now),
		}),
	}),
	done: () => ({ text: "The peer is banned." }),
});

export const unban = (id: string, peer: string): Action => ({
	label: "Lift",
	title: `Lift the ban of ${peer}?`,
	explain: "It may connect again.",
	confirm: "Lift the ban",
	least: "operator",
	fields: [],
	ask: () => ({ method: "DELETE", path: pathOf("bans", id) }),
	done: () => ({ text: "The ban is lifted." }),
});

export const drain = (): Action => ({
	label: "Drain this tracker",
	title: "Drain this tracker?",
	explain:
		"It accepts nobody new and sends those who are connected away, over as many seconds as you say. You can stop draining.",
	confirm: "Drain",
	danger: true,
	least: "operator",
	fields: [{ name: "seconds", label: "Over how many seconds", kind: "number", value: "60", required: true }],
	ask: (values) => ({ method: "POST", path: "drain", body: { seconds: Number(text(values, "seconds")) } }),
	done: () => ({ text: "The tracker is draining." }),
});

export const undrain = (): Action => ({
	label: "Stop draining",
	title: "Stop draining?",
	explain: "The tracker accepts visitors and edges again.",
	confirm: "Stop draining",
	least: "operator",
	fields: [],
	ask: () => ({ method: "DELETE", path: "drain" }),
	done: () => ({ text: "The tracker accepts everybody again." }),
});

export const addOperator = (): Action => ({
	label: "Add an operator",
	title: "Add an operator",
	explain: "You get a link that works once. Send it to them; with it they choose their password.",
	confirm: "Make the link",
	least: "owner",
	fields: [{ name: "name", label: "Name", kind: "text", required: true }, roleField("role", "Role", "viewer")],
	ask: (values) => ({
		method: "POST",
		path: "operators",
		body: { name: text(values, "name"), role: text(values, "role") },
	}),
	done: (answer, values) => ({
		text: `${text(values, "name")} is added.`,
		secret: { label: "Link", value: part(answer, "link") },
	}),
});

export const changeRole = (name: string, role: Role): Action => ({
	label: "Change role",
	title: `Change the role of ${name}`,
	explain: "It holds from their next request on.",
	basis: pathOf("operators", name),
	confirm: "Change",
	least: "owner",
	fields: [roleField("role", "Role", role)],
	ask: (values) => ({ method: "PATCH", path: pathOf("operators", name), body: { role: text(values, "role") } }),
	done: (_, values) => ({ text: `${name} is now ${text(values, "role")}.` }),
});

export const newLink = (name: string): Action => ({
	label: "New link",
	title: `Make a new link for ${name}?`,
	explain: "With it they choose another password. It switches their second factor off and ends their sessions.",
	confirm: "Make the link",
	danger: true,
	least: "owner",
	fields: [],
	ask: () => ({ method: "POST", path: pathOf("operators", name, "link") }),
	done: (answer) => ({ text: "The link is made.", secret: { label: "Link", value: part(answer, "link") } }),
});

export const removeOperator = (name: string): Action => ({
	label: "Remove",
	title: `Remove ${name}?`,
	explain: "Their sessions end at once. What they did stays in the audit log.",
	confirm: "Remove",
	danger: true,
	least: "owner",
	fields: [],
	ask: () => ({ method: "DELETE", path: pathOf("operators", name) }),
	done: () => ({ text: `${name} is removed.` }),
});

export const addApiToken = (): Action => ({
	label: "Make an API token",
	title: "Make an API token",
	explain: "Programs that have it may do what its scope allows.",
	confirm: "Make the token",
	least: "owner",
	fields: [
		{ name: "name", label: "Name", kind: "text", required: true, hint: "What it is for" },
		roleField("scope", "Scope", "viewer"),
		{ name: "expires", label: "Expires in days", kind: "number", hint: "Empty: never" },
	],
	ask: (values, now) => ({
		method: "POST",
		path: "api-tokens",
		body: given({
			name: text(values, "name"),
			scope: text(values, "scope"),
			expires: after(values, "expires", now),
		}),
	}),
	done: (answer) => ({ text: "The token is made.", secret: { label: "Token", value: part(answer, "secret") } }),
});

export const removeApiToken = (id: string, name: string): Action => ({
	label: "Take back",
	title: `Take the token ${name} back?`,
	explain: "Programs that use it are refused from now on.",
	confirm: "Take back",
	danger: true,
	least: "owner",
	fields: [],
	ask: () => ({ method: "DELETE", path: pathOf("api-tokens", id) }),
	done: () => ({ text: `The token ${name} is taken back.` }),
});
