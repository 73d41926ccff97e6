/** The line beside the sentence. That nobody has a problem yet is the one part of it that calls for something, so it is coloured. */
import { Fragment } from 'react';
import css from './HeadlineLine.module.css';

const calls = 'nobody has it yet';

export function HeadlineLine({ text }: { text: string }) {
  const at = text.indexOf(calls);
  if (at < 0) return <Fragment>{text}</Fragment>;
  return (
    <>
      {text.slice(0, at)}
      <span className={css.calls}>{calls}</span>
      {text.slice(at + calls.length)}
    </>
  );
}
