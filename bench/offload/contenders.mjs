// Who is measured: what each puts into the page, and what a visitor has met before.

/** By name: `label` for reports; `head(site, task)`: tags for the page's head; `installs`: a service worker. */
export const contenders = {
	plain: { label: "plain HTTP", head: () => "" },
	"rivulet-fetch": { label: "Rivulet, rivulet.fetch", head: (site) => site.snippet },
	rivulet: { label: "Rivulet, service worker", head: (site) => site.snippet, installs: true },
};

/** A page with its task, which the script named finds there. */
export function pageHtml({ head, scripts, body = "", task }) {
	const data = JSON.stringify(task).replaceAll("<", "\\u003c");
	const vendor = scripts.slice(0, -1).map((name) => `<script src="/vendor/${name}"></script>`);
	return [
		`<!doctype html><meta charset="utf-8"><title>Benchmark</title><link rel="icon" href="data:,">`,
		head,
		...vendor,
		`<script type="application/json" id="task">${data}</script>`,
		`<body>${body}<script type="module" src="/page/${scripts.at(-1)}"></script>`,
	].join("\n");
}

/** Page of the site on which a visitor has been before. */
export const earlierPage = (head) =>
	`<!doctype html><meta charset="utf-8"><title>Earlier</title><link rel="icon" href="data:,">${head}`;
