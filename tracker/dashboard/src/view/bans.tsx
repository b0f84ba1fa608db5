import { withQuery } from "../api/client.ts";
import type { Ban } from "../api/types.ts";
import { ban, unban } from "../model/actions.ts";
import { short } from "../model/format.ts";
import { words } from "../words.ts";
import { usePages } from "./context.ts";
import { Act, Title, Trouble, When } from "./parts.tsx";
import { Table } from "./table.tsx";

const text = words.bans;

export function BansView() {
	const list = usePages<Ban>((after) => withQuery("bans", { after }), "");
	return (
		<>
			<div class="head">
				<Title>{text.title}</Title>
				<Act action={ban()} />
			</div>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.caption}
				hideCaption
				columns={[
					{ head: text.peer, cell: ({ peer }) => <code title={peer}>{short(peer)}</code> },
					{ head: text.reason, cell: ({ reason }) => reason },
					{ head: words.sites.since, cell: ({ at }) => <When at={at} />, wide: true },
					{ head: text.until, cell: ({ until }) => (until ? <When at={until} /> : text.forever) },
					{ head: words.audit.action, cell: ({ id, peer }) => <Act action={unban(id, short(peer))} /> },
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id }) => id}
				more={list.more}
			/>
		</>
	);
}
