import { useMemo, useState } from "preact/hooks";
import { pathOf, withQuery } from "../api/client.ts";
import type { Discrepancy, Edge, Items, Series } from "../api/types.ts";
import { ban, revokeEdge } from "../model/actions.ts";
import { chosen, type EdgeKey, filled, nameOf, type Order, stateOf } from "../model/edges.ts";
import { bytes, count, rate, short } from "../model/format.ts";
import { refreshMs } from "../model/route.ts";
import { lines, thinned } from "../model/series.ts";
import { words } from "../words.ts";
import { Chart } from "./chart.tsx";
import { useDesk, useLinks, usePages, useResource } from "./context.ts";
import { TextField } from "./field.tsx";
import { EdgeMap } from "./map.tsx";
import { Act, Card, CopyButton, Facts, Gauge, Loading, Title, Trouble, When } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";
import { EdgeTokens } from "./tokens.tsx";

const text = words.edges;
/** Edges asked for at a time: all are wanted, to search, sort and draw them. */
const PAGE = 500;
/** Rows shown at a time. */
const ROWS = 50;

const amountOf = (amount: Edge["store"]) =>
	amount ? (
		<Gauge
			part={filled(amount)}
			label={amount.max > 0 ? text.of(bytes(amount.used), bytes(amount.max)) : bytes(amount.used)}
		/>
	) : (
		"–"
	);

const yes = (flag: boolean | undefined) => (flag ? text.yes : text.no);

export function EdgesView() {
	const { route } = useDesk();
	const { site } = route;
	const list = usePages<Edge>((after) => withQuery("edges", { site, limit: PAGE, after }), site ?? "", true);
	const [sought, setSought] = useState("");
	const [order, setOrder] = useState<Order>({ key: "up", down: true });
	const [page, setPage] = useState(0);
	const found = useMemo(() => list.items && chosen(list.items, sought, order), [list.items, sought, order]);
	const last = Math.max(0, Math.ceil((found?.length ?? 0) / ROWS) - 1);
	const shown = Math.min(page, last);
	return (
		<>
			<Title>{text.title}</Title>
			<Trouble problem={list.problem} retry={list.reload} />
			{list.items && <EdgeMap edges={list.items} />}
			<div class="tools">
				<TextField label={text.filter} name="filter" hint={text.filterHint} value={sought} onValue={setSought} />
			</div>
			<Table
				caption={text.caption}
				hideCaption
				columns={useColumns(order, setOrder)}
				rows={found?.slice(shown * ROWS, (shown + 1) * ROWS) ?? (list.problem ? [] : undefined)}
				id={({ site: of, fingerprint }) => `${of}/${fingerprint}`}
			/>
			{found && last > 0 && <Pager page={shown} last={last} all={found.length} go={setPage} />}
			<div class="grid">
				<Discrepancies />
				<EdgeTokens />
			</div>
		</>
	);
}

function Pager({
	page,
	last,
	all,
	go,
}: {
	readonly page: number;
	readonly last: number;
	readonly all: number;
	readonly go: (page: number) => void;
}) {
	return (
		<nav class="pager" aria-label={text.pages}>
			<button type="button" disabled={page === 0} onClick={() => go(page - 1)}>
				{text.previous}
			</button>
			<span>{text.range(count(page * ROWS + 1), count(Math.min(all, (page + 1) * ROWS)), count(all))}</span>
			<button type="button" disabled={page === last} onClick={() => go(page + 1)}>
				{text.next}
			</button>
		</nav>
	);
}

function useColumns(order: Order, setOrder: (order: Order) => void): Column<Edge>[] {
	const links = useLinks();
	const sortable = (key: EdgeKey) => ({
		sorted: order.key === key ? (order.down ? ("descending" as const) : ("ascending" as const)) : undefined,
		sort: () =>
			setOrder({ key, down: order.key === key ? !order.down : key === "up" || key === "store" || key === "quota" }),
	});
	return [
		{
			head: text.name,
			cell: (edge) => (
				<a class="name" href={links("edges", edge.site, edge.fingerprint)} title={edge.fingerprint}>
					{edge.name || short(edge.fingerprint)}
				</a>
			),
			...sortable("name"),
		},
		{ head: text.site, cell: ({ site }) => site, wide: true, ...sortable("site") },
		{
			head: text.state,
			cell: (edge) => <span class={`tag ${stateOf(edge)}`}>{text[stateOf(edge)]}</span>,
			...sortable("state"),
		},
		{ head: text.rates, cell: ({ rates }) => (rates ? rate(rates.up) : "–"), number: true, ...sortable("up") },
		{ head: text.store, cell: ({ store }) => amountOf(store), wide: true, ...sortable("store") },
		{ head: text.quota, cell: ({ quota }) => amountOf(quota), wide: true, ...sortable("quota") },
		{ head: text.version, cell: ({ version }) => version ?? "–", wide: true, ...sortable("version") },
		{
			head: text.trust,
			cell: ({ trust }) => <span class={`tag ${trust}`}>{text[trust]}</span>,
			...sortable("trust"),
		},
	];
}

