/** Somebody else's bytes or text are not what the protocol allows. */
export class DecodeError extends Error {
	/** Where in the message: a path such as `peers[2].id`. */
	readonly place: string;

	constructor(place: string, reason: string) {
		super(`${place}: ${reason}`);
		this.place = place;
	}
}
