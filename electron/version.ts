import manifest from '../package.json' with { type: 'json' };

/** The version of Nightdesk, from package.json (bundled at build time). */
export const version: string = manifest.version;
