import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import type { Items, Session, Site } from "../api/types.ts";
import type { Action } from "../model/actions.ts";
import { may } from "../model/roles.ts";
import { hashOf, RANGES, type Route, routeOf } from "../model/route.ts";
import { words } from "../words.ts";
import { type Desk, DeskProvider } from "./context.ts";
import { ActionDialog } from "./dialog.tsx";
import { View } from "./views.tsx";

interface ShellProps {
	readonly api: Api;
	readonly session: Session;
	readonly renew: (session: Session) => void;
	readonly leave: (note: { note?: string }) => void;
}

const NAV = [
	"overview",
	"sites",
	"contents",
	"swarms",
	"edges",
	"events",
	"bans",
	"settings",
	"access",
	"audit",
] as const;
/** Views that only owners need. */
const OWNERS: readonly string[] = ["access"];
/** Views that viewers may not see. */
const OPERATORS: readonly string[] = ["audit"];
/** Views whose figures are of a time and a site. */
const RANGED: readonly string[] = ["overview", "contents", "edges"];

/** How long a result stays to be read, milliseconds. */
const NOTICE_MS = 8_000;

export function Shell({ api, session, renew, leave }: ShellProps) {
	const [route, setRoute] = useState(() => routeOf(location.hash));
	const [action, setAction] = useState<Action>();
	const [notice, setNotice] = useState("");
	const [revision, setRevision] = useState(0);
	useEffect(() => {
		const moved = () => setRoute(routeOf(location.hash));
		addEventListener("hashchange", moved);
		return () => removeEventListener("hashchange", moved);
	}, []);
	useEffect(() => {
		if (!notice) return;
		const timer = setTimeout(() => setNotice(""), NOTICE_MS);
		return () => clearTimeout(timer);
	}, [notice]);
	const desk: Desk = useMemo(
		() => ({
			api,
			session,
			route,
			revision,
			role: session.operator.role,
			act: setAction,
			say: setNotice,
			changed: () => setRevision((before) => before + 1),
			renew,
		}),
		[api, session, route, revision, renew],
	);
	const signOut = async () => {
		await api
			.ask({ method: "DELETE", path: "session" })
			.catch((thrown: unknown) => setNotice(asProblem(thrown).message));
		leave({});
	};
	return (
		<DeskProvider value={desk}>
			<button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>("main h1")?.focus()}>
				{words.skip}
			</button>
			<Header desk={desk} signOut={() => void signOut()} />
			<main>
				<View key={route.parts.join("/")} />
			</main>
			<div class="notice" role="status">
				{notice && <p>{notice}</p>}
			</div>
			{action && (
				<ActionDialog
					api={api}
					action={action}
					onDone={({ text }) => {
						setNotice(text);
						desk.changed();
					}}
					onClose={() => setAction(undefined)}
				/>
			)}
		</DeskProvider>
	);
}

function Header({ desk, signOut }: { readonly desk: Desk; readonly signOut: () => void }) {
	const { route, role, session } = desk;
	const [open, setOpen] = useState(false);
	const here = route.parts[0];
	// Having gone somewhere closes the menu
	useEffect(() => setOpen(false), [route]);
	const link = (view: string, label: string) => (
		<li key={view}>
			<a href={hashOf(route, view)} aria-current={here === view ? "page" : undefined}>
				{label}
			</a>
		</li>
	);
	return (
		<header>
			<div class="bar">
				<a class="brand" href={hashOf(route, "overview")}>
					<img src="dashboard/icon.svg" alt="" width="24" height="24" />
					{words.product}
				</a>
				{here && RANGED.includes(here) && <Choices desk={desk} />}
				<button type="button" class="menu" aria-expanded={open} aria-controls="views" onClick={() => setOpen(!open)}>
					{words.menu}
				</button>
			</div>
			<nav id="views" aria-label={words.nav.label} class={open ? "open" : ""}>
				<ul>
					{NAV.filter((view) =>
						may(role, OWNERS.includes(view) ? "owner" : OPERATORS.includes(view) ? "operator" : "viewer"),
					).map((view) => link(view, words.nav[view]))}
				</ul>
				<ul class="own">
					{link("account", session.operator.name)}
					<li>
						<button type="button" class="plain" onClick={signOut}>
							{words.nav.signOut}
						</button>
					</li>
				</ul>
			</nav>
		</header>
	);
}

/** Range and site of the figures; kept in the address, so that a view can be kept and sent. */
function Choices({ desk }: { readonly desk: Desk }) {
	const { route, api, revision } = desk;
	const [sites, setSites] = useState<readonly string[]>([]);
	const asked = useRef(-1);
	useEffect(() => {
		if (asked.current === revision) return;
		asked.current = revision;
		api.get<Items<Site>>("sites").then(
			({ items }) => setSites(items.map(({ id }) => id)),
			() => setSites([]), // the views say what is wrong
		);
	}, [api, revision]);
	const go = (change: Partial<Route>) => {
		location.hash = hashOf({ ...route, ...change }, ...route.parts);
	};
	const known = route.site && !sites.includes(route.site) ? [route.site, ...sites] : sites;
	return (
		<div class="choices">
			<label>
				<span class="unseen">{words.site.label}</span>
				<select
					name="site"
					value={route.site ?? ""}
					onChange={(event) => go({ site: event.currentTarget.value || undefined })}
				>
					<option value="">{words.site.all}</option>
					{known.map((site) => (
						<option key={site} value={site}>
							{site}
						</option>
					))}
				</select>
			</label>
			<label>
				<span class="unseen">{words.range.label}</span>
				<select
					name="range"
					value={route.range}
					onChange={(event) => go({ range: RANGES.find((range) => range === event.currentTarget.value) ?? "1h" })}
				>
					{RANGES.map((range) => (
						<option key={range} value={range}>
							{words.range[range]}
						</option>
					))}
				</select>
			</label>
		</div>
	);
}
