/** What the "Add a server" dialog knows and how it moves on. Pure, so that it can be tried without a window. */
import { z } from 'zod';
import type { Discovery } from '../../shared/contract.ts';
import { type Group, idSchema } from '../../shared/model/words.ts';

/** What is asked of mail only. */
export type MailField = 'domain' | 'mailbox' | 'secret';
type AddField = 'address' | 'id' | 'checks' | MailField;

/** The one state of the dialog. Text that was typed stays, whatever fails. */
export interface AddTarget {
  stage: 'ask' | 'looking' | 'choose' | 'adding';
  /** Counts looks and additions, so that a late answer to an older one is told apart. */
  run: number;
  address: string;
  discovery: Discovery | null;
  /** Positions in `discovery.proposals`. */
  ticked: readonly number[];
  id: string;
  /** The id was typed, not suggested: leave it alone. */
  idOwn: boolean;
  name: string;
  site: string | null;
  group: Group;
  /** Of a mail server. The domain is suggested until it is typed. */
  mail: Record<MailField, string>;
  domainOwn: boolean;
  errors: Partial<Record<AddField, string>>;
  /** Why the last request was not done, in plain words. */
  failure: string | null;
}

export type AddAction =
  | { do: 'type'; field: 'address' | 'id' | 'name' | MailField; text: string }
  | { do: 'site'; site: string | null }
  | { do: 'group'; group: Group }
  | { do: 'tick'; index: number; on: boolean }
  | { do: 'look'; taken: readonly string[] }
  | { do: 'found'; run: number; discovery: Discovery; taken: readonly string[] }
  | { do: 'failed'; run: number; text: string }
  | { do: 'cancel' }
  | { do: 'add'; taken: readonly string[] };

export const startAdding = (group: Group): AddTarget => ({
  stage: 'ask',
  run: 0,
  address: '',
  discovery: null,
  ticked: [],
  id: '',
  idOwn: false,
  name: '',
  site: null,
  group,
  mail: { domain: '', mailbox: '', secret: '' },
  domainOwn: false,
  errors: {},
  failure: null,
});

