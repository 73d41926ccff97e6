/** Which inventory is in force, how to open another one, and what is wrong with the file, place by place. */
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { chooseInventory } from '../inventory/open-inventory.ts';
import { desktop } from '../state/desktop.ts';
import { useDesk, useLive } from '../state/live.ts';
import { say } from '../state/view.ts';
import css from './Settings.module.css';

const show = async () => {
  const reply = await desktop.showInventory({});
  if (!reply.ok) say(`The folder was not opened. ${reply.failure.text}`, 'bad');
};

export function InventorySection() {
  const inventory = useDesk()?.inventory;
  const subjects = useLive((live) => Object.keys(live.tables.subjects).length);
  const checks = useLive((live) => Object.keys(live.tables.plans).length);
  return (
    <section className={css.section} aria-labelledby="settings-inventory">
      <h3 id="settings-inventory">Inventory</h3>
      <div className={css.body}>
        {!inventory && <p className={css.soft}>Waiting for the watching process.</p>}
        {inventory && (
          <>
            <p className={css.path}>{inventory.file}</p>
            <p className={css.soft}>
              {count(subjects, 'thing')}, {count(checks, 'check')} · in force since <Time at={inventory.loadedAt} format="stamp" />
            </p>
          </>
        )}
        <div className={css.buttons}>
          <Button onClick={() => void chooseInventory()}>Open another…</Button>
          <Button variant="quiet" onClick={() => void show()}>
            Show in folder
          </Button>
        </div>
        {inventory && inventory.problems.length > 0 && (
          <Notice tone="warn" title={`The file has ${count(inventory.problems.length, 'problem')}. The last good one stays in force.`}>
            <ol className={css.problems}>
              {inventory.problems.map((problem) => (
                <li key={`${problem.line}:${problem.column} ${problem.where} ${problem.expected}`}>
                  <span className={css.place}>
                    line {problem.line}, column {problem.column}
                  </span>{' '}
                  <code>{problem.where}</code>: {problem.expected}
                </li>
              ))}
            </ol>
          </Notice>
        )}
      </div>
    </section>
  );
}
