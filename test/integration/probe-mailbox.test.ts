import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImap } from '../../electron/probes/imap-session.ts';
import { openPop3 } from '../../electron/probes/pop3-session.ts';
import { imap } from '../../shared/checks/imap.ts';
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { type MailboxType, tryMailbox } from '../support/mailbox-scripts.ts';
import { probeContext } from '../support/probe-context.ts';

/** Another address than the client's, so that Dovecot takes no password without encryption. */
const address = '127.0.0.2';
let stack: MailStack;
beforeAll(async () => {
  stack = await startMailStack({ dovecot: [`listen = 127.0.0.1, ${address}`] });
}, 30_000);
afterAll(() => stack?.stop());

type Door = [type: MailboxType, port: 'imap' | 'imaps' | 'pop3' | 'pop3s' | 'sieve', encryption: 'starttls' | 'tls'];
const doors: Door[] = [
  ['imap', 'imaps', 'tls'],
  ['imap', 'imap', 'starttls'],
  ['pop3', 'pop3s', 'tls'],
  ['pop3', 'pop3', 'starttls'],
  ['sieve', 'sieve', 'starttls'],
];
const settingsOf = ([, port, encryption]: Door): Record<string, unknown> => ({
  address,
  port: stack.ports[port],
  encryption,
  serverName: stack.serverName,
  caFile: stack.caFile,
  user: stack.mailbox.user,
  passwordSecret: 'word',
});
const secret = (): string => stack.mailbox.password;
const check = (door: Door, more: Record<string, unknown> = {}, options: Parameters<typeof tryMailbox>[2] = {}) =>
  tryMailbox(door[0], { ...settingsOf(door), ...more }, { secret: secret(), ...options });

/** Dovecot goes on for a second with what it read of its passwords before, and with what it could not read. */
async function checkUntil(door: Door, state: 'ok' | 'down') {
  let seen = await check(door);
  for (let tries = 0; seen.verdict.state !== state && tries < 15; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen = await check(door);
  }
  return seen;
}

describe.each(doors)('%s on port %s (%s)', (...door) => {
  const [type] = door;
  it('works', async () => {
    stack.put('Subject: one\r\n\r\nhello\r\n', { ageMs: 7_200_000 });
    const { verdict, facts } = await check(door);
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({ stage: 'done', login: 'accepted', address });
    expect(facts.protocol).toMatch(/^TLSv1\.[23]$/);
    expect(facts.banner).toContain('Dovecot');
    expect(facts.certificate).toMatchObject({ nameFits: true, trusted: true });
    if (type !== 'sieve') expect(facts.messages).toBeGreaterThan(0);
    if (door[2] === 'starttls') expect(facts.plainLogin).toBe(false);
  });
  it('greets without a log-in', async () => {
    const { verdict, facts } = await check(door, { user: undefined, passwordSecret: undefined });
    expect(verdict.state).toBe('ok');
    expect(facts.login).toBe('none');
  });
  it('wrong password', async () => {
    const { verdict, facts } = await check(door, { user: `nobody-${door[1]}@example.net` });
    expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
    expect(facts).toMatchObject({ stage: 'login', login: 'refused', refusals: 1 });
  });
  it('log-ins broken while it greets', async () => {
    const mend = stack.breakAuth();
    try {
      const { verdict, facts } = await checkUntil(door, 'down');
      expect(verdict).toMatchObject({ state: 'down', reason: 'server-unavailable' });
      expect(facts.login).toBeUndefined();
      expect(facts.serverError?.code).toBe({ imap: 'UNAVAILABLE', pop3: 'SYS/TEMP', sieve: 'TRYLATER' }[type]);
    } finally {
      await mend();
    }
    expect((await checkUntil(door, 'ok')).verdict.state).toBe('ok');
  });
  it('log-ins that get no answer', async () => {
    const mend = stack.stallAuth();
    try {
      // A process of Dovecot that is to serve a new connection waits for the one that checks passwords, too.
      expect((await check(door, {}, { timeoutMs: 600 })).verdict.reason).toMatch(/^(login-stalled|no-greeting|timeout)$/);
    } finally {
      await mend();
    }
    expect((await checkUntil(door, 'ok')).verdict.state).toBe('ok');
  });
  it('wants another name than the certificate has', async () => {
    const { verdict } = await check(door, { serverName: 'imap.example.org' });
    expect(verdict).toMatchObject({ state: 'down', reason: 'certificate-wrong-name' });
    expect((await check(door, { serverName: 'imap.example.org', certificate: 'any' })).verdict.state).toBe('ok');
  });
  it('knows the authority of nobody else', async () => {
    expect((await check(door, { caFile: undefined })).verdict).toMatchObject({ state: 'down', reason: 'certificate-untrusted' });
  });
});

