/** Settings on their way from a mail entry to a check: each with its key within the check and its place in the file. */

export type Path = readonly (string | number)[];

export interface Said {
  key: readonly string[];
  value: unknown;
  path: Path;
}

/** One setting; none where it has no value. */
export const said = (key: string, value: unknown, path: Path): Said[] => (value === undefined ? [] : [{ key: [key], value, path }]);

/** The same settings in a group. */
export const within = (group: string, all: readonly Said[]): Said[] => all.map((it) => ({ ...it, key: [group, ...it.key] }));

const isGroup = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;

/** Every setting of a group as it is written, those of groups in it one by one, so that they lie over what is there. */
export function saidIn(group: Record<string, unknown>, path: Path): Said[] {
  return Object.entries(group).flatMap(([key, value]) =>
    isGroup(value) ? within(key, saidIn(value, [...path, key])) : said(key, value, [...path, key]),
  );
}

/** What a check is told all in all; later ones win. */
export function settingsOf(all: readonly Said[]): Record<string, unknown> {
  let settings: Record<string, unknown> = {};
  for (const { key, value } of all) settings = put(settings, key, value);
  return settings;
}

/** A computed key of a literal is always a key of its own, also "__proto__". */
function put(group: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  if (rest.length === 0) return { ...group, [key]: value };
  const inner = Object.hasOwn(group, key) ? group[key] : undefined;
  return { ...group, [key]: put(isGroup(inner) ? inner : {}, rest, value) };
}

/** Where a setting of a check stands in the file. @returns the place of the longest known beginning of its path, or null */
export function placeOfSetting(all: readonly Said[], path: Path): Path | null {
  for (let length = path.length; length > 0; length -= 1) {
    const found = all.findLast(
      ({ key, path: place }) => place.length > 0 && key.length === length && key.every((step, at) => step === path[at]),
    );
    if (found) return [...found.path, ...path.slice(length)];
  }
  // A whole group is wrong: where its first setting stands is near enough.
  return path.length === 0
    ? null
    : (all.findLast(({ key, path: place }) => place.length > 0 && path.every((step, at) => key[at] === step))?.path ?? null);
}
