/** The outcome of anything that is expected to fail now and then. Thrown errors are for bugs only. */
export type Result<T, F> = { ok: true; value: T } | { ok: false; failure: F };

/** Wraps a success. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

/** Wraps an expected failure. */
export const fail = <F>(failure: F): Result<never, F> => ({ ok: false, failure });

/** Closes a switch over a union: the compiler complains when a case is forgotten. Throws, as reaching it is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
