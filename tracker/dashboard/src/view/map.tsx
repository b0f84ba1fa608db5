import type { Edge } from "../api/types.ts";
import { count, rate } from "../model/format.ts";
import { CONTINENTS, LANDS, placesOf, WORLD } from "../model/world.ts";
import { words } from "../words.ts";
import { Card } from "./parts.tsx";

const text = words.edges;

/** Least and greatest radius of a place. */
const SMALL = 13;
const LARGE = 30;

/** Where edges are, as far as they have been placed: a picture, and the same in words. */
export function EdgeMap({ edges }: { readonly edges: readonly Edge[] }) {
	const { places, unknown } = placesOf(edges);
	const most = Math.max(1, ...places.map(({ online }) => online));
	const told = places.map(({ continent, online, up }) =>
		text.onMap(words.continents[continent], count(online), rate(up)),
	);
	const rest = unknown > 0 ? text.unknownPlace(count(unknown)) : "";
	if (places.length === 0) return null;
	return (
		<Card title={text.map} wide>
			<figure class="map">
				<svg viewBox={`0 0 ${WORLD.width} ${WORLD.height}`} role="img" aria-label={text.map}>
					{CONTINENTS.map((continent) => (
						<path key={continent} class="land" d={LANDS[continent].outline} />
					))}
					{places.map(({ continent, online }) => {
						const { x, y } = LANDS[continent];
						return (
							<g key={continent} class={online > 0 ? "place" : "place empty"}>
								<circle cx={x} cy={y} r={SMALL + (LARGE - SMALL) * Math.sqrt(online / most)} />
								<text x={x} y={y + 4.5}>
									{count(online)}
								</text>
							</g>
						);
					})}
				</svg>
				<figcaption>
					<ul>
						{told.map((line) => (
							<li key={line}>{line}</li>
						))}
						{rest && <li>{rest}</li>}
					</ul>
				</figcaption>
			</figure>
		</Card>
	);
}
