import type { Edge } from "../api/types.ts";

/** Continents by the codes that GeoNames and MaxMind use. */
export const CONTINENTS = ["NA", "SA", "EU", "AF", "AS", "OC", "AN"] as const;
export type Continent = (typeof CONTINENTS)[number];

export interface Land {
	/** Outline on a plane of `WORLD.width` by `WORLD.height`, coarse on purpose. */
	readonly outline: string;
	/** Where its figure stands. */
	readonly x: number;
	readonly y: number;
}

export const WORLD = { width: 720, height: 340 };

/** A schematic map: where the continents are, no more. */
export const LANDS: Record<Continent, Land> = {
	NA: {
		outline:
			"M40 62 L92 40 L150 34 L205 22 L262 24 L258 52 L226 72 L232 96 L206 118 L196 142 L178 134 L160 152 L176 176 L162 172 L138 148 L112 124 L98 92 L62 84 Z",
		x: 146,
		y: 92,
	},
	SA: {
		outline: "M182 182 L214 182 L256 208 L250 238 L228 262 L214 300 L202 316 L192 288 L190 244 L172 212 Z",
		x: 214,
		y: 230,
	},
	EU: {
		outline:
			"M322 110 L318 88 L344 76 L346 50 L376 34 L410 42 L424 66 L418 94 L394 100 L390 116 L372 104 L352 106 L342 118 Z",
		x: 378,
		y: 80,
	},
	AF: {
		outline:
			"M318 134 L352 124 L392 130 L414 140 L426 170 L450 176 L438 206 L422 232 L414 262 L390 282 L376 264 L368 216 L352 194 L322 192 L306 166 Z",
		x: 372,
		y: 176,
	},
	AS: {
		outline:
			"M432 60 L446 38 L504 24 L580 26 L650 40 L690 56 L664 78 L640 84 L622 110 L608 140 L586 150 L592 182 L574 178 L560 150 L536 148 L520 184 L502 150 L478 140 L460 160 L436 148 L420 124 L398 122 L424 98 Z",
		x: 540,
		y: 96,
	},
	OC: {
		outline:
			"M588 250 L612 226 L634 236 L646 218 L672 248 L668 282 L640 290 L622 276 L594 282 Z M696 288 L708 296 L694 312 Z",
		x: 630,
		y: 258,
	},
	AN: { outline: "M200 336 L280 326 L420 324 L560 328 L610 336 Z", x: 420, y: 318 },
};

/** Countries (ISO 3166-1) by continent, those without a place here are left out of the map. */
const COUNTRIES: Record<Continent, string> = {
	AF: "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
	AN: "AQ BV GS HM TF",
	AS: "AE AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SG SY TH TJ TL TM TR TW UZ VN YE",
	EU: "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
	NA: "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI",
	OC: "AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
	SA: "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
};

const BY_COUNTRY = new Map(
	CONTINENTS.flatMap((continent) => COUNTRIES[continent].split(" ").map((country) => [country, continent] as const)),
);

/**
 * The continent of a region: a continent's code itself, or a country's, alone or first (`DE`, `DE-BE`). Codes that are
 * both (AF, AN, AS, NA, OC, SA, EU) are continents.
 */
export function continentOf(region: string): Continent | undefined {
	const code = region.slice(0, 2).toUpperCase();
	return CONTINENTS.find((continent) => continent === code) ?? BY_COUNTRY.get(code);
}

export interface Place {
	readonly continent: Continent;
	readonly online: number;
	readonly offline: number;
	/** Bytes per second sent. */
	readonly up: number;
}

/** Edges by continent, and how many are nowhere known. Revoked ones are left out. */
export function placesOf(edges: readonly Edge[]): { places: Place[]; unknown: number } {
	const places = new Map<Continent, Place>();
	let unknown = 0;
	for (const edge of edges) {
		if (edge.revoked) continue;
		const continent = edge.region ? continentOf(edge.region) : undefined;
		if (!continent) {
			unknown++;
			continue;
		}
		const place = places.get(continent) ?? { continent, online: 0, offline: 0, up: 0 };
		places.set(continent, {
			continent,
			online: place.online + (edge.online ? 1 : 0),
			offline: place.offline + (edge.online ? 0 : 1),
			up: place.up + (edge.rates?.up ?? 0),
		});
	}
	return { places: CONTINENTS.flatMap((continent) => places.get(continent) ?? []), unknown };
}
