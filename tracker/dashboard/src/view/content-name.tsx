import { fileOf, short } from "../model/format.ts";

/** What people call a content: its file's name, with the whole address at hand. */
export function ContentName({
	site,
	content,
	url,
	href,
	view = "contents",
}: {
	readonly site: string;
	readonly content: string;
	readonly url: string | null;
	readonly href: (...parts: readonly string[]) => string;
	readonly view?: "contents" | "swarms";
}) {
	return (
		<a class="name" href={href(view, site, content)} title={url ?? content}>
			{url ? fileOf(url) : short(content)}
		</a>
	);
}
