/** Removes the oldest until there are no more than so many. */
export function keepNewest<K>(all: Pick<Set<K>, "delete" | "size"> & { keys(): Iterable<K> }, most: number): void {
	for (const oldest of all.keys()) {
		if (all.size <= most) break;
		all.delete(oldest);
	}
}

/** Puts an entry in as the newest of at most so many. */
export function putNewest<K, V>(all: Map<K, V>, key: K, value: V, most: number): void {
	all.delete(key);
	all.set(key, value);
	keepNewest(all, most);
}
