import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { withQuery } from "../api/client.ts";
import { listen } from "../api/live.ts";
import type { Content, Happening, Items, Overview, Series, Swarm } from "../api/types.ts";
import { bytes, count, money, rate, share } from "../model/format.ts";
import { refreshMs } from "../model/route.ts";
import { begun, grown, type Running } from "../model/running.ts";
import { lines, stack, thinned } from "../model/series.ts";
import { words } from "../words.ts";
import { Chart } from "./chart.tsx";
import { ContentName } from "./content-name.tsx";
import { contentColumns } from "./contents.tsx";
import { type Resource, useDesk, useLinks, useResource } from "./context.ts";
import { EventList } from "./events.tsx";
import { Card, Loading, Title, Trouble } from "./parts.tsx";
import { swarmColumns } from "./swarms.tsx";
import { Table } from "./table.tsx";

/** How many of the best are shown. */
const TOP = 8;
/** How often slow-moving lists are asked for, milliseconds. */
const LIST_MS = 30_000;
/** How often the figures over time are asked for anew while the stream goes on telling them, milliseconds. */
const SERIES_MS = 300_000;

/** Figures as they come; `live` says whether they come by themselves. */
function useLive(site: string | undefined) {
	const { api } = useDesk();
	const [live, setLive] = useState(false);
	const [told, setTold] = useState<{ figures: Overview; point: Series | null }>();
	const [fresh, setFresh] = useState<readonly Happening[]>([]);
	useEffect(() => {
		setTold(undefined);
		setFresh([]);
		return listen(api.base + withQuery("live", { site }), {
			onFigures: (figures, point) => setTold({ figures, point }),
			onEvent: (happening) => setFresh((before) => newest([happening], before)),
			onState: setLive,
		});
	}, [api, site]);
	return { live, figures: told?.figures, point: told?.point ?? null, fresh };
}

/** The newest of both, each once. */
function newest(some: readonly Happening[], others: readonly Happening[]): readonly Happening[] {
	const known = new Map([...others, ...some].map((happening) => [happening.id, happening]));
	return [...known.values()].sort((a, b) => Number(b.id) - Number(a.id)).slice(0, TOP);
}

/** The figures over time, going on with what the stream tells; asked for anew where it left something out. */
function useRunning({ value, reload }: Resource<Series>, point: Series | null): Series | undefined {
	const kept = useRef<Running>(undefined);
	const running = useMemo(() => {
		if (!value) kept.current = undefined;
		else if (kept.current?.base !== value) kept.current = begun(value, point);
		else if (point) kept.current = grown(kept.current, point);
		return kept.current;
	}, [value, point]);
	const gap = running?.gap === true;
	useEffect(() => {
		if (gap) reload();
	}, [gap]);
	return running?.now;
}

export function OverviewView() {
	const { route } = useDesk();
	const { range, site } = route;
	const links = useLinks();
	const { live, figures, point, fresh } = useLive(site);
	const quick = range === "15m";
	const asked = useResource<Overview>(withQuery("overview", { range, site }), live && quick ? 0 : refreshMs(range));
	const answered = useResource<Series>(withQuery("series", { range, site }), live ? SERIES_MS : refreshMs(range));
	const series = useRunning(answered, point);
	const contents = useResource<Items<Content>>(withQuery("contents", { range, site, limit: TOP }), LIST_MS);
	const swarms = useResource<Items<Swarm>>(withQuery("swarms", { site, limit: TOP }), LIST_MS);
	const happenings = useResource<Items<Happening>>(withQuery("events", { limit: TOP }), live ? 0 : LIST_MS);
	const happened = happenings.value && newest(happenings.value.items, fresh);
	// The stream tells of the last 15 minutes; who is here now is the same whatever the range.
	const overview = useMemo(() => {
		if (!asked.value || !figures) return asked.value;
		return quick ? figures : { ...asked.value, viewers: figures.viewers, edges: figures.edges };
	}, [asked.value, figures, quick]);
	const thin = useMemo(() => series && thinned(series), [series]);
	const charts = useMemo(
		() =>
			thin && {
				sources: stack(thin, ["origin", "edges", "peers", "store"]),
				people: lines(thin, ["viewers", "edgesOnline"]),
				troubles: lines(thin, ["failed", "rejected", "stalls"]),
			},
		[thin],
	);
	return (
		<>
			<div class="head">
				<Title>{words.overview.title}</Title>
				<p class={live ? "pulse live" : "pulse"}>{live ? words.state.live : words.state.polling}</p>
			</div>
			<Trouble problem={asked.problem ?? answered.problem} retry={asked.reload} />
			{overview ? <Tiles overview={overview} /> : !asked.problem && <Loading />}
			<div class="grid">
				<Card title={words.overview.sources} wide>
					<Chart
						title={words.overview.sources}
						plotted={charts?.sources}
						failed={answered.problem !== undefined}
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
						failed={answered.problem !== undefined}
						format={count}
						whole
					/>
				</Card>
				<Card title={words.overview.troubles}>
					<Chart
						title={words.overview.troubles}
						plotted={charts?.troubles}
						failed={answered.problem !== undefined}
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
					<EventList events={happened ?? (happenings.problem ? [] : undefined)} />
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