describe.each(doors.filter(([, , encryption]) => encryption === 'starttls'))(
  '%s on port %s, where encryption is kept from coming about',
  (...door) => {
    it('no password is taken without it', async () => {
      expect((await check(door, { encryption: 'none' })).verdict).toMatchObject({ state: 'unknown', reason: 'login-needs-tls' });
    });
    it('STARTTLS is stripped on the way', async () => {
      const port = await stack.stripTls(door[1]);
      expect((await check(door, { address: '127.0.0.1', port })).verdict).toMatchObject({ state: 'down', reason: 'no-starttls' });
    });
  },
);

describe('certificates', () => {
  it.each([
    ['expired', 'down', 'certificate-expired'],
    ['wrong-name', 'down', 'certificate-wrong-name'],
    ['stranger', 'down', 'certificate-untrusted'],
    ['soon', 'degraded', 'certificate-expires-soon'],
    ['good', 'ok', 'ok'],
  ] as const)('%s', async (which, state, reason) => {
    await stack.certificate(which);
    for (const door of doors) {
      const { verdict, facts } = await check(door);
      expect([door[1], verdict.state, verdict.reason]).toEqual([door[1], state, reason]);
      // No password goes to somebody who may be anybody.
      if (state === 'down') expect([facts.stage, facts.login]).toEqual(['tls', undefined]);
    }
  });
});

describe('a mailbox', () => {
  const imaps = doors[0] as Door;
  const pop3s = doors[2] as Door;
  it('over its quota can still be read', async () => {
    const mend = await stack.overQuota();
    try {
      for (const door of [imaps, pop3s]) expect((await check(door)).verdict).toMatchObject({ state: 'ok' });
    } finally {
      await mend();
    }
  });
  it('that is not there', async () => {
    expect((await check(imaps, { mailbox: 'Entwürfe & more' })).verdict).toMatchObject({ state: 'down', reason: 'no-mailbox' });
  });
  it('with a backlog: its count, its oldest and its newest, and how it grows', async () => {
    const user = stack.intake.user;
    const now = Date.now();
    const ages = [30, 5, 4, 3, 2].map((hours) => hours * 3_600_000);
    for (const ageMs of ages) stack.put('Subject: ticket\r\n\r\nhelp\r\n', { user, ageMs });
    const memory = {};
    const limits = { user, oldestDegraded: '4h', oldestDown: '1d', countDegraded: 3, newestDegraded: '1h', growthDegraded: 100 };
    const first = await check(imaps, limits, { memory });
    expect(first.verdict).toMatchObject({ state: 'down', reason: 'backlog-old' });
    expect(first.verdict.text).toContain('has been there for 1 d 6 h');
    expect(first.facts).toMatchObject({ messages: 5, unseen: 5 });
    const { oldestAt = 0, newestAt = 0, growthPerHour } = first.facts as { oldestAt?: number; newestAt?: number; growthPerHour?: number };
    expect(Math.abs(now - 30 * 3_600_000 - oldestAt)).toBeLessThan(5_000);
    expect(Math.abs(now - 2 * 3_600_000 - newestAt)).toBeLessThan(5_000);
    expect(growthPerHour).toBeUndefined();
    const kept = (memory as { value: { samples: { at: number }[] } }).value.samples;
    for (const it of kept) it.at -= 30 * 60_000;
    for (let more = 0; more < 70; more += 1) stack.put('Subject: ticket\r\n\r\nhelp\r\n', { user });
    const second = await check(imaps, limits, { memory });
    expect(second.facts).toMatchObject({ messages: 75 });
    expect((second.facts as { growthPerHour?: number }).growthPerHour).toBeCloseTo(140, -1);
    expect(second.verdict.text).toContain('per hour');
    // Reading it changed nothing.
    expect(stack.messages(user)).toHaveLength(75);
  });
});

