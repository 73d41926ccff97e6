/** "Add a site": a datacenter, with the zone its people live in. */
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { isZone } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import { idProblem, suggestId } from './add-target.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function AddSiteDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  return open ? <AddSiteForm onClose={onClose} /> : null;
}

function AddSiteForm({ onClose }: { onClose(): void }) {
  const ours = useZone();
  const taken = useLive(useShallow((live) => Object.keys(live.tables.subjects)));
  const [name, setName] = useState('');
  const [ownId, setOwnId] = useState<string | null>(null);
  const [zone, setZone] = useState(ours);
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const id = ownId ?? (name.trim() === '' ? '' : suggestId(name.trim().replaceAll(/[\s.]+/g, '-'), taken));
  const problems = {
    name: name.trim() === '' ? 'Give it a name, such as San Diego.' : null,
    id: idProblem(id.trim(), taken),
    zone: isZone(zone.trim()) ? null : 'Choose a time zone from the list, such as America/Los_Angeles.',
  };

  const submit = async () => {
    setTried(true);
    if (problems.name || problems.id || problems.zone || busy) return;
    if (!(await send(() => engine.addSite({ id: id.trim(), name: name.trim(), timezone: zone.trim() })))) return;
    say(`${name.trim()} is in the inventory.`);
    onClose();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={name.trim() !== ''}
      title="Add a site"
      description="A datacenter, or any place where servers stand together."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            {busy ? 'Adding…' : 'Add'}
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="It was not added.">
          {failure}
        </Notice>
      )}
      <Field label="Name" error={tried ? problems.name : null}>
        {(tie) => <input {...tie} autoFocus value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="Id" error={tried || ownId ? problems.id : null} help="How the inventory file calls it.">
        {(tie) => (
          <input
            {...tie}
            value={id}
            maxLength={63}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setOwnId(event.target.value)}
          />
        )}
      </Field>
      <Field label="Time zone" error={tried ? problems.zone : null} help="For its wall clock. Type to search.">
        {(tie) => (
          <>
            <input
              {...tie}
              list="site-zones"
              value={zone}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setZone(event.target.value)}
            />
            <datalist id="site-zones">
              {zones.map((it) => (
                <option key={it} value={it} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </Dialog>
  );
}
