import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { asProblem, Problem } from "../api/problem.ts";
import type { Session } from "../api/types.ts";
import { span } from "../model/format.ts";
import { words } from "../words.ts";
import { AccountField, PasswordField, TextField } from "./field.tsx";
import { Trouble } from "./parts.tsx";

interface DoorProps {
	readonly api: Api;
	readonly enter: (session: Session) => void;
}

/** Sends a form once at a time, and keeps what was wrong. */
function useDoor(send: () => Promise<Session>, enter: (session: Session) => void) {
	const [problem, setProblem] = useState<Problem>();
	const [busy, setBusy] = useState(false);
	const submit = async (event: Event) => {
		event.preventDefault();
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			enter(await send());
		} catch (thrown) {
			setProblem(asProblem(thrown));
			setBusy(false);
		}
	};
	return { problem, busy, submit: (event: Event) => void submit(event) };
}

export function Login({ api, enter, note }: DoorProps & { readonly note?: string | undefined }) {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [code, setCode] = useState("");
	const [codeWanted, setCodeWanted] = useState(false);
	const codeField = useRef<HTMLDivElement>(null);
	const send = async () => {
		try {
			const body = { name, password, ...(code ? { code: code.replace(/\s/g, "") } : {}) };
			return (await api.ask<Session>({ method: "POST", path: "session", body })).value;
		} catch (thrown) {
			const problem = asProblem(thrown);
			if (problem.kind === "code-required") setCodeWanted(true);
			if (problem.status === 429 && problem.retryAfter)
				throw new Problem(429, problem.kind, words.login.wait(span(problem.retryAfter)));
			throw problem;
		}
	};
	const { problem, busy, submit } = useDoor(send, enter);
	useEffect(() => {
		document.title = `${words.login.title} · ${words.product}`;
		if (codeWanted) codeField.current?.querySelector("input")?.focus();
	}, [codeWanted]);
	return (
		<main class="door">
			<h1>{words.login.title}</h1>
			{note && !problem && <p role="status">{note}</p>}
			<form onSubmit={submit}>
				<AccountField value={name} onValue={setName} />
				<PasswordField label={words.login.password} name="password" value={password} onValue={setPassword} />
				{codeWanted && (
					<div ref={codeField}>
						<TextField
							label={words.login.code}
							name="code"
							inputMode="numeric"
							autocomplete="one-time-code"
							required
							value={code}
							onValue={setCode}
						/>
					</div>
				)}
				{problem?.kind === "code-required" && !code ? null : <Trouble problem={problem} />}
				<button type="submit" class="primary" aria-disabled={busy}>
					{words.login.submit}
				</button>
			</form>
		</main>
	);
}

export function SetUp({ api, enter, ticket }: DoorProps & { readonly ticket: string }) {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [again, setAgain] = useState("");
	const differ = again !== "" && again !== password;
	const send = async () => {
		if (again !== password) throw new Problem(0, "differ", words.setup.differ);
		const body = { ticket, name, password };
		return (await api.ask<Session>({ method: "POST", path: "setup", body })).value;
	};
	const { problem, busy, submit } = useDoor(send, enter);
	useEffect(() => {
		document.title = `${words.setup.title} · ${words.product}`;
	}, []);
	return (
		<main class="door">
			<h1>{words.setup.title}</h1>
			<p>{words.setup.explain}</p>
			<form onSubmit={submit}>
				<AccountField value={name} onValue={setName} />
				<PasswordField
					label={words.login.password}
					name="password"
					fresh
					first
					value={password}
					onValue={setPassword}
				/>
				<PasswordField
					label={words.setup.again}
					name="again"
					fresh
					value={again}
					onValue={setAgain}
					problem={differ ? words.setup.differ : undefined}
				/>
				<Trouble problem={problem} />
				<button type="submit" class="primary" aria-disabled={busy}>
					{words.setup.submit}
				</button>
			</form>
		</main>
	);
}
