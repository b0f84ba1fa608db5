import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Action, Field, Outcome, Values } from "../model/actions.ts";
import { words } from "../words.ts";
import { CopyButton, Trouble } from "./parts.tsx";

interface DialogProps {
	readonly api: Api;
	readonly action: Action;
	/** When it has been done; the dialog may still show a secret. */
	readonly onDone: (outcome: Outcome) => void;
	readonly onClose: () => void;
}

/** Asks back, does it, and shows what came of it: problems stay in the dialog, with what was typed. */
export function ActionDialog({ api, action, onDone, onClose }: DialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem>();
	const [outcome, setOutcome] = useState<Outcome>();
	const [wrong, setWrong] = useState<string>();
	const basis = useRef<Promise<string | undefined>>(undefined);
	useEffect(() => {
		const element = dialog.current;
		if (element && !element.open) element.showModal();
		// What the operator decides on is what is there as the dialog opens.
		if (action.basis !== undefined) {
			basis.current = api.ask({ method: "GET", path: action.basis }).then(({ etag }) => etag);
			basis.current.catch(() => {}); // told when it is needed
		}
	}, [api, action]);
	const submit = async (event: SubmitEvent) => {
		event.preventDefault();
		if (busy || !(event.currentTarget instanceof HTMLFormElement)) return;
		const values = valuesOf(event.currentTarget, action.fields);
		const slip = action.fields.find(({ name, exactly }) => exactly !== undefined && values[name] !== exactly);
		setWrong(slip?.name);
		if (slip) return;
		setBusy(true);
		setProblem(undefined);
		try {
			const { value } = await api.ask<unknown>({ ...action.ask(values, Date.now() / 1000), etag: await basis.current });
			const done = action.done(value, values);
			onDone(done);
			if (done.secret) setOutcome(done);
			else dialog.current?.close();
		} catch (thrown) {
			setProblem(asProblem(thrown));
		}
		setBusy(false);
	};
	return (
		<dialog ref={dialog} aria-labelledby={id} aria-describedby={`${id}-text`} onClose={onClose}>
			<h2 id={id}>{action.title}</h2>
			{outcome?.secret ? (
				<Secret outcome={outcome} id={`${id}-text`} close={() => dialog.current?.close()} />
			) : (
				<form onSubmit={(event) => void submit(event)}>
					<p id={`${id}-text`}>{action.explain}</p>
					{action.fields.map((field) => (
						<Input key={field.name} field={field} id={`${id}-${field.name}`} wrong={wrong === field.name} />
					))}
					<Trouble problem={problem} />
					<div class="buttons">
						<button type="button" onClick={() => dialog.current?.close()}>
							{words.dialog.cancel}
						</button>
						<button type="submit" class={action.danger ? "danger solid" : "primary"} aria-disabled={busy}>
							{action.confirm}
						</button>
					</div>
				</form>
			)}
		</dialog>
	);
}

function Secret({
	outcome,
	id,
	close,
}: {
	readonly outcome: Outcome;
	readonly id: string;
	readonly close: () => void;
}) {
	const { label, value } = outcome.secret ?? { label: "", value: "" };
	const closer = useRef<HTMLButtonElement>(null);
	useEffect(() => closer.current?.focus(), []);
	return (
		<>
			<p id={id} role="status">
				{outcome.text} {words.dialog.once}
			</p>
			<label class="field">
				<span>{label}</span>
				<input class="secret" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
			</label>
			<div class="buttons">
				<CopyButton text={value} />
				<button type="button" class="primary" ref={closer} onClick={close}>
					{words.dialog.close}
				</button>
			</div>
		</>
	);
}

function Input({ field, id, wrong }: { readonly field: Field; readonly id: string; readonly wrong: boolean }) {
	const { name, label, kind, hint, required, value, options, exactly } = field;
	const hintText = exactly === undefined ? hint : exactly;
	const attributes = {
		id,
		name,
		required: required === true,
		...(hintText ? { "aria-describedby": `${id}-hint` } : {}),
		...(wrong ? { "aria-invalid": true } : {}),
	};
	if (kind === "check")
		return (
			<div class="field check">
				<input type="checkbox" {...attributes} />
				<label for={id}>{label}</label>
				{hintText && <small id={`${id}-hint`}>{hintText}</small>}
			</div>
		);
	return (
		<div class="field">
			<label for={id}>{label}</label>
			{kind === "select" ? (
				<select {...attributes}>
					{options?.map(([option, text]) => (
						<option key={option} value={option} selected={option === value}>
							{text}
						</option>
					))}
				</select>
			) : kind === "number" ? (
				<input type="number" min={1} max={3650} step={1} {...attributes} defaultValue={value ?? ""} />
			) : (
				<input type="text" autocomplete="off" spellcheck={false} {...attributes} defaultValue={value ?? ""} />
			)}
			{hintText && <small id={`${id}-hint`}>{hintText}</small>}
		</div>
	);
}

function valuesOf(form: HTMLFormElement, fields: readonly Field[]): Values {
	const data = new FormData(form);
	return Object.fromEntries(
		fields.map(({ name, kind }) => {
			const value = data.get(name);
			return [name, kind === "check" ? value !== null : typeof value === "string" ? value : ""];
		}),
	);
}
