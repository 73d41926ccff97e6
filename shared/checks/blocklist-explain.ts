/** What blocklists say, or do not say, in words. */
import type { ListSilence } from '../mail/blocklist-answer.ts';
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

/** After the name of the list. */
export const silenceWords: Record<ListSilence, (detail: string) => string> = {
  'blocked-resolver': () => 'does not answer this resolver',
  'too-many-queries': () => 'was asked too often by this resolver',
  'wrong-name': () => 'says that its name is mistyped',
  'no-list': (detail) => `answers ${detail}, which is no answer of a blocklist`,
  'dead-list': () => 'does not list its own test entry: it is dead, or does not answer this resolver',
  'lists-everything': () => 'lists everything, even what nobody may list',
  'no-ipv6': () => 'keeps no IPv6 addresses',
  'no-answer': (detail) => (detail === '' ? 'does not answer' : `does not answer: ${detail}`),
};

type Advice = Pick<Explanation, 'means' | 'todo'>;
const notKnown = 'Nothing is known about it: it may be listed or not.';
const otherResolver: Advice = {
  means: notKnown,
  todo: 'Ask by a resolver of your own (setting `server`): lists turn away public resolvers and busy ones. Some want you to register with them first.',
};
const deadList: Advice = {
  means: notKnown,
  todo: 'Look at the web site of the list whether it still exists, and take it off the settings if it does not.',
};

const advice: Record<string, Advice> = {
  ok: { means: 'No receiver refuses mail for that reason.', todo: 'Nothing.' },
  listed: {
    means: 'Receivers that use the list refuse mail from there, or take it for spam; others are not affected.',
    todo: 'First find and stop what caused it: a taken-over account, a form that sends mail, a queue of spam. Then ask the list for removal on its web site.',
  },
  'blocked-resolver': otherResolver,
  'too-many-queries': otherResolver,
  'wrong-name': { means: notKnown, todo: 'Look at the names of the lists in the settings.' },
  'no-list': deadList,
  'dead-list': deadList,
  'lists-everything': {
    means: 'Its answers count for nothing. Receivers that still use it refuse all mail, which is their own fault.',
    todo: deadList.todo,
  },
  'no-ipv6': { means: notKnown, todo: 'Add a list that keeps IPv6 addresses, such as zen.spamhaus.org.' },
};
const lookHere: Advice = { means: notKnown, todo: 'Look whether the resolver answers at all, and at the transcript.' };

export const blocklistAdvice = ({ reason }: Verdict): Advice => advice[reason] ?? lookHere;
