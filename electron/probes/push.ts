/** Looks up what the push listener has heard; nothing is sent anywhere. */
import { leastTokenLength, type PushConfig, type PushFacts } from '../../shared/checks/push.ts';
import type { Probe } from './types.ts';

/** Characters that stand in a URL as they are (RFC 3986, unreserved). */
const tokenForm = /^[A-Za-z0-9._~-]+$/;

/** Whether a secret can be the token of a heartbeat. */
export const isToken = (secret: string): boolean => secret.length >= leastTokenLength && secret.length <= 200 && tokenForm.test(secret);

export const probePush: Probe<PushConfig, PushFacts> = async (config, context) => {
  const token = context.secret(config.token);
  if (token === undefined) return { failure: { code: 'no-secret', detail: `the secret "${config.token}" is not set on this desk` } };
  if (!isToken(token))
    return {
      failure: {
        code: 'no-secret',
        detail: `the secret "${config.token}" can be no token: ${leastTokenLength} to 200 letters, digits, dashes, dots, underscores or tildes are`,
      },
    };
  const pushed = context.pushed(config.token);
  const at = context.now();
  if (!pushed) {
    context.note('nobody listens for calls');
    return { at };
  }
  const { since, last } = pushed;
  context.note(last ? `the last call came at ${new Date(last.at).toISOString()}` : 'no call has come so far');
  return { at, since, ...(last && { lastAt: last.at, status: last.status, text: last.text }) };
};
