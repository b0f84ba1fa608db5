import type { Site } from "../api/types.ts";

/** A site's configuration as a form has it: lists are lines of text. */
export interface SiteForm {
	readonly id: string;
	readonly webOrigins: string;
	readonly contentOrigins: string;
	readonly include: string;
	readonly exclude: string;
	readonly live: string;
	readonly indexThreshold: string;
	readonly mode: string;
	readonly consent: boolean;
	readonly upload: boolean;
	readonly openEdges: boolean;
	readonly allowPrivate: boolean;
}

export const NEW_SITE: SiteForm = {
	id: "",
	webOrigins: "",
	contentOrigins: "",
	include: "/**",
	exclude: "",
	live: "",
	indexThreshold: "2",
	mode: "open",
	consent: false,
	upload: true,
	openEdges: false,
	allowPrivate: false,
};

export const linesOf = (text: string): string[] =>
	text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");

export const formOf = (site: Site): SiteForm => ({
	id: site.id,
	webOrigins: site.webOrigins.join("\n"),
	contentOrigins: site.contentOrigins.join("\n"),
	include: site.include.join("\n"),
	exclude: site.exclude.join("\n"),
	live: site.live.join("\n"),
	indexThreshold: String(site.indexThreshold),
	mode: site.mode,
	consent: site.consent,
	upload: site.upload,
	openEdges: site.openEdges,
	allowPrivate: site.allowPrivate,
});

/** What is sent; the id goes with a new site only, it is in the address otherwise. */
export const bodyOf = ({ id, ...form }: SiteForm, isNew: boolean): Record<string, unknown> => ({
	...(isNew ? { id: id.trim() } : {}),
	webOrigins: linesOf(form.webOrigins),
	contentOrigins: linesOf(form.contentOrigins),
	include: linesOf(form.include),
	exclude: linesOf(form.exclude),
	live: linesOf(form.live),
	indexThreshold: Number(form.indexThreshold),
	mode: form.mode,
	consent: form.consent,
	upload: form.upload,
	openEdges: form.openEdges,
	allowPrivate: form.allowPrivate,
});

/** The form's field of a key that the server names (`webOrigins[1]`, `web-origins`), to show its problem there. */
export function fieldOf(key: string): keyof SiteForm | undefined {
	const name = (key.split(/[.[]/)[0] ?? "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
	return (Object.keys(NEW_SITE) as (keyof SiteForm)[]).find((field) => field === name);
}
