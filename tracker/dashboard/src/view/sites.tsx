import { useMemo } from "preact/hooks";
import { pathOf, withQuery } from "../api/client.ts";
import type { Block, Overview, Series, Site, Snippet } from "../api/types.ts";
import { block, purge, removeSite, rotateKey, unblock } from "../model/actions.ts";
import { bytes, count, rate, share, short } from "../model/format.ts";
import { may } from "../model/roles.ts";
import { hashOf, refreshMs } from "../model/route.ts";
import { stack, thinned } from "../model/series.ts";
import { words } from "../words.ts";
import { Chart } from "./chart.tsx";
import { useDesk, useLinks, usePages, useResource } from "./context.ts";
import { Act, Card, CopyButton, Facts, Loading, Title, Trouble, When } from "./parts.tsx";
import { Table } from "./table.tsx";
import { PublishTokens } from "./tokens.tsx";

const text = words.sites;
const form = words.siteForm;

const fromWords = ({ from }: Site) => (from === "file" ? text.file : text.api);

export function SitesView() {
	const { role } = useDesk();
	const links = useLinks();
	const list = usePages<Site>((after) => withQuery("sites", { after }), "");
	return (
		<>
			<div class="head">
				<Title>{text.title}</Title>
				{may(role, "operator") && (
					<a class="button primary" href={links("sites", "+")}>
						{text.add}
					</a>
				)}
			</div>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.caption}
				hideCaption
				columns={[
					{
						head: words.site.label,
						cell: ({ id }) => (
							<a class="name" href={links("sites", id)}>
								{id}
							</a>
						),
					},
					{ head: text.webOrigins, cell: ({ webOrigins }) => webOrigins.join(", "), long: true },
					{
						head: text.contentOrigins,
						cell: ({ contentOrigins }) => contentOrigins.join(", "),
						long: true,
						wide: true,
					},
					{ head: text.mode, cell: ({ mode }) => mode },
					{ head: text.from, cell: fromWords, wide: true },
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id }) => id}
				more={list.more}
			/>
		</>
	);
}

export function SiteView({ id }: { readonly id: string }) {
	const { role } = useDesk();
	const links = useLinks();
	const found = useResource<Site>(pathOf("sites", id));
	const site = found.value;
	return (
		<>
			<p class="crumb">
				<a href={links("sites")}>{text.title}</a>
			</p>
			<div class="head">
				<Title>{id}</Title>
				<div class="buttons">
					{site?.from === "database" && may(role, "operator") && (
						<a class="button" href={links("sites", id, "edit")}>
							{text.edit}
						</a>
					)}
					<Act action={rotateKey(id)} />
					<Act action={purge(id)} />
					{site?.from === "database" && <Act action={removeSite(id)} />}
				</div>
			</div>
			<Trouble problem={found.problem} retry={found.reload} />
			{!site && !found.problem && <Loading />}
			{site && (
				<>
					<SiteFigures id={id} />
					<div class="grid">
						<SnippetCard id={id} />
						<SiteFacts site={site} />
						<Blocks id={id} />
						{may(role, "operator") && <PublishTokens site={id} />}
					</div>
				</>
			)}
		</>
	);
}

function SiteFigures({ id }: { readonly id: string }) {
	const { route } = useDesk();
	const { range } = route;
	const overview = useResource<Overview>(withQuery("overview", { range, site: id }), refreshMs(range));
	const series = useResource<Series>(withQuery("series", { range, site: id }), refreshMs(range));
	const plotted = useMemo(
		() => series.value && stack(thinned(series.value), ["origin", "edges", "peers", "store"]),
		[series.value],
	);
	const { value } = overview;
	return (
		<Card
			title={words.overview.sources}
			wide
			aside={<a href={hashOf({ range, site: id }, "overview")}>{words.overview.title}</a>}
		>
			<Trouble problem={overview.problem ?? series.problem} />
			{value && (
				<Facts
					facts={[
						[words.overview.offload, share(value.offload)],
						[words.overview.saved, bytes(value.savedBytes)],
						[words.overview.viewers, count(value.viewers)],
						[words.overview.edges, count(value.edges)],
					]}
				/>
			)}
			<Chart
				title={words.overview.sources}
				plotted={plotted}
				failed={series.problem !== undefined}
				stacked
				perSecond
				format={rate}
				total={bytes}
			/>
		</Card>
	);
}

function SnippetCard({ id }: { readonly id: string }) {
	const found = useResource<Snippet>(pathOf("sites", id, "snippet"));
	const { value } = found;
	return (
		<Card title={text.snippet} wide aside={value ? <CopyButton text={value.html} label={text.copy} /> : null}>
			<p>{text.snippetHint}</p>
			<Trouble problem={found.problem} />
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
			{value && <pre tabIndex={0}>{value.html}</pre>}
		</Card>
	);
}

function SiteFacts({ site }: { readonly site: Site }) {
	const yes = (flag: boolean) => (flag ? words.edges.yes : words.edges.no);
	const list = (lines: readonly string[]) => <span class="long">{lines.length > 0 ? lines.join(", ") : "–"}</span>;
	return (
		<Card title={text.details} wide>
			{site.from === "file" && <p class="quiet">{text.fileNote}</p>}
			<Facts
				facts={[
					[
						text.key,
						<code key="key" class="long">
							{site.key}
						</code>,
					],
					[form.webOrigins, list(site.webOrigins)],
					[form.contentOrigins, list(site.contentOrigins)],
					[form.include, list(site.include)],
					[form.exclude, list(site.exclude)],
					[form.live, list(site.live)],
					[form.threshold, count(site.indexThreshold)],
					[form.mode, site.mode],
					[form.consent, yes(site.consent)],
					[form.upload, yes(site.upload)],
					[form.openEdges, yes(site.openEdges)],
					[form.allowPrivate, yes(site.allowPrivate)],
				]}
			/>
		</Card>
	);
}

function Blocks({ id }: { readonly id: string }) {
	const list = usePages<Block>((after) => withQuery(pathOf("sites", id, "blocks"), { after }), id);
	return (
		<Card title={text.blocks} wide aside={<Act action={block(id)} />}>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.blocksCaption}
				hideCaption
				columns={[
					{
						head: words.contents.content,
						cell: ({ content, url }) => <span title={content ?? url ?? ""}>{url ?? short(content ?? "")}</span>,
						long: true,
					},
					{ head: text.reason, cell: ({ reason }) => reason },
					{ head: text.reference, cell: ({ reference }) => reference || "–", wide: true },
					{ head: text.since, cell: ({ at }) => <When at={at} />, wide: true },
					{ head: words.audit.action, cell: ({ id: of }) => <Act action={unblock(id, of)} /> },
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id: of }) => of}
				more={list.more}
			/>
		</Card>
	);
}
