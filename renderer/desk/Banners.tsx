/** What is wrong with the desk itself, above everything else: an old picture, a bad inventory file, a full disk. Gone as soon as it is over. */
import { FolderOpen, RotateCw } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { desktop } from '../state/desktop.ts';
import { useStaleness } from '../state/freshness.ts';
import { useDesk, useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import css from './Banners.module.css';

const mostProblems = 4;

export function Banners() {
  const desk = useDesk();
  const troubles = desk?.troubles.filter((trouble) => trouble.code !== 'inventory' || desk.inventory.problems.length === 0) ?? [];
  return (
    <div className={css.banners}>
      <OldPicture />
      {desk && desk.inventory.problems.length > 0 && <InventoryProblems />}
      {troubles.map((trouble) => (
        <Notice key={trouble.code} tone="warn">
          {trouble.text}{' '}
          <span className={css.since}>
            Since <Time at={trouble.since} format="short" withZone />.
          </span>
        </Notice>
      ))}
    </div>
  );
}

function OldPicture() {
  const old = useStaleness();
  const stopped = useLive((live) => live.engine.state === 'stopped');
  if (!old) return null;
  // The band above has the ways out of a drill.
  if (inDrill) return <Notice tone="bad">{old.text}</Notice>;
  return (
    <Notice
      tone="bad"
      actions={
        <Button icon={<RotateCw />} onClick={() => void desktop.restartEngine({})}>
          {stopped ? 'Restart now' : 'Restart it'}
        </Button>
      }
    >
      {old.text}
    </Notice>
  );
}

function InventoryProblems() {
  const desk = useDesk();
  if (!desk) return null;
  const { file, problems, loadedAt } = desk.inventory;
  return (
    <Notice
      tone="warn"
      title="The inventory file has a mistake."
      actions={
        <Button icon={<FolderOpen />} onClick={() => void desktop.showInventory({})}>
          Show file
        </Button>
      }
    >
      <ul className={css.problems}>
        {problems.slice(0, mostProblems).map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.expected}`}>
            <span className={css.place}>
              line {problem.line}, column {problem.column}
            </span>{' '}
            {problem.where && <code>{problem.where}</code>} {problem.expected}
          </li>
        ))}
        {problems.length > mostProblems && <li>and {problems.length - mostProblems} more</li>}
      </ul>
      <p>
        In force stays what was read <Time at={loadedAt} format="stamp" />. Mend the file and save it: it is read again by itself.{' '}
        <span className={css.file}>{file}</span>
      </p>
    </Notice>
  );
}
