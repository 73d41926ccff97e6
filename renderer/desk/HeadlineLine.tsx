/** The line beside the sentence. That nobody has acknowledged a problem yet is the one part of it that calls for something, so it is coloured. */
import { Fragment } from 'react';
import { notTaken } from '../../shared/headline.ts';
import css from './HeadlineLine.module.css';

export function HeadlineLine({ text }: { text: string }) {
  const calls = Object.values(notTaken).find((it) => text.includes(it));
  if (calls === undefined) return <Fragment>{text}</Fragment>;
  const at = text.indexOf(calls);
  return (
    <>
      {text.slice(0, at)}
      <span className={css.calls}>{calls}</span>
      {text.slice(at + calls.length)}
    </>
  );
}
