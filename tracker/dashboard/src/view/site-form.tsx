import { useEffect, useRef, useState } from "preact/hooks";
import { pathOf, withQuery } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { Site, SiteCheck } from "../api/types.ts";
import { bodyOf, fieldOf, formOf, NEW_SITE, type SiteForm } from "../model/site-form.ts";
import { words } from "../words.ts";
import { useDesk, useLinks, useResource } from "./context.ts";
import { CheckField, ChoiceField, TextField } from "./field.tsx";
import { Loading, Title, Trouble } from "./parts.tsx";

const text = words.siteForm;

export function NewSiteView() {
	return (
		<>
			<Title>{text.addTitle}</Title>
			<Form isNew before={NEW_SITE} />
		</>
	);
}

export function EditSiteView({ id }: { readonly id: string }) {
	const found = useResource<Site>(pathOf("sites", id));
	return (
		<>
			<Title>{text.editTitle(id)}</Title>
			<Trouble problem={found.problem} retry={found.reload} />
			{!found.value && !found.problem && <Loading />}
			{found.value && <Form before={formOf(found.value)} etag={found.etag} />}
		</>
	);
}

interface FormProps {
	readonly before: SiteForm;
	readonly isNew?: boolean;
	readonly etag?: string | undefined;
}

/** Edits, has the tracker try it against the origin, and saves what is in order (or what the operator insists on). */
function Form({ before, isNew = false, etag }: FormProps) {
	const { api, say, changed } = useDesk();
	const links = useLinks();
	const [form, setForm] = useState(before);
	const [check, setCheck] = useState<SiteCheck>();
	const [problem, setProblem] = useState<Problem>();
	const [busy, setBusy] = useState(false);
	const result = useRef<HTMLDivElement>(null);
	const set = (change: Partial<SiteForm>) => {
		setForm({ ...form, ...change });
		setCheck(undefined);
	};
	useEffect(() => {
		if (check && !check.ok) result.current?.focus();
	}, [check]);

	const trying = async (work: () => Promise<void>) => {
		if (busy) return;
		setBusy(true);
		setProblem(undefined);
		try {
			await work();
		} catch (thrown) {
			const found = asProblem(thrown);
			// What is wrong with single keys is shown beside them, as that of a check.
			if (found.complaints.length > 0) setCheck({ ok: false, problems: found.complaints, origins: [] });
			else setProblem(found.status === 412 ? Object.assign(found, { message: text.stale }) : found);
		}
		setBusy(false);
	};
	const examine = async (): Promise<SiteCheck> => {
		const { value } = await api.ask<SiteCheck>({ method: "POST", path: "sites/check", body: bodyOf(form, true) });
		setCheck(value);
		return value;
	};
	const save = async (insist: boolean) => {
		if (!insist && !(await examine()).ok) return;
		const path = withQuery(isNew ? "sites" : pathOf("sites", form.id), { untried: insist ? "true" : undefined });
		await api.ask({ method: isNew ? "POST" : "PUT", path, body: bodyOf(form, isNew), etag });
		say(text.saved(form.id));
		changed();
		location.hash = links("sites", form.id);
	};
	const wrong = (name: keyof SiteForm) => check?.problems.find(({ key }) => fieldOf(key) === name)?.text;
	return (
		<form
			class="sheet"
			onSubmit={(event) => {
				event.preventDefault();
				void trying(() => save(false));
			}}
		>
			<Fields form={form} isNew={isNew} set={set} wrong={wrong} />
			<Trouble problem={problem} />
			<div ref={result} tabIndex={-1} role="status">
				{busy && <p class="quiet">{text.checking}</p>}
				{check && !busy && <CheckResult check={check} />}
			</div>
			<div class="buttons">
				<a class="button" href={isNew ? links("sites") : links("sites", form.id)}>
					{text.cancel}
				</a>
				<button type="button" aria-disabled={busy} onClick={() => void trying(async () => void (await examine()))}>
					{text.check}
				</button>
				{check && !check.ok && check.problems.length === 0 && (
					<button type="button" class="danger" onClick={() => void trying(() => save(true))}>
						{text.anyway}
					</button>
				)}
				<button type="submit" class="primary" aria-disabled={busy}>
					{text.save}
				</button>
			</div>
		</form>
	);
}

interface FieldsProps {
	readonly form: SiteForm;
	readonly isNew: boolean;
	readonly set: (change: Partial<SiteForm>) => void;
	readonly wrong: (name: keyof SiteForm) => string | undefined;
}

function Fields({ form, isNew, set, wrong }: FieldsProps) {
	const lines = (
		name: "webOrigins" | "contentOrigins" | "include" | "exclude" | "live",
		label: string,
		hint: string,
		rows = 2,
	) => (
		<TextField
			label={label}
			name={name}
			hint={hint}
			rows={rows}
			value={form[name]}
			problem={wrong(name)}
			onValue={(value) => set({ [name]: value })}
		/>
	);
	return (
		<>
			{isNew && (
				<TextField
					label={text.id}
					name="id"
					hint={text.idHint}
					required
					value={form.id}
					problem={wrong("id")}
					onValue={(id) => set({ id })}
				/>
			)}
			{lines("webOrigins", text.webOrigins, text.webOriginsHint, 3)}
			{lines("contentOrigins", text.contentOrigins, text.contentOriginsHint, 3)}
			{lines("include", text.include, text.includeHint)}
			{lines("exclude", text.exclude, text.excludeHint)}
			{lines("live", text.live, text.liveHint)}
			<TextField
				label={text.threshold}
				name="indexThreshold"
				type="number"
				hint={text.thresholdHint}
				required
				value={form.indexThreshold}
				problem={wrong("indexThreshold")}
				onValue={(indexThreshold) => set({ indexThreshold })}
			/>
			<ChoiceField
				label={text.mode}
				name="mode"
				value={form.mode}
				options={[
					["open", text.open],
					["edges", text.edges],
				]}
				onValue={(mode) => set({ mode })}
			/>
			<CheckField label={text.consent} name="consent" value={form.consent} onValue={(consent) => set({ consent })} />
			<CheckField label={text.upload} name="upload" value={form.upload} onValue={(upload) => set({ upload })} />
			<CheckField
				label={text.openEdges}
				name="openEdges"
				value={form.openEdges}
				onValue={(openEdges) => set({ openEdges })}
			/>
			<CheckField
				label={text.allowPrivate}
				name="allowPrivate"
				value={form.allowPrivate}
				onValue={(allowPrivate) => set({ allowPrivate })}
			/>
		</>
	);
}

function CheckResult({ check }: { readonly check: SiteCheck }) {
	return (
		<div class={check.ok ? "result fine" : "result"}>
			<p>{check.ok ? text.good : text.bad}</p>
			<ul>
				{check.problems.map(({ key, text: said }) => (
					<li key={`${key} ${said}`}>
						<b>{key}</b>: {said}
					</li>
				))}
				{check.origins.map(({ origin, ok, text: said }) => (
					<li key={origin} class={ok ? "" : "wrong"}>
						<b>{origin}</b>: {said}
					</li>
				))}
			</ul>
		</div>
	);
}
