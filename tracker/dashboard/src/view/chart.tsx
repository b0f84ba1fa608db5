import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clock, day, moment } from "../model/format.ts";
import { alone, digest, type Plot, type Plotted, rowsOf } from "../model/series.ts";
import { words } from "../words.ts";

interface ChartProps {
	readonly title: string;
	readonly plotted: Plotted | undefined;
	/** Whether the figures could not be had. */
	readonly failed?: boolean;
	/** Drawn as areas on top of each other, and totalled; otherwise as lines. */
	readonly stacked?: boolean;
	/** How values are written. */
	readonly format: (value: number) => string;
	/** How what they come to is written; without it the latest value is told. */
	readonly total?: (sum: number) => string;
	/** Whether values are amounts per second. */
	readonly perSecond?: boolean;
	/** Most gridlines of values that are whole numbers need be whole. */
	readonly whole?: boolean;
}

const HEIGHT = 220;
/** Across a point that stands alone, pixels. */
const DOT = 6;
const DAY = 86_400;
/** Rows of the table beside a chart. */
const MOST_ROWS = 30;

/** The picture, what it says in words, and its figures as a table. */
export function Chart({ title, plotted, failed, stacked, format, total, perSecond, whole }: ChartProps) {
	const id = useId();
	const box = useRef<HTMLDivElement>(null);
	const chart = useRef<uPlot>(undefined);
	const latest = useRef({ plotted, format });
	latest.current = { plotted, format };
	const names = plotted?.plots.map(({ name }) => name).join() ?? "";

	// Built anew when there are other series, and then only
	useEffect(() => {
		const element = box.current;
		const first = latest.current.plotted;
		if (!element || !first) return;
		const build = () => {
			chart.current?.destroy();
			const now = latest.current.plotted ?? first;
			const options = optionsOf(now, element.clientWidth, stacked === true, whole === true, () => latest.current);
			chart.current = new uPlot(options, dataOf(now), element);
		};
		build();
		const sizes = new ResizeObserver(() => {
			if (element.clientWidth > 0) chart.current?.setSize({ width: element.clientWidth, height: HEIGHT });
		});
		sizes.observe(element);
		const dark = matchMedia("(prefers-color-scheme: dark)");
		dark.addEventListener("change", build);
		return () => {
			sizes.disconnect();
			dark.removeEventListener("change", build);
			chart.current?.destroy();
			chart.current = undefined;
		};
	}, [names, stacked]);

	useEffect(() => {
		if (plotted && chart.current) chart.current.setData(dataOf(plotted));
	}, [plotted]);

	const summary = useMemo(
		() => (plotted ? inWords(plotted, stacked === true, format, total, perSecond === true) : ""),
		[plotted, stacked, format, total, perSecond],
	);
	if (!plotted) return <p class="quiet chart-space">{failed ? words.state.unknown : words.state.loading}</p>;
	return (
		<figure class="chart">
			<div ref={box} role="img" aria-label={title} aria-describedby={`${id}-words`} />
			<figcaption id={`${id}-words`}>{summary}</figcaption>
			<Figures title={title} plotted={plotted} format={format} />
		</figure>
	);
}

function Figures({ title, plotted, format }: { title: string; plotted: Plotted; format: (value: number) => string }) {
	const { times, plots } = plotted;
	const listed = [...plots];
	return (
		<details>
			<summary>{words.chart.table}</summary>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
			<section class="scroll" aria-label={title} tabIndex={0}>
				<table>
					<caption class="unseen">{title}</caption>
					<thead>
						<tr>
							<th scope="col">{words.chart.time}</th>
							{listed.map(({ name }) => (
								<th key={name} scope="col" class="number">
									{words.series[name]}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rowsOf(times.length, MOST_ROWS).map((row) => (
							<tr key={times[row]}>
								<th scope="row">{moment(times[row] ?? 0)}</th>
								{listed.map(({ name, values }) => (
									<td key={name} class="number">
										{said(values[row], format)}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}

const said = (value: number | null | undefined, format: (value: number) => string): string =>
	value === null || value === undefined ? "–" : format(value);

function inWords(
	{ times, plots }: Plotted,
	stacked: boolean,
	format: (value: number) => string,
	total: ChartProps["total"],
	perSecond: boolean,
): string {
	const step = (times[1] ?? 0) - (times[0] ?? 0);
	const tellable = stacked ? [...plots].reverse() : plots;
	if (plots.every(({ values }) => values.every((value) => !value))) return words.chart.empty;
	return tellable
		.map(({ name, values }) => {
			const { total: sum, peak, peakAt, latest } = digest(times, values);
			const at = peakAt === undefined ? "" : step * times.length > DAY ? moment(peakAt) : clock(peakAt);
			if (peak === 0) return words.chart.nothing(words.series[name]);
			return total
				? words.chart.total(words.series[name], total(sum * (perSecond ? step : 1)), format(peak), at)
				: words.chart.peak(words.series[name], format(latest ?? 0), format(peak), at);
		})
		.join(" ");
}

const dataOf = ({ times, plots }: Plotted): uPlot.AlignedData => [
	times as number[],
	...plots.map(({ drawn }) => drawn as (number | null)[]),
];

function optionsOf(
	{ times, plots }: Plotted,
	width: number,
	stacked: boolean,
	whole: boolean,
	latest: () => { plotted: Plotted | undefined; format: (value: number) => string },
): uPlot.Options {
	const style = getComputedStyle(document.documentElement);
	const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
	const axis = {
		stroke: colour("quiet"),
		grid: { stroke: colour("line"), width: 1 },
		ticks: { show: false },
		font: "12px system-ui, sans-serif",
	};
	const series = (plot: Plot, i: number): uPlot.Series => ({
		label: words.series[plot.name],
		stroke: colour(`series-${plot.name}`),
		width: stacked ? 1 : 2,
		...(stacked ? { fill: colour(`series-${plot.name}`) } : {}),
		points: {
			show: false,
			size: DOT,
			fill: colour(`series-${plot.name}`),
			filter: () => alone(latest().plotted?.plots[i]?.drawn ?? []),
		},
		// In a stack what is drawn is a sum; what is told is the part.
		value: (_, __, ___, index) => {
			const { plotted, format } = latest();
			return index === null ? "" : said(plotted?.plots[i]?.values[index], format);
		},
	});
	const format = (value: number) => latest().format(value);
	const long = (times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * DAY;
	return {
		width: Math.max(200, width),
		height: HEIGHT,
		cursor: { y: false, drag: { setScale: false } },
		legend: { live: true },
		scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.08, whole ? 4 : 1)] } },
		series: [
			// uPlot would write "Value" or "Time" in place of an empty label
			{ label: " ", value: (_, at) => (at === null ? "" : moment(at)) },
			...plots.map((plot, i) => series(plot, i)),
		],
		axes: [
			{ ...axis, size: 30, space: 70, values: (_, ticks) => ticks.map((at) => (long ? day(at).slice(5) : clock(at))) },
			{
				...axis,
				size: 84,
				space: 34,
				incrs: whole ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6] : BYTE_STEPS,
				values: (_, ticks) => ticks.map(format),
			},
		],
	};
}

/** Gridlines of amounts of data: 1, 2 and 5 of each unit, and their tens and hundreds. */
const BYTE_STEPS = [0, 1, 2, 3, 4, 5].flatMap((power) =>
	[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * 1024 ** power),
);
