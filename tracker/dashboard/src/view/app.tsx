import { useCallback, useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Session } from "../api/types.ts";
import { ticketOf } from "../model/route.ts";
import { words } from "../words.ts";
import { Login, SetUp } from "./login.tsx";
import { Loading, Trouble } from "./parts.tsx";
import { Shell } from "./shell.tsx";

type State =
	| { readonly kind: "starting" }
	| { readonly kind: "unreachable"; readonly problem: Problem }
	| { readonly kind: "setup"; readonly ticket: string }
	| { readonly kind: "out"; readonly note?: string }
	| { readonly kind: "in"; readonly session: Session };

export function App({ api }: { readonly api: Api }) {
	const [state, setState] = useState<State>({ kind: "starting" });

	const enter = useCallback(
		(session: Session) => {
			api.use(session);
			setState({ kind: "in", session });
		},
		[api],
	);

	const start = useCallback(async () => {
		const ticket = ticketOf(location.hash);
		if (ticket) {
			// Used once and by nobody else: not to be left in the history.
			history.replaceState(null, "", location.pathname);
			setState({ kind: "setup", ticket });
			return;
		}
		try {
			enter(await api.get<Session>("session"));
		} catch (thrown) {
			const problem = asProblem(thrown);
			setState(problem.status === 401 ? { kind: "out" } : { kind: "unreachable", problem });
		}
	}, [api, enter]);

	useEffect(() => {
		api.onSignedOut = () => setState({ kind: "out", note: words.state.signedOut });
		void start();
		const followed = () => {
			if (ticketOf(location.hash)) void start();
		};
		addEventListener("hashchange", followed);
		return () => removeEventListener("hashchange", followed);
	}, [api, start]);

	switch (state.kind) {
		case "starting":
			return (
				<main class="door">
					<Loading />
				</main>
			);
		case "unreachable":
			return (
				<main class="door">
					<h1>{words.product}</h1>
					<Trouble problem={state.problem} retry={() => void start()} />
				</main>
			);
		case "setup":
			return <SetUp api={api} ticket={state.ticket} enter={enter} />;
		case "out":
			return <Login api={api} enter={enter} note={state.note} />;
		case "in":
			return (
				<Shell api={api} session={state.session} renew={enter} leave={(note) => setState({ kind: "out", ...note })} />
			);
	}
}
