import type { Member, SwarmPicture } from "../api/types.ts";

/** A member and where it is drawn. */
export interface Dot {
	readonly member: Member;
	readonly x: number;
	readonly y: number;
	readonly neighbours: number;
}

export interface Chord {
	readonly from: Dot;
	readonly to: Dot;
}

export interface Drawing {
	readonly size: number;
	readonly dots: readonly Dot[];
	readonly chords: readonly Chord[];
	/** Radius of a dot. */
	readonly radius: number;
}

const SIZE = 600;
const CENTRE = SIZE / 2;
const OUTER = 272;
const INNER = 120;

export const isEdge = (member: Member): boolean => member.role === "edge" || member.role === "tracker";

/** Visitors on a circle, edges on one within it: the same swarm is always drawn the same. */
export function drawingOf({ members, connections }: SwarmPicture): Drawing {
	const neighbours = new Map<string, number>();
	for (const pair of connections) for (const id of pair) neighbours.set(id, (neighbours.get(id) ?? 0) + 1);
	const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
	const edges = sorted.filter(isEdge);
	const viewers = sorted.filter((member) => !isEdge(member));
	const ring = (around: readonly Member[], radius: number): Dot[] =>
		around.map((member, i) => {
			const angle = (2 * Math.PI * i) / around.length - Math.PI / 2;
			return {
				member,
				x: Math.round((CENTRE + radius * Math.cos(angle)) * 10) / 10,
				y: Math.round((CENTRE + radius * Math.sin(angle)) * 10) / 10,
				neighbours: neighbours.get(member.id) ?? 0,
			};
		});
	const dots = [...ring(viewers, OUTER), ...ring(edges, viewers.length === 0 ? OUTER : INNER)];
	const byId = new Map(dots.map((dot) => [dot.member.id, dot]));
	const chords = connections.flatMap(([a, b]) => {
		const from = byId.get(a);
		const to = byId.get(b);
		return from && to ? [{ from, to }] : [];
	});
	const crowd = Math.max(viewers.length, edges.length * 2);
	return { size: SIZE, dots, chords, radius: Math.max(3, Math.min(11, 500 / Math.max(1, crowd))) };
}

/** Members by how many others they are connected to, the most first. */
export const busiest = (drawing: Drawing): readonly Dot[] =>
	[...drawing.dots].sort((a, b) => b.neighbours - a.neighbours || (a.member.id < b.member.id ? -1 : 1));
