import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddAction,
  type AddTarget,
  addHostInput,
  idProblem,
  startAdding,
  stepAdding,
  suggestDomain,
  suggestId,
} from '../../../renderer/inventory/add-target.ts';
import type { Discovery } from '../../../shared/contract.ts';
import { idSchema } from '../../../shared/model/words.ts';

const discovery: Discovery = {
  address: 'web1.example.net',
  resolved: ['192.0.2.10'],
  proposals: [
    { seen: 'Answers ping, 3 ms', recommended: true, check: { type: 'icmp' } },
    { seen: 'SSH', recommended: false, check: { type: 'tcp', port: 22 } },
    { seen: 'HTTPS, 200', recommended: true, check: { type: 'http', url: 'https://web1.example.net/' } },
  ],
};
const run = (actions: AddAction[], from: AddTarget = startAdding('servers')) => actions.reduce(stepAdding, from);
const typed: AddAction = { do: 'type', field: 'address', text: ' web1.example.net ' };
const look: AddAction = { do: 'look', taken: [] };
const found: AddAction = { do: 'found', run: 1, discovery, taken: ['db1'] };

describe('adding a server', () => {
  it('looks, ticks what is recommended, suggests an id and asks for the addition', () => {
    const chosen = run([typed, look, found]);
    expect(chosen).toMatchObject({ stage: 'choose', ticked: [0, 2], id: 'web1' });
    const adding = run(
      [
        { do: 'tick', index: 1, on: true },
        { do: 'tick', index: 0, on: false },
        { do: 'add', taken: ['db1'] },
      ],
      chosen,
    );
    expect(adding.stage).toBe('adding');
    expect(addHostInput(adding)).toEqual({
      id: 'web1',
      name: null,
      address: 'web1.example.net',
      site: null,
      group: 'servers',
      checks: [discovery.proposals[1]?.check, discovery.proposals[2]?.check],
    });
  });

  describe('of mail', () => {
    const mail: Discovery = { ...discovery, address: 'mail.example.net', resolved: ['192.0.2.25', '2001:db8::25'] };
    const chosen = () =>
      run([{ ...typed, text: 'mail.example.net' } as AddAction, look, { ...found, discovery: mail } as AddAction], startAdding('mail'));
    const type = (field: 'domain' | 'mailbox' | 'secret', text: string): AddAction => ({ do: 'type', field, text });
    const add: AddAction = { do: 'add', taken: [] };

    it('asks for the domain, which it suggests, and for a mailbox', () => {
      expect(chosen().mail).toEqual({ domain: 'example.net', mailbox: '', secret: '' });
      expect(addHostInput(run([add], chosen())).mail).toEqual({
        domain: 'example.net',
        mailbox: null,
        passwordSecret: null,
        families: [4, 6],
      });
      const full = run(
        [type('domain', ' example.org '), type('mailbox', 'probe@example.org'), type('secret', 'mail-probe'), add],
        chosen(),
      );
      expect(full.stage).toBe('adding');
      expect(addHostInput(full).mail).toMatchObject({ domain: 'example.org', mailbox: 'probe@example.org', passwordSecret: 'mail-probe' });
    });

    it('leaves a domain alone that was typed', () => {
      const again = run(
        [type('domain', 'example.org'), { do: 'cancel' }, look, { ...found, run: 3, discovery: mail } as AddAction],
        chosen(),
      );
      expect(again.mail.domain).toBe('example.org');
    });

    it.each<[string, AddAction[], string[]]>([
      ['no domain', [type('domain', '')], ['domain']],
      ['no domain at all', [type('domain', 'a b')], ['domain']],
      ['a mailbox that is none', [type('mailbox', 'probe')], ['mailbox']],
      ['a password where the name of a secret belongs', [type('mailbox', 'a@example.net'), type('secret', 'Battery Staple')], ['secret']],
      ['a secret without a mailbox', [type('secret', 'mail-probe')], ['mailbox']],
    ])('says what is wrong with %s', (_name, actions, fields) => {
      const state = run([...actions, add], chosen());
      expect(Object.keys(state.errors).filter((it) => state.errors[it as keyof typeof state.errors])).toEqual(fields);
      expect(state.stage).toBe('choose');
    });

    it('asks nothing of it for other things', () => {
      const server = run([type('domain', ''), { do: 'group', group: 'servers' }, add], chosen());
      expect(server.stage).toBe('adding');
      expect(addHostInput(server)).not.toHaveProperty('mail');
    });

    it.each([
      ['mail.example.net', 'example.net'],
      ['MX1.mail.example.net.', 'mail.example.net'],
      ['example.net', 'example.net'],
      ['localhost', ''],
      ['192.0.2.25', ''],
      ['2001:db8::25', ''],
    ])('%s suggests %o', (address, domain) => expect(suggestDomain(address)).toBe(domain));
  });

  it('keeps every text on failure, and goes back to where it was', () => {
    const failed = run([typed, look, { do: 'failed', run: 1, text: 'No answer.' }]);
    expect(failed).toMatchObject({ stage: 'ask', address: ' web1.example.net ', failure: 'No answer.' });
    const chosen = run([
      typed,
      look,
      found,
      { do: 'type', field: 'name', text: 'Web 1' },
      { do: 'add', taken: [] },
      { do: 'failed', run: 2, text: 'Disk full.' },
    ]);
    expect(chosen).toMatchObject({ stage: 'choose', name: 'Web 1', ticked: [0, 2], failure: 'Disk full.' });
  });

  it('ignores an answer that comes after it was cancelled', () => {
    const cancelled = run([typed, look, { do: 'cancel' }]);
    expect(stepAdding(cancelled, found)).toBe(cancelled);
    const again = stepAdding(cancelled, look);
    expect(stepAdding(again, found)).toBe(again);
    expect(stepAdding(again, { ...found, run: again.run } as AddAction).stage).toBe('choose');
  });

  it('leaves an id alone that was typed', () => {
    expect(
      run([
        typed,
        look,
        found,
        { do: 'type', field: 'id', text: 'mine' },
        { do: 'cancel' },
        look,
        { do: 'found', run: 3, discovery, taken: [] },
      ]).id,
    ).toBe('mine');
  });

  it.each<[string, AddAction[], Partial<AddTarget['errors']>]>([
    ['no address', [look], { address: expect.stringContaining('Type a name') as never }],
    ['an id that is taken', [typed, look, found, { do: 'add', taken: ['web1'] }], { id: expect.stringContaining('already') as never }],
    [
      'an id with a space',
      [typed, look, found, { do: 'type', field: 'id', text: 'Web 1' }, { do: 'add', taken: [] }],
      { id: expect.stringContaining('lower-case') as never },
    ],
    [
      'nothing ticked',
      [typed, look, found, { do: 'tick', index: 0, on: false }, { do: 'tick', index: 2, on: false }, { do: 'add', taken: [] }],
      { checks: 'Tick at least one check.' },
    ],
  ])('says what is wrong with %s', (_name, actions, errors) => {
    const state = run(actions);
    expect(state.errors).toEqual(errors);
    expect(['ask', 'choose']).toContain(state.stage);
  });
});

describe('suggested ids', () => {
  it.each([
    ['web1.example.net', [], 'web1'],
    ['web1.example.net', ['web1', 'web1-2'], 'web1-3'],
    ['192.0.2.10', [], '192.0.2.10'],
    ['2001:db8::1', [], '2001-db8-1'],
    ['-h', [], 'h'],
    ['::', [], 'server'],
  ])('%s beside %o is %s', (address, taken, id) => expect(suggestId(address, taken)).toBe(id));

  it('are always ids, whatever was typed (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (address, taken) => {
        const id = suggestId(address, taken);
        expect(idSchema.safeParse(id).success).toBe(true);
        expect(idProblem(id, taken)).toBeNull();
      }),
    );
  });
});
