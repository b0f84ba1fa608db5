import { useMemo, useState } from "preact/hooks";
import type { Ask } from "../api/client.ts";
import { asProblem, Problem } from "../api/problem.ts";
import type { Session } from "../api/types.ts";
import { qrOf } from "../model/qr.ts";
import { words } from "../words.ts";
import { useDesk } from "./context.ts";
import { PasswordField, TextField } from "./field.tsx";
import { Card, CopyButton, Title, Trouble } from "./parts.tsx";

const text = words.account;

export function AccountView() {
	const { session } = useDesk();
	const { name, role } = session.operator;
	return (
		<>
			<Title>{text.title}</Title>
			<p>{text.signedInAs(name, role)}</p>
			<div class="grid">
				<Password name={name} />
				<SecondFactor />
			</div>
		</>
	);
}

/** Asks the API, once at a time, and keeps what was wrong. */
function useAsking() {
	const { api, renew } = useDesk();
	const [problem, setProblem] = useState<Problem>();
	const [busy, setBusy] = useState(false);
	const ask = async <T,>(wish: Ask | Problem, then: (answer: T) => void) => {
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			if (wish instanceof Problem) throw wish;
			then((await api.ask<T>(wish)).value);
			// A changed password or factor may have given the session another token.
			renew(await api.get<Session>("session"));
		} catch (thrown) {
			setProblem(asProblem(thrown));
		}
		setBusy(false);
	};
	return { problem, ask };
}

function Password({ name }: { readonly name: string }) {
	const { say } = useDesk();
	const { problem, ask } = useAsking();
	const [old, setOld] = useState("");
	const [next, setNext] = useState("");
	const [again, setAgain] = useState("");
	const change = () => {
		const wish: Ask = { method: "PUT", path: "session/password", body: { old, new: next } };
		void ask(next === again ? wish : new Problem(0, "differ", words.setup.differ), () => {
			for (const clear of [setOld, setNext, setAgain]) clear("");
			say(text.changed);
		});
	};
	return (
		<Card title={text.password}>
			<form
				class="sheet"
				onSubmit={(event) => {
					event.preventDefault();
					change();
				}}
			>
				<input
					class="unseen"
					type="text"
					autocomplete="username"
					value={name}
					readOnly
					tabIndex={-1}
					aria-hidden="true"
				/>
				<PasswordField label={text.old} name="old" value={old} onValue={setOld} />
				<PasswordField label={text.new} name="new" fresh first value={next} onValue={setNext} />
				<PasswordField label={text.again} name="again" fresh value={again} onValue={setAgain} />
				<Trouble problem={problem} />
				<div class="buttons">
					<button type="submit" class="primary">
						{text.change}
					</button>
				</div>
			</form>
		</Card>
	);
}

function SecondFactor() {
	const { session, say } = useDesk();
	const { problem, ask } = useAsking();
	const [offer, setOffer] = useState<{ secret: string; uri: string }>();
	const [code, setCode] = useState("");
	const on = session.operator.totp;
	const begin = () => void ask<{ secret: string; uri: string }>({ method: "POST", path: "session/totp" }, setOffer);
	const finish = () =>
		void ask({ method: on ? "DELETE" : "PUT", path: "session/totp", body: { code: code.replace(/\s/g, "") } }, () => {
			setOffer(undefined);
			setCode("");
			say(on ? text.stopped : text.started);
		});
	return (
		<Card title={text.totp}>
			<p>{on ? text.totpOn : text.totpOff}</p>
			{!on && !offer && (
				<button type="button" class="primary" onClick={begin}>
					{text.start}
				</button>
			)}
			{!on && offer && <Offer {...offer} />}
			{(on || offer) && (
				<form
					class="sheet"
					onSubmit={(event) => {
						event.preventDefault();
						finish();
					}}
				>
					<TextField
						label={text.code}
						name="code"
						inputMode="numeric"
						autocomplete="one-time-code"
						required
						value={code}
						onValue={setCode}
					/>
					<div class="buttons">
						<button type="submit" class={on ? "danger" : "primary"}>
							{on ? text.stop : text.confirm}
						</button>
					</div>
				</form>
			)}
			<Trouble problem={problem} />
		</Card>
	);
}

function Offer({ secret, uri }: { readonly secret: string; readonly uri: string }) {
	const { size, path } = useMemo(() => qrOf(uri), [uri]);
	return (
		<>
			<p>{text.scan}</p>
			<svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={text.qr} shape-rendering="crispEdges">
				<rect width={size} height={size} fill="#fff" />
				<path d={path} fill="#000" />
			</svg>
			<p>
				{text.secret}: <code class="long">{secret}</code> <CopyButton text={secret} />
			</p>
		</>
	);
}
