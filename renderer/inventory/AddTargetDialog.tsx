/** "Add a server": a name or an address, what answers there, which of it to check, and where it belongs. add-target.ts holds its logic. */
import { Radar } from 'lucide-react';
import { useEffect, useReducer, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Proposal } from '../../shared/contract.ts';
import { type Group, groups } from '../../shared/model/words.ts';
import { count, listOf } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { say } from '../state/view.ts';
import { type AddTarget, addHostInput, type MailField, startAdding, stepAdding } from './add-target.ts';
import css from './Inventory.module.css';

const title: Record<Group, string> = { servers: 'Add a server', links: 'Add a link', mail: 'Add a mail server' };
const groupTitle: Record<Group, string> = { servers: 'Servers', links: 'Datacenter links', mail: 'Mail stack' };

export function AddTargetDialog({ open, onClose, initialGroup }: { open: boolean; onClose(): void; initialGroup: Group }) {
  return open ? <AddTargetForm onClose={onClose} initialGroup={initialGroup} /> : null;
}

function AddTargetForm({ onClose, initialGroup }: { onClose(): void; initialGroup: Group }) {
  const [state, act] = useReducer(stepAdding, initialGroup, startAdding);
  const taken = useLive(useShallow((live) => Object.keys(live.tables.subjects)));
  const newestTaken = useRef(taken);
  newestTaken.current = taken;
  const newestState = useRef(state);
  newestState.current = state;

  // Each run of looking or adding asks once; a late answer carries its run and is told apart by the reducer.
  useEffect(() => {
    const { stage, address } = newestState.current;
    const run = state.run;
    if (stage === 'looking') {
      void engine.discover({ address: address.trim() }).then((reply) => {
        if (reply.ok) act({ do: 'found', run, discovery: reply.value, taken: newestTaken.current });
        else act({ do: 'failed', run, text: reply.failure.text });
      });
    }
    if (stage === 'adding') {
      const input = addHostInput(newestState.current);
      void engine.addHost(input).then((reply) => {
        if (!reply.ok) return act({ do: 'failed', run, text: reply.failure.text });
        say(`${input.name ?? input.id} is watched from now on: ${count(input.checks.length, 'check')}.`);
        onClose();
      });
    }
  }, [state.run, onClose]);

  const found = state.discovery !== null && (state.stage === 'choose' || state.stage === 'adding');
  // Esc while it looks ends the look, not the dialog.
  const close = () => (state.stage === 'looking' ? act({ do: 'cancel' }) : onClose());
  const none = found && state.discovery?.proposals.length === 0;

  return (
    <Dialog
      open
      onClose={close}
      keepOpen={state.address.trim() !== ''}
      title={found ? `What answers at ${state.discovery?.address ?? state.address.trim()}` : title[initialGroup]}
      description={found ? undefined : 'Its name or address is enough. The desk looks what answers there and proposes what to check.'}
      onSubmit={() => act(found ? { do: 'add', taken } : { do: 'look', taken })}
      footer={<Footer state={state} found={found} none={none} onClose={close} onBack={() => act({ do: 'cancel' })} />}
    >
      {state.failure && found && (
        <div className={css.above}>
          <Notice tone="bad" title="It was not added.">
            {state.failure}
          </Notice>
        </div>
      )}
      {!found && (
        <>
          <Field
            label="Name or address"
            error={state.errors.address ?? state.failure}
            help="Such as web1.example.net, 192.0.2.10 or 2001:db8::10"
          >
            {(tie) => (
              <input
                {...tie}
                autoFocus
                value={state.address}
                maxLength={253}
                spellCheck={false}
                autoComplete="off"
                readOnly={state.stage === 'looking'}
                onChange={(event) => act({ do: 'type', field: 'address', text: event.target.value })}
              />
            )}
          </Field>
          {state.stage === 'looking' && (
            <p className={css.looking} role="status">
              <Radar className={css.turning} aria-hidden />
              Looking what answers at {state.address.trim()}. This takes a few seconds; Esc ends it.
            </p>
          )}
        </>
      )}
      {found && state.discovery && (
        <>
          {state.discovery.resolved.some((address) => address !== state.discovery?.address) && (
            <p className={css.resolved}>The name stands for {listOf(state.discovery.resolved, 4)}.</p>
          )}
          {none ? (
            <Notice tone="warn" title="Nothing answered.">
              Neither ping nor any of the usual ports. Check the address, or that a firewall lets this computer through, and look again.
            </Notice>
          ) : (
            <Proposals state={state} onTick={(index, on) => act({ do: 'tick', index, on })} />
          )}
          {!none && <Belongs state={state} act={act} />}
        </>
      )}
    </Dialog>
  );
}

