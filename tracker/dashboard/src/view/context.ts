import { createContext } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Items, Role, Session } from "../api/types.ts";
import type { Action } from "../model/actions.ts";
import { hashOf, type Route } from "../model/route.ts";

/** What every view of a signed-in operator has at hand. */
export interface Desk {
	readonly api: Api;
	readonly session: Session;
	readonly route: Route;
	/** Grows with everything that was changed here: what is shown is asked for anew. */
	readonly revision: number;
	readonly role: Role;
	/** Opens the dialog of an action. */
	act(action: Action): void;
	/** Says what happened. */
	say(text: string): void;
	changed(): void;
	renew(session: Session): void;
}

const DeskContext = createContext<Desk | undefined>(undefined);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
	const desk = useContext(DeskContext);
	if (!desk) throw new Error("outside of a desk");
	return desk;
}

/** Addresses within the page that keep range and site. */
export function useLinks(): (...parts: readonly string[]) => string {
	const { route } = useDesk();
	return (...parts) => hashOf(route, ...parts);
}

export interface Resource<T> {
	readonly value: T | undefined;
	readonly etag: string | undefined;
	readonly problem: Problem | undefined;
	reload(): void;
}

/**
 * The answer at `path`, asked for again every `everyMs` while the page is seen, and after every change made here. The
 * first time it is asked for in any case: a tab may be opened behind another one.
 */
export function useResource<T>(path: string | undefined, everyMs = 0): Resource<T> {
	const { api, revision } = useDesk();
	const [state, setState] = useState<{
		path?: string;
		value?: T;
		etag?: string | undefined;
		problem?: Problem | undefined;
	}>({});
	const [turn, setTurn] = useState(0);
	const answered = useRef<string>(undefined);
	// A change or a wish to reload asks again
	useEffect(() => {
		if (path === undefined) return;
		const stop = new AbortController();
		const load = async () => {
			try {
				if (document.visibilityState === "visible" || answered.current !== path) {
					const { value, etag } = await api.ask<T>({ method: "GET", path }, stop.signal);
					if (stop.signal.aborted) return;
					answered.current = path;
					setState({ path, value, etag });
				} else setState((before) => ({ ...before }));
			} catch (thrown) {
				// What was shown before stays, with a word that it is old.
				if (!stop.signal.aborted)
					setState((before) => ({ ...(before.path === path ? before : { path }), problem: asProblem(thrown) }));
			}
		};
		void load();
		return () => stop.abort();
	}, [api, path, revision, turn]);
	// The next time is counted from the last answer; another interval alone asks nothing
	useEffect(() => {
		if (everyMs <= 0 || state.path !== path) return;
		const timer = setTimeout(() => setTurn((before) => before + 1), everyMs);
		return () => clearTimeout(timer);
	}, [everyMs, path, state]);
	const same = state.path === path;
	return {
		value: same ? state.value : undefined,
		etag: same ? state.etag : undefined,
		problem: same ? state.problem : undefined,
		reload: () => setTurn((before) => before + 1),
	};
}

export interface Pages<T> {
	readonly items: readonly T[] | undefined;
	readonly problem: Problem | undefined;
	/** Asks for the next page; undefined when all is there. */
	readonly more: (() => void) | undefined;
	reload(): void;
}

/** A list page by page; `everything` asks for all pages at once, up to `MOST_PAGES`. */
export function usePages<T>(
	pathOfPage: (after: string | undefined) => string,
	key: string,
	everything = false,
): Pages<T> {
	const { api, revision } = useDesk();
	const [state, setState] = useState<{ key?: string; items?: readonly T[]; next?: string | null; problem?: Problem }>(
		{},
	);
	const [turn, setTurn] = useState(0);
	const paths = useRef(pathOfPage);
	paths.current = pathOfPage;
	const stop = useMemo(() => ({ current: new AbortController() }), []);
	const load = async (signal: AbortSignal, before: readonly T[], after?: string) => {
		try {
			let items = before;
			let next: string | null | undefined = after;
			for (let page = 0; page < (everything ? MOST_PAGES : 1); page++) {
				const answer: Items<T> = await api.get<Items<T>>(paths.current(next ?? undefined), signal);
				items = [...items, ...answer.items];
				next = answer.next;
				if (signal.aborted) return;
				setState({ key, items, next });
				if (!next) return;
			}
		} catch (thrown) {
			if (!signal.aborted) setState({ key, items: before, problem: asProblem(thrown) });
		}
	};
	// Another list, a change or a wish to reload begins again
	useEffect(() => {
		const controller = new AbortController();
		stop.current = controller;
		void load(controller.signal, []);
		return () => controller.abort();
	}, [api, key, revision, turn]);
	const same = state.key === key;
	const { next } = state;
	return {
		items: same ? state.items : undefined,
		problem: same ? state.problem : undefined,
		more: same && next && !everything ? () => void load(stop.current.signal, state.items ?? [], next) : undefined,
		reload: () => setTurn((before) => before + 1),
	};
}

/** Pages of a list that is wanted as a whole. */
const MOST_PAGES = 20;
