/** Two texts as one, with what went and what came. */
import { useMemo } from 'react';
import { differences, readable, shorten } from './differences.ts';
import css from './Editor.module.css';

/** @param before null = there was none; likewise `after` */
export function Difference({ before, after }: { before: string | null; after: string | null }) {
  const pieces = useMemo(() => shorten(differences(readable(before ?? ''), readable(after ?? ''))), [before, after]);
  if (pieces.length === 0) return <p className={css.hint}>Both are empty.</p>;
  return (
    <div className={css.difference}>
      {pieces.map((it, index) => {
        const key = `${index} ${it.kind}`;
        if (it.kind === 'new') return <ins key={key}>{it.text}</ins>;
        return it.kind === 'gone' ? <del key={key}>{it.text}</del> : <span key={key}>{it.text}</span>;
      })}
    </div>
  );
}
