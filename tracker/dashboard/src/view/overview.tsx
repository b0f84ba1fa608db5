import { useEffect, useMemo, useState } from "preact/hooks";
import { withQuery } from "../api/client.ts";
import { listen } from "../api/live.ts";
import type { Content, Happening, Items, Overview, Series, Swarm } from "../api/types.ts";
import { bytes, count, money, rate, share } from "../model/format.ts";
import { refreshMs } from "../model/route.ts";
import { lines, stack } from "../model/series.ts";
import { words } from "../words.ts";
import { Chart } from "./chart.tsx";
import { ContentName } from "./content-name.tsx";
import { contentColumns } from "./contents.tsx";
import { useDesk, useLinks, useResource } from "./context.ts";
import { EventList } from "./events.tsx";
import { Card, Loading, Title, Trouble } from "./parts.tsx";
import { swarmColumns } from "./swarms.tsx";
import { Table } from "./table.tsx";

/** How many of the best are shown. */
const TOP = 8;
/** How often slow-moving lists are asked for, milliseconds. */
const LIST_MS = 30_000;

/** Figures as they come; `live` says whether they come by themselves. */
function useLive(site: string | undefined) {
	const { api } = useDesk();
	const [live, setLive] = useState(false);
	const [figures, setFigures] = useState<Overview>();
	const [events, setEvents] = useState(0);
	useEffect(() => {
		setFigures(undefined);
		return listen(api.base + withQuery("live", { site }), {
			onFigures: setFigures,
			onEvent: () => setEvents((before) => before + 1),
			onState: setLive,
		});
	}, [api, site]);
	return { live, figures, events };
}

export function OverviewView() {
	const { route } = useDesk();
	const { range, site } = route;
	const links = useLinks();
	const { live, figures, events } = useLive(site);
	const quick = range === "15m";
	const asked = useResource<Overview>(withQuery("overview", { range, site }), live && quick ? 0 : refreshMs(range));
	const series = useResource<Series>(withQuery("series", { range, site }), refreshMs(range));
	const contents = useResource<Items<Content>>(withQuery("contents", { range, site, limit: TOP }), LIST_MS);
	const swarms = useResource<Items<Swarm>>(withQuery("swarms", { site, limit: TOP }), LIST_MS);
	const happenings = useResource<Items<Happening>>(withQuery("events", { limit: TOP }), live ? 0 : LIST_MS);
	// What happened is asked for when something did
	useEffect(() => {
		if (events > 0) happenings.reload();
	}, [events]);
	// The stream tells of the last 15 minutes; who is here now is the same whatever the range.
	const overview = useMemo(() => {
		if (!asked.value || !figures) return asked.value;
		return quick ? figures : { ...asked.value, viewers: figures.viewers, edges: figures.edges };
	}, [asked.value, figures, quick]);
	const charts = useMemo(
		() =>
			series.value && {
				sources: stack(series.value, ["origin", "edges", "peers", "store"]),
				people: lines(series.value, ["viewers", "edgesOnline"]),
				troubles: lines(series.value, ["failed", "rejected", "stalls"]),
			},
		[series.value],
	);
	return (
		<>
			<div class="head">
				<Title>{words.overview.title}</Title>
				<p class={live ? "pulse live" : "pulse"}>{live ? words.state.live : words.state.polling}</p>
			</div>
			<Trouble problem={asked.problem ?? series.problem} retry={asked.reload} />
			{overview ? <Tiles overview={overview} /> : !asked.problem && <Loading />}
			<div class="grid">
				<Card title={words.overview.sources} wide>
					<Chart
						title={words.overview.sources}
						plotted={charts?.sources}
						failed={series.problem !== undefined}
						stacked
						perSecond
						format={rate}
						total={bytes}
					/>
				</Card>
				<Card title={words.overview.people}>
					<Chart
						title={words.overview.people}
						plotted={charts?.people}
						failed={series.problem !== undefined}
						format={count}
						whole
					/>
				</Card>
				<Card title={words.overview.troubles}>
					<Chart
						title={words.overview.troubles}
						plotted={charts?.troubles}
						failed={series.problem !== undefined}
						format={count}
						total={count}
						whole
					/>
				</Card>
				<Card title={words.overview.top} aside={<a href={links("contents")}>{words.overview.all}</a>}>
					<Trouble problem={contents.problem} />
					<Table
						caption={words.contents.caption}
						hideCaption
						columns={[
							{ head: words.contents.content, cell: (row) => <ContentName {...row} href={links} /> },
							...contentColumns.filter(({ brief }) => brief),
						]}
						rows={contents.value?.items ?? (contents.problem ? [] : undefined)}
						id={({ site: of, content }) => `${of}/${content}`}
					/>
				</Card>
				<Card title={words.overview.topSwarms} aside={<a href={links("swarms")}>{words.overview.all}</a>}>
					<Trouble problem={swarms.problem} />
					<Table
						caption={words.swarms.caption}
						hideCaption
						columns={[
							{ head: words.contents.content, cell: (row) => <ContentName {...row} href={links} view="swarms" /> },
							...swarmColumns,
						]}
						rows={swarms.value?.items ?? (swarms.problem ? [] : undefined)}
						id={({ site: of, content }) => `${of}/${content}`}
					/>
				</Card>
				<Card title={words.overview.recent} wide aside={<a href={links("events")}>{words.overview.all}</a>}>
					<Trouble problem={happenings.problem} />
					<EventList events={happenings.value?.items ?? (happenings.problem ? [] : undefined)} />
				</Card>
			</div>
		</>
	);
}

function Tiles({ overview }: { readonly overview: Overview }) {
	const { offload, savedBytes, savedMoney, viewers, edges, swarms, contents, health } = overview;
	const text = words.overview;
	const troubled = health.failedFetches + health.rejectedPieces + health.stalls + health.contradicted > 0;
	return (
		<dl class="tiles">
			<Tile term={text.offload} value={share(offload)} hint={text.offloadHint} strong />
			<Tile
				term={text.saved}
				value={savedMoney ? money(savedMoney.amount, savedMoney.currency) : bytes(savedBytes)}
				hint={savedMoney ? text.savedHint(bytes(savedBytes)) : text.noPrice}
			/>
			<Tile term={text.viewers} value={count(viewers)} hint={text.viewersHint} />
			<Tile term={text.edges} value={count(edges)} hint={text.edgesHint} />
			<Tile term={text.swarms} value={count(swarms)} hint={text.swarmsHint(count(contents))} />
			<div class={troubled ? "tile health" : "tile health fine"}>
				<dt>{text.health}</dt>
				<dd>
					<ul>
						{[
							[text.failed, health.failedFetches] as const,
							[text.rejected, health.rejectedPieces] as const,
							[text.stalls, health.stalls] as const,
							[text.contradicted, health.contradicted] as const,
						].map(([label, amount]) => (
							<li key={label} class={amount > 0 ? "some" : ""}>
								<span>{label}</span> <b>{count(amount)}</b>
							</li>
						))}
					</ul>
				</dd>
			</div>
		</dl>
	);
}

function Tile({
	term,
	value,
	hint,
	strong,
}: {
	readonly term: string;
	readonly value: string;
	readonly hint: string;
	readonly strong?: boolean;
}) {
	return (
		<div class={strong ? "tile strong" : "tile"}>
			<dt>{term}</dt>
			<dd>
				<b>{value}</b>
				<small>{hint}</small>
			</dd>
		</div>
	);
}
