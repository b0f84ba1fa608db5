import { withQuery } from "../api/client.ts";
import type { ApiToken, Operator } from "../api/types.ts";
import { addApiToken, addOperator, changeRole, newLink, removeApiToken, removeOperator } from "../model/actions.ts";
import { words } from "../words.ts";
import { useDesk, usePages } from "./context.ts";
import { Act, Card, Title, Trouble, When } from "./parts.tsx";
import { Table } from "./table.tsx";

const text = words.access;

export function AccessView() {
	return (
		<>
			<Title>{text.title}</Title>
			<div class="grid">
				<Operators />
				<ApiTokens />
			</div>
		</>
	);
}

function Operators() {
	const { session } = useDesk();
	const list = usePages<Operator>((after) => withQuery("operators", { after }), "");
	return (
		<Card title={text.operators} wide aside={<Act action={addOperator()} />}>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.operatorsCaption}
				hideCaption
				columns={[
					{
						head: text.name,
						cell: ({ name, active }) => (
							<>
								{name}
								{!active && <small> {text.pending}</small>}
							</>
						),
					},
					{ head: text.role, cell: ({ role }) => role },
					{ head: text.totp, cell: ({ totp }) => (totp ? text.on : text.off), wide: true },
					{
						head: words.audit.action,
						cell: ({ name, role }) =>
							name === session.operator.name ? null : (
								<span class="buttons">
									<Act action={changeRole(name, role)} />
									<Act action={newLink(name)} />
									<Act action={removeOperator(name)} />
								</span>
							),
					},
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ name }) => name}
				more={list.more}
			/>
		</Card>
	);
}

function ApiTokens() {
	const list = usePages<ApiToken>((after) => withQuery("api-tokens", { after }), "");
	return (
		<Card title={text.tokens} wide aside={<Act action={addApiToken()} />}>
			<Trouble problem={list.problem} retry={list.reload} />
			<Table
				caption={text.tokensCaption}
				hideCaption
				columns={[
					{ head: text.name, cell: ({ name }) => name },
					{ head: text.scope, cell: ({ scope }) => scope },
					{ head: text.expires, cell: ({ expires }) => <When at={expires} />, wide: true },
					{ head: text.madeBy, cell: ({ madeBy }) => madeBy, wide: true },
					{ head: words.audit.action, cell: ({ id, name }) => <Act action={removeApiToken(id, name)} /> },
				]}
				rows={list.items ?? (list.problem ? [] : undefined)}
				id={({ id }) => id}
				more={list.more}
			/>
		</Card>
	);
}
