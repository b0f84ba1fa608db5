/** The package's version, put in by build.mjs. */
declare const __RIVULET_VERSION__: string;
