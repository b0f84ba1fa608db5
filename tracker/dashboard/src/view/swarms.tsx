import { useMemo } from "preact/hooks";
import { pathOf, withQuery } from "../api/client.ts";
import type { Swarm, SwarmPicture } from "../api/types.ts";
import { ban } from "../model/actions.ts";
import { count, counted, short } from "../model/format.ts";
import { busiest, type Chord, type Dot, drawingOf, isEdge } from "../model/swarm.ts";
import { words } from "../words.ts";
import { ContentName } from "./content-name.tsx";
import { useDesk, useLinks, useResource } from "./context.ts";
import { Act, Card, Loading, Title, Trouble } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";

const text = words.swarms;
const MOST = 100;
const EVERY_MS = 5_000;
/** Members of a swarm that the tracker tells of at most. */
const MOST_PICTURED = 100;
/** Members told of below the picture. */
const MOST_MEMBERS = 20;

export const swarmColumns: readonly Column<Swarm>[] = [
	{ head: words.contents.viewers, cell: ({ viewers }) => count(viewers), number: true },
	{ head: words.edges.title, cell: ({ edges }) => count(edges), number: true },
];

export function SwarmsView() {
	const { route } = useDesk();
	const links = useLinks();
	const list = useResource<{ items: readonly Swarm[] }>(withQuery("swarms", { site: route.site, limit: MOST }), 10_000);
	return (
		<>
			<Title>{text.title}</Title>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.caption}
				columns={[
					{ head: words.contents.content, cell: (row) => <ContentName {...row} href={links} view="swarms" /> },
					{ head: words.contents.site, cell: ({ site }) => site, wide: true },
					...swarmColumns,
				]}
				rows={list.value?.items ?? (list.problem ? [] : undefined)}
				id={({ site, content }) => `${site}/${content}`}
			/>
		</>
	);
}

export function SwarmView({ site, content }: { readonly site: string; readonly content: string }) {
	const links = useLinks();
	return (
		<>
			<p class="crumb">
				<a href={links("contents", site, content)}>
					{site}, {short(content)}
				</a>
			</p>
			<Title>{text.one}</Title>
			<SwarmCard site={site} content={content} />
		</>
	);
}

/** One swarm's connections, as a picture and as a table. */
export function SwarmCard({ site, content }: { readonly site: string; readonly content: string }) {
	const found = useResource<SwarmPicture>(pathOf("swarms", site, content), EVERY_MS);
	const drawing = useMemo(() => found.value && drawingOf(found.value), [found.value]);
	return (
		<Card title={text.picture} wide>
			{found.problem?.status === 404 ? (
				<p class="quiet">{text.empty}</p>
			) : (
				<Trouble problem={found.problem} retry={found.reload} />
			)}
			{!drawing && !found.problem && <Loading />}
			{drawing && drawing.dots.length === 0 && <p class="quiet">{text.empty}</p>}
			{drawing && drawing.dots.length > 0 && (
				<div class="swarm">
					<figure>
						<svg viewBox={`0 0 ${drawing.size} ${drawing.size}`} role="img" aria-label={summaryOf(drawing)}>
							<g class="chords">
								{drawing.chords.map((chord) => (
									<path key={`${chord.from.member.id} ${chord.to.member.id}`} d={curve(chord, drawing.size / 2)} />
								))}
							</g>
							{drawing.dots.map((dot) => (
								<Mark key={dot.member.id} dot={dot} radius={drawing.radius} />
							))}
						</svg>
						<figcaption>
							{summaryOf(drawing)} {drawing.dots.length >= MOST_PICTURED && text.first(count(drawing.dots.length))}{" "}
							{text.legend}
						</figcaption>
					</figure>
					<Members dots={busiest(drawing).slice(0, MOST_MEMBERS)} />
				</div>
			)}
		</Card>
	);
}

function summaryOf({ dots, chords }: { readonly dots: readonly Dot[]; readonly chords: readonly Chord[] }): string {
	const edges = dots.filter(({ member }) => isEdge(member)).length;
	return text.pictureText(
		counted(dots.length - edges, "visitor"),
		counted(edges, "edge"),
		counted(chords.length, "connection"),
	);
}

/** Bent towards the middle, so that neighbours on the circle stay apart. */
const curve = ({ from, to }: Chord, centre: number): string => {
	const bend = (a: number, b: number) => ((a + b) / 2) * 0.6 + centre * 0.4;
	return `M${from.x} ${from.y}Q${bend(from.x, to.x).toFixed(1)} ${bend(from.y, to.y).toFixed(1)} ${to.x} ${to.y}`;
};

function Mark({ dot, radius }: { readonly dot: Dot; readonly radius: number }) {
	const { member, x, y } = dot;
	const kind = `${isEdge(member) ? "edge" : "viewer"} ${member.holds === "none" ? "" : "holds"}`;
	return isEdge(member) ? (
		<rect class={kind} x={x - radius} y={y - radius} width={radius * 2} height={radius * 2} rx={2} />
	) : (
		<circle class={kind} cx={x} cy={y} r={radius} />
	);
}

function Members({ dots }: { readonly dots: readonly Dot[] }) {
	return (
		<Table
			caption={text.members}
			columns={[
				{ head: text.member, cell: ({ member }) => <code title={member.id}>{short(member.id)}</code> },
				{
					head: text.role,
					cell: ({ member }) => (member.role === "tracker" ? text.tracker : isEdge(member) ? text.edge : text.viewer),
				},
				{ head: text.holds, cell: ({ member }) => text[member.holds], wide: true },
				{ head: text.neighbours, cell: ({ neighbours }) => count(neighbours), number: true },
				{ head: words.audit.action, cell: ({ member }) => <Act action={ban(member.id)} /> },
			]}
			rows={dots}
			id={({ member }) => member.id}
		/>
	);
}
