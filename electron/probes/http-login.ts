/** Passwords and tokens of the http check: fetched by name, put into one header, and kept out of everything that is written down. */
import type { HttpConfig } from '../../shared/checks/http-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { ProbeContext } from './types.ts';

export interface Login {
  /** Value of the Authorization header; null where none is sent. */
  authorization: string | null;
  /** Takes the secret out of what a server sent back. */
  scrub(text: string): string;
}

const none: Login = { authorization: null, scrub: (text) => text };

/** @returns failure `no-secret` where the named secret is not set, or cannot stand in a header */
export function loginFor(config: Pick<HttpConfig, 'auth'>, ctx: ProbeContext): Result<Login, Failure> {
  const auth = config.auth;
  if (!auth) return ok(none);
  const name = auth.basic?.passwordSecret ?? auth.bearerSecret ?? '';
  const secret = ctx.secret(name);
  if (secret === undefined) return fail({ code: 'no-secret', detail: `the secret "${name}" is not set on this desk` });
  if (!auth.basic) {
    if (!/^[\x21-\x7e]+$/.test(secret))
      return fail({ code: 'no-secret', detail: `the secret "${name}" holds characters that a token cannot have` });
    return ok({ authorization: `Bearer ${secret}`, scrub: scrubber([secret]) });
  }
  const packed = Buffer.from(`${auth.basic.user}:${secret}`, 'utf8').toString('base64');
  return ok({ authorization: `Basic ${packed}`, scrub: scrubber([packed, secret, encodeURIComponent(secret)]) });
}

/** A page may show the password that it was sent; very short ones would tear holes into everything and hide nothing. */
const scrubber = (secrets: string[]) => {
  const hidden = secrets.filter((it) => it.length >= 3);
  return (text: string): string => hidden.reduce((rest, it) => rest.replaceAll(it, '•••'), text);
};