function Discrepancies() {
	const found = useResource<Items<Discrepancy>>("discrepancies");
	if (found.problem) return <Trouble problem={found.problem} retry={found.reload} />;
	if (!found.value || found.value.items.length === 0) return null;
	return (
		<Card title={text.discrepancies}>
			<p>{text.discrepanciesNote}</p>
			<Table
				caption={text.discrepanciesCaption}
				hideCaption
				columns={[
					{ head: text.who, cell: ({ id, fingerprint }) => <code>{short(fingerprint ?? id)}</code> },
					{ head: text.claimed, cell: ({ claimed }) => bytes(claimed), number: true },
					{ head: text.confirmed, cell: ({ confirmed }) => bytes(confirmed), number: true },
					{
						head: text.trust,
						cell: ({ suspect }) => (
							<span class={suspect ? "tag suspect" : "tag ok"}>{suspect ? text.suspect : text.ok}</span>
						),
					},
				]}
				rows={found.value.items}
				id={({ site, id }) => `${site}/${id}`}
			/>
		</Card>
	);
}

export function EdgeView({ site, fingerprint }: { readonly site: string; readonly fingerprint: string }) {
	const { route } = useDesk();
	const { range } = route;
	const links = useLinks();
	const found = useResource<Edge>(withQuery(pathOf("edges", fingerprint), { site }), 5_000);
	const series = useResource<Series>(withQuery("series", { range, site, edge: fingerprint }), refreshMs(range));
	const plotted = useMemo(() => series.value && lines(thinned(series.value), ["up", "down"], true), [series.value]);
	const edge = found.value;
	return (
		<>
			<p class="crumb">
				<a href={links("edges")}>{text.title}</a>
			</p>
			<div class="head">
				<Title>{edge ? short(nameOf(edge)) : short(fingerprint)}</Title>
				<div class="buttons">
					<Act action={ban(fingerprint)} />
					{edge && !edge.revoked && <Act action={revokeEdge(fingerprint, short(nameOf(edge)))} />}
				</div>
			</div>
			<Trouble problem={found.problem} retry={found.reload} />
			{!edge && !found.problem && <Loading />}
			{edge && <EdgeFacts edge={edge} />}
			<Card title={text.traffic} wide>
				<Trouble problem={series.problem} />
				<Chart
					title={text.traffic}
					plotted={plotted}
					failed={series.problem !== undefined}
					perSecond
					format={rate}
					total={bytes}
				/>
			</Card>
		</>
	);
}

function EdgeFacts({ edge }: { readonly edge: Edge }) {
	const links = useLinks();
	return (
		<Card title={text.name} wide>
			<Facts
				facts={[
					[
						text.fingerprint,
						<span key="fingerprint" class="long">
							<code>{edge.fingerprint}</code> <CopyButton text={edge.fingerprint} />
						</span>,
					],
					[
						text.site,
						<a key="site" href={links("sites", edge.site)}>
							{edge.site}
						</a>,
					],
					[
						text.state,
						<span key="state" class={`tag ${stateOf(edge)}`}>
							{text[stateOf(edge)]}
						</span>,
					],
					[text.since, edge.online ? <When at={edge.since} /> : "–"],
					[text.firstSeen, <When key="first" at={edge.firstSeen} />],
					[text.lastSeen, <When key="last" at={edge.lastSeen} />],
					[text.rates, edge.rates ? rate(edge.rates.up) : "–"],
					[text.down, edge.rates ? rate(edge.rates.down) : "–"],
					[text.store, amountOf(edge.store)],
					[text.quota, amountOf(edge.quota)],
					[text.neighbours, edge.neighbours === null || edge.neighbours === undefined ? "–" : count(edge.neighbours)],
					[text.version, edge.version ?? "–"],
					[text.region, edge.region ?? words.state.unknown],
					[text.index, yes(edge.index)],
					[
						text.gateway,
						edge.gateway ? `${edge.gateway.url} ${edge.gateway.reached ? text.reached : text.unreached}` : "–",
					],
					[
						text.trust,
						<span key="trust" class={`tag ${edge.trust}`}>
							{text[edge.trust]}
						</span>,
					],
				]}
			/>
		</Card>
	);
}
