/** Takes the uptime table out of the house as a CSV file. The timeline says who did it. */
import { useState } from 'react';
import { dayKey } from '../../shared/time.ts';
import type { UptimeReport } from '../../shared/uptime/report.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useWho, WhoField } from '../maintenance/WhoField.tsx';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { say } from '../state/view.ts';

export interface UptimeAnswer {
  report: UptimeReport;
  csv: string;
  fileName: string;
}

export function CsvDialog({ answer, zone, onClose }: { answer: UptimeAnswer; zone: string; onClose(): void }) {
  const who = useWho();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { report, csv, fileName } = answer;
  const title = `Uptime ${dayKey(report.from, zone)} to ${dayKey(report.to, zone)}`;

  const save = async () => {
    setTried(true);
    if (who.by.trim() === '' || busy) return;
    who.remember();
    setBusy(true);
    setFailure(null);
    const saved = await desktop.saveCsv({ fileName, content: csv });
    setBusy(false);
    if (!saved.ok) return setFailure(saved.failure.text);
    // The person thought better of it.
    if (saved.value === null) return;
    const noted = await engine.exported({ title, format: 'csv', by: who.by });
    if (noted.ok) say(`Saved to ${saved.value.file}.`);
    else say(`Saved to ${saved.value.file}. The timeline does not say so: ${noted.failure.text}`, 'bad');
    onClose();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Export the table"
      description={`${title}, all rows with their checks: minutes and per cent, planned apart from unplanned.`}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy} autoFocus={who.known}>
            {busy ? 'Saving…' : 'Save as CSV…'}
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="It was not saved.">
          {failure}
        </Notice>
      )}
      <WhoField who={who} label="Who takes it" tried={tried} autoFocus={!who.known} />
    </Dialog>
  );
}