function Footer({
  state,
  found,
  none,
  onClose,
  onBack,
}: {
  state: AddTarget;
  found: boolean;
  none: boolean;
  onClose(): void;
  onBack(): void;
}) {
  if (found) {
    return (
      <>
        <Button onClick={onBack} disabled={state.stage === 'adding'}>
          Another address
        </Button>
        {!none && (
          <Button variant="primary" type="submit" busy={state.stage === 'adding'}>
            {state.stage === 'adding' ? 'Adding…' : 'Add'}
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      <Button onClick={onClose}>{state.stage === 'looking' ? 'Stop looking' : 'Cancel'}</Button>
      <Button variant="primary" type="submit" busy={state.stage === 'looking'}>
        {state.stage === 'looking' ? 'Looking…' : 'Look'}
      </Button>
    </>
  );
}

function Proposals({ state, onTick }: { state: AddTarget; onTick(index: number, on: boolean): void }) {
  const list = useRef<HTMLFieldSetElement>(null);
  // The field that had the focus is gone: the first proposal takes it.
  useEffect(() => list.current?.querySelector('input')?.focus(), []);
  return (
    <fieldset ref={list} className={css.proposals} aria-describedby={state.errors.checks ? 'add-checks-error' : undefined}>
      <legend>Check this</legend>
      {state.discovery?.proposals.map((proposal, index) => (
        <label key={proposalKey(proposal)} className={css.proposal}>
          <input type="checkbox" checked={state.ticked.includes(index)} onChange={(event) => onTick(index, event.target.checked)} />
          <span>{proposal.seen}</span>
          <code>{proposal.check.name ?? proposal.check.type}</code>
        </label>
      ))}
      {state.errors.checks && (
        <p id="add-checks-error" className={css.error} role="alert">
          {state.errors.checks}
        </p>
      )}
    </fieldset>
  );
}
const proposalKey = (proposal: Proposal): string => JSON.stringify(proposal.check);

function Belongs({ state, act }: { state: AddTarget; act(action: Parameters<typeof stepAdding>[1]): void }) {
  const sites = useLive(useShallow((live) => Object.values(live.tables.subjects).filter((subject) => subject.kind === 'site')));
  return (
    <div className={css.belongs}>
      <Field
        label="Id"
        error={state.errors.id}
        help="How the inventory file calls it; it cannot be changed later without losing its history."
      >
        {(tie) => (
          <input
            {...tie}
            value={state.id}
            maxLength={63}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => act({ do: 'type', field: 'id', text: event.target.value })}
          />
        )}
      </Field>
      <Field label="Name" optional help="How the screens call it. Left empty, the id.">
        {(tie) => (
          <input
            {...tie}
            value={state.name}
            maxLength={120}
            onChange={(event) => act({ do: 'type', field: 'name', text: event.target.value })}
          />
        )}
      </Field>
      <Field label="Site" help={sites.length === 0 ? 'There is no site yet; add one first if you want it to belong to one.' : undefined}>
        {(tie) => (
          <select {...tie} value={state.site ?? ''} onChange={(event) => act({ do: 'site', site: event.target.value || null })}>
            <option value="">No site</option>
            {sites.map((site) => (
              <option key={site.id} value={site.id}>
                {site.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {state.group === 'mail' && <OfMail state={state} act={act} />}
      <Field label="Group">
        {(tie) => (
          <select {...tie} value={state.group} onChange={(event) => act({ do: 'group', group: event.target.value as Group })}>
            {groups.map((group) => (
              <option key={group} value={group}>
                {groupTitle[group]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

const mailFields: readonly { field: MailField; label: string; help: string; optional: boolean }[] = [
  { field: 'domain', label: 'Mail domain', help: 'The part after the @, such as example.net.', optional: false },
  {
    field: 'mailbox',
    label: 'Test mailbox',
    help: 'An address for Nightdesk alone: messages are sent to it and deleted there. Left empty, nobody logs in.',
    optional: true,
  },
  {
    field: 'secret',
    label: 'Secret with its password',
    help: 'The name of a secret, such as mail-probe. Set the password itself in the settings, under Secrets.',
    optional: true,
  },
];

function OfMail({ state, act }: { state: AddTarget; act(action: Parameters<typeof stepAdding>[1]): void }) {
  return mailFields.map(({ field, label, help, optional }) => (
    <Field key={field} label={label} optional={optional} error={state.errors[field]} help={help}>
      {(tie) => (
        <input
          {...tie}
          value={state.mail[field]}
          maxLength={253}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => act({ do: 'type', field, text: event.target.value })}
        />
      )}
    </Field>
  ));
}
