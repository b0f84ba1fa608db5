/** Runs the client in a page. */
export function startPage(): void {
	document.documentElement.dataset["rivulet"] = __RIVULET_VERSION__;
}
