import { useEffect, useState } from "preact/hooks";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Drain, Policy } from "../api/types.ts";
import { drain, undrain } from "../model/actions.ts";
import { count } from "../model/format.ts";
import { type PolicyForm, policyBody, policyForm } from "../model/policy.ts";
import { may } from "../model/roles.ts";
import { words } from "../words.ts";
import { useDesk, useResource } from "./context.ts";
import { TextField } from "./field.tsx";
import { Act, Card, Loading, Title, Trouble } from "./parts.tsx";

const text = words.settings;

export function SettingsView() {
	const policy = useResource<Policy>("policy");
	const draining = useResource<Drain>("drain", 5_000);
	return (
		<>
			<Title>{text.title}</Title>
			<Card title={text.policy} wide>
				<Trouble problem={policy.problem} retry={policy.reload} />
				{!policy.value && !policy.problem && <Loading />}
				{policy.value && <PolicySheet policy={policy.value} etag={policy.etag} reload={policy.reload} />}
			</Card>
			<Card
				title={text.drain}
				wide
				aside={draining.value ? <Act action={draining.value.draining ? undrain() : drain()} /> : null}
			>
				<p>{text.drainNote}</p>
				<Trouble problem={draining.problem} retry={draining.reload} />
				{draining.value?.draining && (
					<p role="status">
						<b>{text.draining(count(draining.value.connections))}</b>
					</p>
				)}
			</Card>
		</>
	);
}

interface SheetProps {
	readonly policy: Policy;
	readonly etag: string | undefined;
	readonly reload: () => void;
}

function PolicySheet({ policy, etag, reload }: SheetProps) {
	const { api, say, changed, role } = useDesk();
	const [form, setForm] = useState(() => policyForm(policy));
	const [problem, setProblem] = useState<Problem>();
	const [busy, setBusy] = useState(false);
	const disabled = !may(role, "operator");
	// Another version of the policy begins the form anew
	useEffect(() => setForm(policyForm(policy)), [etag]);
	const set = (change: Partial<PolicyForm>) => setForm({ ...form, ...change });
	const save = async () => {
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await api.ask({ method: "PUT", path: "policy", body: policyBody(form), etag });
			say(text.saved);
			changed();
		} catch (thrown) {
			const found = asProblem(thrown);
			if (found.status === 412) reload();
			setProblem(found.status === 412 ? Object.assign(found, { message: text.stale }) : found);
		}
		setBusy(false);
	};
	return (
		<form
			class="sheet"
			onSubmit={(event) => {
				event.preventDefault();
				void save();
			}}
		>
			{policy.from === "file" && <p class="quiet">{text.fileNote}</p>}
			<TextField
				label={text.price}
				name="perGb"
				inputMode="decimal"
				hint={text.priceHint}
				value={form.perGb}
				disabled={disabled}
				onValue={(perGb) => set({ perGb })}
			/>
			<TextField
				label={text.currency}
				name="currency"
				hint={text.currencyHint}
				value={form.currency}
				disabled={disabled}
				onValue={(currency) => set({ currency })}
			/>
			<TextField
				label={text.connections}
				name="maxConnections"
				type="number"
				hint={text.connectionsHint}
				required
				value={form.maxConnections}
				disabled={disabled}
				onValue={(maxConnections) => set({ maxConnections })}
			/>
			<TextField
				label={text.ice}
				name="iceServers"
				hint={text.iceHint}
				rows={3}
				value={form.iceServers}
				disabled={disabled}
				onValue={(iceServers) => set({ iceServers })}
			/>
			<Trouble problem={problem} />
			{!disabled && (
				<div class="buttons">
					<button type="submit" class="primary" aria-disabled={busy}>
						{text.save}
					</button>
				</div>
			)}
		</form>
	);
}
