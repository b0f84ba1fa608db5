import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import type { Action } from "../model/actions.ts";
import { moment } from "../model/format.ts";
import { may } from "../model/roles.ts";
import { words } from "../words.ts";
import { useDesk } from "./context.ts";

/** A view's title, which takes the focus when one arrives, so that keyboard and screen reader begin there. */
export function Title({ children }: { readonly children: ComponentChildren }) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = `${heading.current?.textContent ?? ""} · ${words.product}`;
		if (document.body.dataset["arrived"]) heading.current?.focus({ preventScroll: true });
		document.body.dataset["arrived"] = "yes";
	}, []);
	return (
		<h1 ref={heading} tabIndex={-1}>
			{children}
		</h1>
	);
}

export function Card({
	title,
	aside,
	wide,
	children,
}: {
	readonly title: string;
	readonly aside?: ComponentChildren;
	readonly wide?: boolean;
	readonly children: ComponentChildren;
}) {
	const id = useId();
	return (
		<section class={wide ? "card wide" : "card"} aria-labelledby={id}>
			<div class="card-head">
				<h2 id={id}>{title}</h2>
				{aside}
			</div>
			{children}
		</section>
	);
}

/** What is wrong, where it is: with old figures if there are some. */
export function Trouble({ problem, retry }: { readonly problem: Problem | undefined; readonly retry?: () => void }) {
	if (!problem) return null;
	return (
		<div class="trouble" role="alert">
			<p>{problem.message}</p>
			{retry && (
				<button type="button" onClick={retry}>
					{words.state.retry}
				</button>
			)}
		</div>
	);
}

export const Loading = () => <p class="quiet">{words.state.loading}</p>;

export const When = ({ at }: { readonly at: number | null | undefined }) =>
	at ? <time dateTime={new Date(at * 1000).toISOString()}>{moment(at)}</time> : <span>{words.state.never}</span>;

/** A button that offers `action`, only for those who may. */
export function Act({ action, primary }: { readonly action: Action; readonly primary?: boolean }) {
	const { act, role } = useDesk();
	if (!may(role, action.least)) return null;
	const kind = action.danger ? "danger" : primary ? "primary" : "";
	return (
		<button type="button" class={kind} onClick={() => act(action)}>
			{action.label}
		</button>
	);
}

/** Copies `text`; says so for a moment. */
export function CopyButton({ text, label = words.dialog.copy }: { readonly text: string; readonly label?: string }) {
	const [copied, setCopied] = useState(false);
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			setCopied(true);
		} catch {
			setCopied(false); // no clipboard without https: the text can be selected
		}
	};
	return (
		<button type="button" onClick={() => void copy()}>
			{copied ? words.sites.copied : label}
		</button>
	);
}

/** Pairs of term and value. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
	return (
		<dl class="facts">
			{facts.map(([term, value]) => (
				<div key={term}>
					<dt>{term}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

/** How full something is, with words. */
export function Gauge({ part, label }: { readonly part: number | undefined; readonly label: string }) {
	return (
		<span class="gauge">
			{part !== undefined && <meter value={part} min={0} max={1} high={0.9} aria-label={label} />}
			<span>{label}</span>
		</span>
	);
}
