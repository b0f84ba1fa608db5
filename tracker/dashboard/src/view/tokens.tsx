import { withQuery } from "../api/client.ts";
import type { Items, JoinToken, Site } from "../api/types.ts";
import { addEdgeToken, addPublishToken, removeToken } from "../model/actions.ts";
import { short } from "../model/format.ts";
import { may } from "../model/roles.ts";
import { words } from "../words.ts";
import { useDesk, useLinks, usePages, useResource } from "./context.ts";
import { Act, Card, Trouble, When } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";

const text = words.edges;

function columns(list: "edge-tokens" | "publish-tokens", bound: Column<JoinToken>[]): Column<JoinToken>[] {
	return [
		{ head: text.note, cell: ({ note, id }) => note || short(id) },
		{ head: text.site, cell: ({ site }) => site, wide: true },
		...bound,
		{ head: text.expires, cell: ({ expires }) => <When at={expires} />, wide: true },
		{ head: words.audit.action, cell: ({ id }) => <Act action={removeToken(list, id)} /> },
	];
}

function useSites(wanted: boolean): readonly string[] {
	const { value } = useResource<Items<Site>>(wanted ? "sites" : undefined);
	return value?.items.map(({ id }) => id) ?? [];
}

export function EdgeTokens() {
	const { role } = useDesk();
	const allowed = may(role, "operator");
	const links = useLinks();
	const sites = useSites(allowed);
	const list = usePages<JoinToken>((after) => withQuery("edge-tokens", { after }), "");
	return (
		<Card title={text.tokens} wide aside={sites.length > 0 ? <Act action={addEdgeToken(sites)} /> : null}>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.tokensCaption}
				hideCaption
				columns={columns("edge-tokens", [
					{ head: text.index, cell: ({ index }) => (index ? text.yes : text.no), wide: true },
					{
						head: text.bound,
						cell: ({ edge, site }) => (edge ? <a href={links("edges", site, edge)}>{short(edge)}</a> : text.unused),
					},
				])}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id }) => id}
				more={list.more}
			/>
		</Card>
	);
}

export function PublishTokens({ site }: { readonly site: string }) {
	const list = usePages<JoinToken>((after) => withQuery("publish-tokens", { after }), "");
	return (
		<Card title={text.publishTokens} wide aside={<Act action={addPublishToken([site])} />}>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.publishCaption}
				hideCaption
				columns={columns("publish-tokens", [])}
				rows={list.items?.filter((token) => token.site === site) ?? (list.problem ? [] : undefined)}
				id={({ id }) => id}
				more={list.more}
			/>
		</Card>
	);
}
