import { useMemo } from "preact/hooks";
import { pathOf, withQuery } from "../api/client.ts";
import type { Content, Series } from "../api/types.ts";
import { block, purge } from "../model/actions.ts";
import { bytes, count, fileOf, rate, share, short } from "../model/format.ts";
import { refreshMs } from "../model/route.ts";
import { lines } from "../model/series.ts";
import { words } from "../words.ts";
import { Chart } from "./chart.tsx";
import { ContentName } from "./content-name.tsx";
import { useDesk, useLinks, usePages, useResource } from "./context.ts";
import { Act, Card, CopyButton, Facts, Loading, Title, Trouble } from "./parts.tsx";
import { SwarmCard } from "./swarms.tsx";
import { type Column, Table } from "./table.tsx";

const PAGE = 100;

const text = words.contents;

export const contentColumns: readonly (Column<Content> & { readonly brief?: boolean })[] = [
	{ head: text.site, cell: ({ site }) => site, wide: true },
	{ head: text.size, cell: ({ size }) => (size === null ? "–" : bytes(size)), number: true, wide: true },
	{ head: text.viewers, cell: ({ viewers }) => count(viewers), number: true, brief: true },
	{ head: text.bytes, cell: ({ bytes: amount }) => bytes(amount), number: true, brief: true },
	{ head: text.offload, cell: ({ offload }) => (offload === null ? "–" : share(offload)), number: true, brief: true },
];

export function ContentsView() {
	const { route } = useDesk();
	const { range, site } = route;
	const links = useLinks();
	const list = usePages<Content>(
		(after) => withQuery("contents", { range, site, limit: PAGE, after }),
		`${range} ${site ?? ""}`,
	);
	return (
		<>
			<Title>{text.title}</Title>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.caption}
				columns={[{ head: text.content, cell: (row) => <ContentName {...row} href={links} /> }, ...contentColumns]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ site: of, content }) => `${of}/${content}`}
				more={list.more}
			/>
		</>
	);
}

export function ContentView({ site, content }: { readonly site: string; readonly content: string }) {
	const { route } = useDesk();
	const { range } = route;
	const links = useLinks();
	const found = useResource<Content>(withQuery(pathOf("contents", site, content), { range }), refreshMs(range));
	const series = useResource<Series>(
		withQuery(pathOf("contents", site, content, "series"), { range }),
		refreshMs(range),
	);
	const plotted = useMemo(() => series.value && lines(series.value, ["bytes", "origin"], true), [series.value]);
	const { value } = found;
	return (
		<>
			<p class="crumb">
				<a href={links("contents")}>{text.title}</a>
			</p>
			<div class="head">
				<Title>{value?.url ? fileOf(value.url) : short(content)}</Title>
				<div class="buttons">
					<Act action={purge(site, content)} />
					<Act action={block(site, content)} />
				</div>
			</div>
			<Trouble problem={found.problem} retry={found.reload} />
			<div class="grid">
				{value ? (
					<Card title={text.content} wide>
						<Facts
							facts={[
								[
									text.site,
									<a key="site" href={links("sites", site)}>
										{site}
									</a>,
								],
								[
									text.url,
									<span key="url" class="long">
										{value.url ?? words.state.unknown}
									</span>,
								],
								[
									text.id,
									<span key="id" class="long">
										<code>{content}</code> <CopyButton text={content} />
									</span>,
								],
								[text.size, value.size === null ? words.state.unknown : bytes(value.size)],
								[text.viewers, count(value.viewers)],
								[text.bytes, bytes(value.bytes)],
								[text.offload, value.offload === null ? words.state.unknown : share(value.offload)],
							]}
						/>
					</Card>
				) : (
					!found.problem && <Loading />
				)}
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
				<SwarmCard site={site} content={content} />
			</div>
		</>
	);
}
