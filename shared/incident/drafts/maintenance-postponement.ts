/** Tells customers that planned work takes place at another time. */

import type { NightEvent } from '../../model/event.ts';
import { clean } from '../../text.ts';
import type { Draft } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { DocumentInput } from './index.ts';
import { affectedBlocks, mailBlocks, spareBlocks } from './maintenance-things.ts';
import { dayAndTime, type Work, whenBlocks, withoutWork, workOf } from './maintenance-words.ts';
import { finish, gap, prose, say, section } from './page.ts';
import { internalNames } from './public-words.ts';

export function maintenancePostponement(input: DocumentInput): Draft {
  const work = workOf(input);
  if (!work) return withoutWork(input, 'Planned work postponed');
  const name = clean(work.window.name, 120);
  const contact = section('contact', 'Questions', gap('Where can customers turn with questions?'));
  if (work.state === 'cancelled')
    return finish(work, `Called off: ${name}`, [
      ...section(
        'what-changes',
        'What changes',
        prose(say(`The work that was announced as “${name}” does not take place. Nothing will be down because of it.`, work.key)),
      ),
      ...contact,
    ]);
  const last = changesOf(input).at(-1);
  const day = dayAndTime(work);
  const kind = last ? kindOf(last.payload.what) : 'postponed';
  const head = { postponed: 'Postponed', moved: 'Moved', fixed: 'Day fixed', longer: 'Extended', changed: 'Changed' }[kind];
  return finish(work, `${head}: ${name}${day === null ? '' : `, ${kind === 'longer' ? '' : 'now '}${day}`}`, [
    ...section(
      'what-changes',
      'What changes',
      prose(...changed(work, name, kind, last)),
      ...(last ? [] : [gap('Since when, and why, is it postponed? The timeline holds no change of it.')]),
      ...reason(input, last),
    ),
    ...section('when', 'The new time', ...whenBlocks(work)),
    ...section('affected', 'What may not work then', ...affectedBlocks(work)),
    ...section('not-affected', 'What is not affected', ...spareBlocks(work)),
    ...section('mail', 'Your mail meanwhile', ...mailBlocks(work)),
    ...contact,
  ]);
}

type Changed = Extract<NightEvent, { kind: 'maintenance-changed' }>;
const changesOf = (input: DocumentInput): Changed[] =>
  [...(input.earlier ?? []), ...input.events].filter(
    (event): event is Changed => event.kind === 'maintenance-changed' && event.payload.window === input.window?.id,
  );

type Kind = 'postponed' | 'moved' | 'fixed' | 'longer' | 'changed';
/** The beginnings of what changeWindow writes. */
const kindOf = (what: string): Kind =>
  what.startsWith('postponed')
    ? 'postponed'
    : what.startsWith('moved')
      ? 'moved'
      : what.startsWith('its day is fixed')
        ? 'fixed'
        : what.startsWith('extended')
          ? 'longer'
          : 'changed';

function changed({ key }: Work, name: string, kind: Kind, last: Changed | undefined) {
  const text = {
    postponed: `“${name}” does not take place when we said; it is put off to the time below.`,
    moved: `“${name}” takes place earlier than we said, at the time below.`,
    fixed: `The day of “${name}” is fixed now.`,
    longer: `“${name}” takes longer than we said.`,
    changed: `“${name}” does not take place as we said.`,
  }[kind];
  return [say(text, last?.id ?? key)];
}

/** Why, where somebody said so without names from inside. */
function reason(input: DocumentInput, last: Changed | undefined) {
  const why = clean(last?.payload.reason ?? '', 400);
  if (why === '' || !last) return [];
  if (internalNames({ input, facts: null })(why)) return [gap(`Say in plain words why. The log says: ${why}`)];
  return [prose(say(`The reason: ${quoted(why)}`, last.id))];
}
