/** The client's version, put in by the build. */
declare const __RIVULET_VERSION__: string;
/** Hash of the engine's script (W3C Subresource Integrity), put in by the build. */
declare const __RIVULET_ENGINE_INTEGRITY__: string;