describe('sessions, as a round trip uses them', () => {
  const login = (door: Door) => imap.config.parse(settingsOf(door));
  it('imap: finds, reads and deletes its own messages and no others', async () => {
    const user = stack.mailbox.user;
    const before = stack.messages(user).length;
    stack.put('X-Nightdesk-Probe: tag-1\r\nSubject: "ours" {4294967296}\r\n\r\nbody\r\n', { user });
    stack.put('X-Nightdesk-Probe: tag-2\r\nSubject: theirs\r\n\r\nbody\r\n', { user });
    const facts: MailboxFacts = {};
    const opened = await openImap(login(doors[0] as Door), facts, probeContext({ secrets: { word: secret() } }));
    if (!opened.ok) throw new Error(opened.failure.detail);
    const session = opened.value;
    expect(await session.select('INBOX')).toMatchObject({ ok: true, value: { messages: before + 2 } });
    const found = await session.searchHeader('X-Nightdesk-Probe', 'tag-1');
    if (!found.ok) throw new Error(found.failure.detail);
    expect(found.value).toHaveLength(1);
    const [uid = 0] = found.value;
    expect(await session.fetchHeader(uid)).toMatchObject({ ok: true, value: expect.stringContaining('Subject: "ours" {4294967296}') });
    expect(await session.fetchHeader(999_999)).toEqual({ ok: true, value: null });
    expect(await session.searchHeader('X-Nightdesk-Probe', 'no " such \\ tag')).toEqual({ ok: true, value: [] });
    expect(await session.deleteUids(found.value)).toEqual({ ok: true, value: null });
    expect(await session.noop()).toEqual({ ok: true, value: null });
    session.logout();
    expect(stack.messages(user)).toHaveLength(before + 1);
  });
  it('pop3: finds, reads and deletes', async () => {
    const user = stack.mailbox.user;
    stack.put('X-Nightdesk-Probe: tag-3\r\nSubject: ours\r\n\r\n.dot\r\n', { user });
    const before = stack.messages(user).length;
    const facts: MailboxFacts = {};
    const opened = await openPop3(login(doors[2] as Door), facts, probeContext({ secrets: { word: secret() } }));
    if (!opened.ok) throw new Error(opened.failure.detail);
    const session = opened.value;
    const told = await session.stat();
    expect(told).toMatchObject({ ok: true, value: { messages: before } });
    expect(await session.list()).toMatchObject({ ok: true, value: { length: before } });
    const ids = await session.uidl();
    if (!ids.ok) throw new Error(ids.failure.detail);
    expect(new Set(ids.value.map((it) => it.uid)).size).toBe(before);
    let ours = 0;
    for (const { number } of ids.value) {
      const top = await session.top(number, 5);
      if (top.ok && top.value?.includes('tag-3')) ours = number;
    }
    expect(await session.top(ours, 5)).toMatchObject({ ok: true, value: expect.stringMatching(/\r\n\.dot$/) });
    expect(await session.top(9_999, 0)).toEqual({ ok: true, value: null });
    expect(await session.dele(ours)).toEqual({ ok: true, value: null });
    expect(await session.dele(9_999)).toMatchObject({ ok: false, failure: { code: 'server-error' } });
    expect(await session.quit()).toEqual({ ok: true, value: null });
    expect(stack.messages(user)).toHaveLength(before - 1);
  });
});

describe('Dovecot stopped', () => {
  it('in the middle of a session', async () => {
    const facts: MailboxFacts = {};
    const opened = await openImap(imap.config.parse(settingsOf(doors[0] as Door)), facts, probeContext({ secrets: { word: secret() } }));
    if (!opened.ok) throw new Error(opened.failure.detail);
    await stack.stopDovecot();
    try {
      const answer = await opened.value.examine('INBOX');
      expect(answer.ok ? 'opened' : answer.failure.code).toMatch(/^(server-error|closed|reset)$/);
      opened.value.logout();
    } finally {
      await stack.startDovecot();
    }
  });
  it('nobody listens; afterwards all is well again', async () => {
    await stack.stopDovecot();
    try {
      for (const door of doors) expect((await check(door)).verdict).toMatchObject({ state: 'down', reason: 'refused' });
    } finally {
      await stack.startDovecot();
    }
    for (const door of doors) expect((await check(door)).verdict.state).toBe('ok');
  });
});
