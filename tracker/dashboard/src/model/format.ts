/** Amounts, shares and times in words. */

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const STEP = 1024;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Three figures at most, fewer where the rest would be noise: `1.25 GiB`, `512 B`. */
export function bytes(amount: number): string {
	let value = amount;
	let unit = 0;
	while (Math.abs(value) >= STEP - 0.5 && unit < BYTE_UNITS.length - 1) {
		value /= STEP;
		unit++;
	}
	const digits = unit === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return `${value.toFixed(digits)} ${BYTE_UNITS[unit] ?? ""}`;
}

export const rate = (bytesPerSecond: number): string => `${bytes(bytesPerSecond)}/s`;

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
export const count = (amount: number): string => WHOLE.format(amount);

/** `one` or `many` with their number in front: `1 edge`, `2,000 edges`. */
export const counted = (amount: number, one: string, many = `${one}s`): string =>
	`${count(amount)} ${amount === 1 ? one : many}`;

/** 0 to 1 as per cent; never "100 %" of what is not all. */
export function share(part: number): string {
	const percent = Math.floor(part * 1000) / 10;
	return `${percent === 100 || percent === 0 ? percent : percent.toFixed(1)} %`;
}

export const money = (amount: number, currency: string): string => {
	try {
		return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount);
	} catch {
		return `${amount.toFixed(2)} ${currency}`; // no currency code of ISO 4217
	}
};

const two = (part: number): string => String(part).padStart(2, "0");

/** `2026-11-21` in the reader's time zone. */
export function day(seconds: number): string {
	const at = new Date(seconds * 1000);
	return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `16:42` in the reader's time zone. */
export function clock(seconds: number): string {
	const at = new Date(seconds * 1000);
	return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const moment = (seconds: number): string => `${day(seconds)} ${clock(seconds)}`;

/** How long: `5 min`, `3 h`, `12 d`. */
export function span(seconds: number): string {
	if (seconds < MINUTE) return `${Math.max(0, Math.round(seconds))} s`;
	if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
	if (seconds < 2 * DAY) return `${Math.round(seconds / HOUR)} h`;
	return `${Math.round(seconds / DAY)} d`;
}

/** A content id, peer id or fingerprint, short enough to read and long enough to tell apart. */
export const short = (id: string): string => (id.length > 13 ? `${id.slice(0, 10)}…` : id);

/** The last two parts of a URL's path, which tell it from others; the whole where there is none. */
export function fileOf(url: string): string {
	const path = url.replace(/^[a-z]+:\/\/[^/]*/, "");
	const parts = path.split(/[?#]/)[0]?.split("/").filter(Boolean) ?? [];
	return parts.slice(-2).join("/") || url;
}
