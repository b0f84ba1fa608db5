import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { payloadOf } from "../fixture/catalog.ts";
import { type BigFile, bigFile } from "../fixture/content.ts";
import { type Catalog, HostileTracker } from "../fixture/hostile-tracker.ts";
import { TestKey } from "../fixture/signing.ts";
import { Stack } from "../fixture/stack.ts";
import { Visitor } from "../fixture/visitor.ts";

const SIZE = 4 << 20;

interface HeadPayload {
	issuedAt: number;
	notAfter: number;
	epoch: number;
	sequence: number;
}

let file: BigFile;
let stack: Stack;
let hostile: HostileTracker;
let url: string;

beforeAll(async () => {
	file = await bigFile(SIZE, 11);
});
afterAll(() => rm(file.folder, { recursive: true }));
afterEach(() => stack?.close());

async function startBehindHostileTracker(): Promise<void> {
	stack = await Stack.start({
		content: file.folder,
		async trackerUrl(real) {
			const made = new HostileTracker(real);
			hostile = made;
			onTestFinished(() => made.close());
			return made.listen();
		},
	});
	url = `${stack.contentUrl}/${file.name}`;
}

/** A head that differs from the true one by `change`, signed by `key`. */
function resigned(catalog: Catalog, key: TestKey, change: (head: HeadPayload) => HeadPayload): Catalog {
	return { ...catalog, head: key.jws("rivulet-head", change(payloadOf(catalog.head) as HeadPayload)) };
}

/** Nothing of the catalog was used: the bytes are the origin's, and none were verified or shared. */
async function expectCatalogRefused(): Promise<void> {
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.page.waitForFunction(() => true);
	const download = await visitor.download(url);

	expect(hostile.changed).toBeGreaterThan(0);
	expect(download).toEqual({ status: 200, length: SIZE, sha256: file.sha256 });
	expect((await visitor.stats()).pieces.verified).toBe(0);
	expect(visitor.errors).toEqual([]);
}

test("the true catalog through the same program is taken", async () => {
	await startBehindHostileTracker();
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.download(url);

	expect((await visitor.stats()).pieces.verified).toBe(SIZE / 262144);
});

test("a head signed by a stranger's key is refused", async () => {
	await startBehindHostileTracker();
	const stranger = TestKey.stranger();
	hostile.change = (catalog) => resigned(catalog, stranger, (head) => head);

	await expectCatalogRefused();
});

test("a stranger's whole catalog, root key and all, is refused by the pinned key", async () => {
	await startBehindHostileTracker();
	const root = TestKey.stranger();
	hostile.change = (catalog) => {
		const delegation = payloadOf(catalog.delegations[0] ?? "") as Record<string, unknown>;
		return {
			...resigned(catalog, root, (head) => head),
			rootKey: root.x,
			delegations: [root.jws("rivulet-delegation", { ...delegation, key: root.x })],
		};
	};

	await expectCatalogRefused();
});

test("an expired head is refused", async () => {
	await startBehindHostileTracker();
	const online = await TestKey.online(stack);
	hostile.change = (catalog) =>
		resigned(catalog, online, (head) => ({
			...head,
			issuedAt: head.issuedAt - 200_000,
			notAfter: head.issuedAt - 100_000,
		}));

	await expectCatalogRefused();
});

test("a head of before is refused by a page that has seen a later one, also after a reload", async () => {
	await startBehindHostileTracker();
	let old: Catalog | undefined;
	hostile.change = (catalog) => {
		old ??= catalog;
		return catalog;
	};
	const visitor = await Visitor.arrive(stack, 1);
	await visitor.open();
	await visitor.download(url); // the store has the old version now
	const later = await bigFile(SIZE - 1000, 12);
	stack.onClose(() => rm(later.folder, { recursive: true }));
	stack.serve(later.folder);
	await stack.publish(later.folder);
	await visitor.open();
	expect((await visitor.download(url)).sha256).toBe(later.sha256);

	const first = old;
	if (!first) throw new Error("no catalog passed through the hostile tracker");
	const before = hostile.changed;
	hostile.change = () => first;
	await visitor.open();
	const download = await visitor.download(url);

	expect(hostile.changed).toBeGreaterThan(before);
	expect(download.sha256).toBe(later.sha256);
});
