import { useId } from "preact/hooks";
import { words } from "../words.ts";

/** Elements' types as the compiler tells inputs apart by. */
const TYPES = { text: { type: "text" }, password: { type: "password" }, number: { type: "number" } } as const;

interface FieldProps {
	readonly label: string;
	readonly name: string;
	readonly type?: "text" | "password" | "number";
	readonly hint?: string | undefined;
	readonly problem?: string | undefined;
	readonly value?: string;
	readonly onValue?: (value: string) => void;
	readonly autocomplete?: string;
	readonly required?: boolean;
	readonly minLength?: number;
	readonly inputMode?: "numeric" | "decimal";
	readonly disabled?: boolean;
	/** Rows of text, when it may have several. */
	readonly rows?: number;
}

interface PasswordProps {
	readonly label: string;
	readonly name: string;
	readonly value: string;
	readonly onValue: (value: string) => void;
	/** Whether it is chosen here. */
	readonly fresh?: boolean;
	/** Whether it is the first time that it is typed in. */
	readonly first?: boolean;
	readonly problem?: string | undefined;
}

/** A password that is known, or is chosen: then with what makes a good one. */
export const PasswordField = ({ fresh = false, first = false, ...props }: PasswordProps) => (
	<TextField
		{...props}
		type="password"
		autocomplete={fresh ? "new-password" : "current-password"}
		required
		{...(first ? { minLength: 12, hint: words.setup.hint } : {})}
	/>
);

/** The name under which an operator signs in. */
export const AccountField = ({ value, onValue }: { value: string; onValue: (value: string) => void }) => (
	<TextField label={words.login.name} name="name" autocomplete="username" required value={value} onValue={onValue} />
);

/** A labelled input, with what helps and what is wrong tied to it. */
export function TextField(props: FieldProps) {
	const { label, name, type = "text", hint, problem, value, onValue, rows, disabled = false } = props;
	const id = useId();
	const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
	const shared = {
		id,
		name,
		required: props.required === true,
		disabled,
		...(value === undefined ? {} : { value }),
		...(described ? { "aria-describedby": described } : {}),
		...(problem ? { "aria-invalid": true } : {}),
	};
	return (
		<div class="field">
			<label for={id}>{label}</label>
			{rows ? (
				<textarea
					rows={rows}
					spellcheck={false}
					{...shared}
					onInput={(event) => onValue?.(event.currentTarget.value)}
				/>
			) : (
				<input
					{...TYPES[type]}
					spellcheck={false}
					autocomplete={props.autocomplete ?? "off"}
					{...(props.minLength ? { minLength: props.minLength } : {})}
					{...(props.inputMode ? { inputMode: props.inputMode } : {})}
					{...shared}
					onInput={(event) => onValue?.(event.currentTarget.value)}
				/>
			)}
			{hint && <small id={`${id}-hint`}>{hint}</small>}
			{problem && (
				<small id={`${id}-problem`} class="wrong">
					{problem}
				</small>
			)}
		</div>
	);
}

export function CheckField({
	label,
	name,
	value,
	onValue,
}: {
	readonly label: string;
	readonly name: string;
	readonly value: boolean;
	readonly onValue: (value: boolean) => void;
}) {
	const id = useId();
	return (
		<div class="field check">
			<input
				type="checkbox"
				id={id}
				name={name}
				checked={value}
				onChange={(event) => onValue(event.currentTarget.checked)}
			/>
			<label for={id}>{label}</label>
		</div>
	);
}

export function ChoiceField({
	label,
	name,
	value,
	options,
	onValue,
}: {
	readonly label: string;
	readonly name: string;
	readonly value: string;
	readonly options: readonly (readonly [value: string, label: string])[];
	readonly onValue: (value: string) => void;
}) {
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{label}</label>
			<select id={id} name={name} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
				{options.map(([option, text]) => (
					<option key={option} value={option}>
						{text}
					</option>
				))}
			</select>
		</div>
	);
}
