/**
 * What `index.ts` may know of the dedicated worker: the page's type check has no worker globals, so it reads this
 * declaration where the bundler reads `dedicated.ts` (see `#worker` in package.json).
 */
export declare function startDedicatedWorker(): void;
