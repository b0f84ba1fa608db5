import { useState } from "preact/hooks";
import { withQuery } from "../api/client.ts";
import type { Happening } from "../api/types.ts";
import { words } from "../words.ts";
import { useLinks, usePages } from "./context.ts";
import { ChoiceField } from "./field.tsx";
import { Title, Trouble, When } from "./parts.tsx";
import { Table } from "./table.tsx";

const text = words.events;
const PAGE = 100;

const KINDS = [
	"enrolment",
	"revocation",
	"ban",
	"purge",
	"block",
	"site",
	"token",
	"keys",
	"policy",
	"drain",
	"catalog-error",
];

export function EventList({
	events,
	more,
}: {
	readonly events: readonly Happening[] | undefined;
	readonly more?: (() => void) | undefined;
}) {
	const links = useLinks();
	return (
		<Table
			caption={text.caption}
			hideCaption
			columns={[
				{ head: text.at, cell: ({ at }) => <When at={at} /> },
				{
					head: text.kind,
					cell: ({ kind, level }) => (
						<span class={`tag ${text.level[level]}`}>
							{kind}
							{level === "info" ? "" : `, ${text.level[level]}`}
						</span>
					),
					wide: true,
				},
				{ head: text.text, cell: ({ text: said }) => said, long: true },
				{ head: text.site, cell: ({ site }) => (site ? <a href={links("sites", site)}>{site}</a> : ""), wide: true },
			]}
			rows={events}
			id={({ id }) => String(id)}
			more={more}
		/>
	);
}

export function EventsView() {
	const [kind, setKind] = useState("");
	const list = usePages<Happening>(
		(after) => withQuery("events", { kind: kind || undefined, limit: PAGE, after }),
		kind,
	);
	return (
		<>
			<Title>{text.title}</Title>
			<ChoiceField
				label={text.kind}
				name="kind"
				value={kind}
				options={[["", text.all], ...KINDS.map((known) => [known, known] as const)]}
				onValue={setKind}
			/>
			<Trouble problem={list.problem} retry={list.reload} />
			<EventList events={list.items ?? (list.problem ? [] : undefined)} more={list.more} />
		</>
	);
}
