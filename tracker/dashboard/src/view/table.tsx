import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { words } from "../words.ts";

export interface Column<T> {
	readonly head: string;
	readonly cell: (row: T) => ComponentChildren;
	readonly number?: boolean;
	/** Left out where there is little room. */
	readonly wide?: boolean;
	/** May be broken anywhere, being one long word. */
	readonly long?: boolean;
	/** Sorted by this column, and which way; `undefined` when by another. */
	readonly sorted?: "ascending" | "descending" | undefined;
	readonly sort?: () => void;
}

export interface TableProps<T> {
	readonly caption: string;
	/** Whether a heading above says what the caption says. */
	readonly hideCaption?: boolean;
	readonly columns: readonly Column<T>[];
	readonly rows: readonly T[] | undefined;
	readonly id: (row: T) => string;
	readonly more?: (() => void) | undefined;
	readonly empty?: string;
}

const classOf = <T,>({ number, wide, long }: Column<T>): string =>
	[number && "number", wide && "roomy", long && "long"].filter(Boolean).join(" ");

/** A table that scrolls within itself where it is wider than the window. */
export function Table<T>({ caption, hideCaption, columns, rows, id, more, empty }: TableProps<T>) {
	const name = useId();
	if (!rows) return <p class="quiet">{words.state.loading}</p>;
	if (rows.length === 0) return <p class="quiet">{empty ?? words.state.none}</p>;
	return (
		<>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
			<section class="scroll" aria-labelledby={name} tabIndex={0}>
				<table>
					<caption id={name} class={hideCaption ? "unseen" : ""}>
						{caption}
					</caption>
					<thead>
						<tr>
							{columns.map((column) => (
								<th key={column.head} scope="col" class={classOf(column)} aria-sort={column.sorted}>
									{column.sort ? (
										<button type="button" class="sort" onClick={column.sort}>
											{column.head}
											<span aria-hidden="true">
												{column.sorted === "ascending" ? " ↑" : column.sorted === "descending" ? " ↓" : ""}
											</span>
										</button>
									) : (
										column.head
									)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((row) => (
							<tr key={id(row)}>
								{columns.map((column, i) =>
									i === 0 ? (
										<th key={column.head} scope="row" class={classOf(column)}>
											{column.cell(row)}
										</th>
									) : (
										<td key={column.head} class={classOf(column)}>
											{column.cell(row)}
										</td>
									),
								)}
							</tr>
						))}
					</tbody>
				</table>
			</section>
			{more && (
				<button type="button" class="more" onClick={more}>
					{words.state.more}
				</button>
			)}
		</>
	);
}
