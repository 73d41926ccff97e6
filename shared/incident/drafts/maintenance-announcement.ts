/** Tells customers of planned work beforehand; of work that was called off, that it does not take place. */
import { clean } from '../../text.ts';
import type { Draft } from '../draft.ts';
import type { DocumentInput } from './index.ts';
import { affectedBlocks, mailBlocks, spareBlocks } from './maintenance-things.ts';
import { dayAndTime, reasonBlocks, whenBlocks, withoutWork, workOf } from './maintenance-words.ts';
import { finish, gap, prose, say, section } from './page.ts';

export function maintenanceAnnouncement(input: DocumentInput): Draft {
  const work = workOf(input);
  if (!work) return withoutWork(input, 'Announcement of planned work');
  const name = clean(work.window.name, 120);
  const day = dayAndTime(work);
  const on = day === null ? '' : `, ${day}`;
  const contact = section('contact', 'Questions', gap('Where can customers turn with questions?'));
  if (work.state === 'cancelled')
    return finish(work, `Called off: ${name}`, [
      ...section(
        'when',
        'What changes',
        prose(say(`The work that was announced as “${name}”${on} does not take place. Nothing will be down because of it.`, work.key)),
      ),
      ...contact,
    ]);
  const lead = { 'to-come': 'Planned work', running: 'Planned work under way', over: 'Planned work done', cancelled: '' }[work.state];
  return finish(work, `${lead}: ${name}${on}`, [
    ...section('when', 'When', ...whenBlocks(work)),
    ...section('affected', work.state === 'over' ? 'What was affected' : 'What may not work', ...affectedBlocks(work)),
    ...section('not-affected', 'What is not affected', ...spareBlocks(work)),
    ...section('mail', 'Your mail meanwhile', ...mailBlocks(work)),
    ...section('why', 'What we do', ...reasonBlocks(work)),
    ...contact,
  ]);
}