/** An id for an address: "web1.example.net" gives "web1", "2001:db8::1" gives "2001-db8-1"; numbered where it is taken. */
export function suggestId(address: string, taken: readonly string[]): string {
  const plain = address.trim().toLowerCase();
  const first = /^[0-9.]+$/.test(plain) || plain.includes(':') ? plain : (plain.split('.')[0] ?? plain);
  const base =
    first
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
      .slice(0, 58) || 'server';
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

/** "mail.example.net" serves mail of "example.net", most likely; nothing can be told of an IP address. */
export function suggestDomain(address: string): string {
  const plain = address.trim().toLowerCase().replace(/\.$/, '');
  if (/^[0-9.]+$/.test(plain) || plain.includes(':')) return '';
  const labels = plain.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : labels.length === 2 ? plain : '';
}

/** What is wrong with the fields of mail, in plain words. */
function mailProblems({ domain, mailbox, secret }: AddTarget['mail']): Partial<Record<MailField, string>> {
  const address = mailbox.trim();
  const name = secret.trim();
  return {
    ...(z.hostname().safeParse(domain.trim()).success ? {} : { domain: 'Type the domain whose mail it serves, such as example.net.' }),
    ...(address === '' || z.email().safeParse(address).success
      ? {}
      : { mailbox: 'This is no e-mail address. Type one such as nightdesk@example.net.' }),
    ...(name === '' || idSchema.safeParse(name).success
      ? name !== '' && address === ''
        ? { mailbox: 'Type the address of the mailbox that this password is for.' }
        : {}
      : { secret: 'The name of a secret has only lower-case letters, digits, dot, dash and underscore.' }),
  };
}

/** @returns what is wrong with an id, in plain words, or null */
export function idProblem(id: string, taken: readonly string[]): string | null {
  if (id === '') return 'Give it an id. It names the server in the inventory file.';
  if (!idSchema.safeParse(id).success)
    return 'Only lower-case letters, digits, dot, dash and underscore; it starts with a letter or a digit.';
  return taken.includes(id) ? `"${id}" is in the inventory already. Choose another id.` : null;
}

/** @returns the next state; `looking` and `adding` want a request with the new `run` */
export function stepAdding(state: AddTarget, action: AddAction): AddTarget {
  switch (action.do) {
    case 'type': {
      const errors = { ...state.errors, [action.field]: undefined };
      if (action.field === 'id') return { ...state, id: action.text, idOwn: true, errors };
      if (action.field === 'domain' || action.field === 'mailbox' || action.field === 'secret') {
        const mail = { ...state.mail, [action.field]: action.text };
        return { ...state, mail, domainOwn: state.domainOwn || action.field === 'domain', errors };
      }
      return { ...state, [action.field]: action.text, errors };
    }
    case 'site':
      return { ...state, site: action.site };
    case 'group':
      return { ...state, group: action.group };
    case 'tick': {
      const others = state.ticked.filter((index) => index !== action.index);
      return {
        ...state,
        ticked: action.on ? [...others, action.index].sort((a, b) => a - b) : others,
        errors: { ...state.errors, checks: undefined },
      };
    }
    case 'look': {
      if (state.stage === 'looking' || state.stage === 'adding') return state;
      const address = state.address.trim();
      if (address === '') return { ...state, errors: { address: 'Type a name or an address, such as web1.example.net or 192.0.2.10.' } };
      return { ...state, stage: 'looking', run: state.run + 1, errors: {}, failure: null };
    }
    case 'found': {
      if (state.stage !== 'looking' || action.run !== state.run) return state;
      const ticked = action.discovery.proposals.flatMap((proposal, index) => (proposal.recommended ? [index] : []));
      const id = state.idOwn ? state.id : suggestId(action.discovery.address, action.taken);
      const domain = state.domainOwn ? state.mail.domain : suggestDomain(action.discovery.address);
      return {
        ...state,
        stage: 'choose',
        discovery: action.discovery,
        ticked,
        id,
        mail: { ...state.mail, domain },
        errors: {},
        failure: null,
      };
    }
    case 'failed':
      if (action.run !== state.run || (state.stage !== 'looking' && state.stage !== 'adding')) return state;
      return { ...state, stage: state.stage === 'looking' ? 'ask' : 'choose', failure: action.text };
    case 'cancel':
      return { ...state, stage: 'ask', run: state.run + 1, discovery: null, ticked: [], errors: {}, failure: null };
    case 'add': {
      if (state.stage !== 'choose') return state;
      const problem = idProblem(state.id.trim(), action.taken);
      const errors = {
        ...(problem ? { id: problem } : {}),
        ...(state.ticked.length === 0 ? { checks: 'Tick at least one check.' } : {}),
        ...(state.group === 'mail' ? mailProblems(state.mail) : {}),
      };
      if (Object.keys(errors).length > 0) return { ...state, errors };
      return { ...state, stage: 'adding', run: state.run + 1, errors: {}, failure: null };
    }
  }
}

/** What `addHost` is asked for once the dialog is at `adding`. */
export const addHostInput = (state: AddTarget) => ({
  id: state.id.trim(),
  name: state.name.trim() || null,
  address: state.address.trim(),
  site: state.site,
  group: state.group,
  checks: state.ticked.flatMap((index) => state.discovery?.proposals[index]?.check ?? []),
  ...(state.group === 'mail' && {
    mail: {
      domain: state.mail.domain.trim(),
      mailbox: state.mail.mailbox.trim() || null,
      passwordSecret: state.mail.secret.trim() || null,
      families: ([4, 6] as const).filter((family) => state.discovery?.resolved.some((it) => it.includes(':') === (family === 6))),
    },
  }),
});
