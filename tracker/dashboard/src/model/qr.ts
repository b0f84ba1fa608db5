import encode from "qr";

/** Modules of quiet around a code, which scanners ask for (ISO/IEC 18004). */
const BORDER = 4;

/** `text` as a QR code: side length in modules, and its dark modules as an SVG path. */
export function qrOf(text: string): { size: number; path: string } {
	const rows = encode(text, "raw", { border: BORDER });
	const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
	return { size: rows.length, path };
}
