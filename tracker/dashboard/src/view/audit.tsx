import { withQuery } from "../api/client.ts";
import type { AuditRecord } from "../api/types.ts";
import { words } from "../words.ts";
import { usePages } from "./context.ts";
import { Title, Trouble, When } from "./parts.tsx";
import { Table } from "./table.tsx";

const text = words.audit;
const PAGE = 100;

export function AuditView() {
	const list = usePages<AuditRecord>((after) => withQuery("audit", { limit: PAGE, after }), "");
	return (
		<>
			<Title>{text.title}</Title>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.caption}
				columns={[
					{ head: text.at, cell: ({ at }) => <When at={at} /> },
					{ head: text.who, cell: ({ who }) => who },
					{ head: text.action, cell: ({ action }) => action, long: true },
					{ head: text.target, cell: ({ target }) => target ?? "", long: true },
					{ head: text.detail, cell: ({ detail }) => detail ?? "", long: true, wide: true },
					{ head: text.outcome, cell: ({ outcome }) => (outcome < 400 ? text.done : text.refused(String(outcome))) },
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id }) => String(id)}
				more={list.more}
			/>
		</>
	);
}
