/** Who talked to whom, what customers were told, how far the restore was, what is to be done and what is owed. */
import { capital } from '../../alerting/names.ts';
import { clean, count } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import type { Block, Statement } from '../draft.ts';
import { quote, quoted } from '../quote.ts';
import type { ContactFact, WorkFact } from '../report/schema-parts.ts';
import { called, gap, list, type Page, prose, row, say, table } from './page.ts';

const mostContacts = 60;
const channelWords = { phone: 'phone', ticket: 'ticket', mail: 'mail', chat: 'chat', 'on-site': 'on site' } as const;

/** A table to be read by a provider's manager as well. */
export function contactBlocks({ facts, times }: Page): Block[] {
  const shown = facts.contacts.slice(0, mostContacts);
  const anyWaited = shown.some((it) => it.waited !== null && it.waited.ms >= MINUTE);
  const rows = shown.flatMap((it) =>
    row(
      [times.cell(it.at), whom(it), clean(it.text, 600), ...(anyWaited ? [waited(it, facts.ongoing, times)] : []), called(it.by)],
      it.evidence,
    ),
  );
  const rest = facts.contacts.slice(mostContacts);
  return [
    table([times.column, 'With', 'What was said', ...(anyWaited ? ['Waited for them'] : []), 'By'], rows),
    ...(rest.length > 0
      ? [prose(say(`${capital(count(rest.length, 'more contact'))} until ${times.moment(rest.at(-1)?.at ?? 0)}.`, rest.at(-1)?.evidence))]
      : []),
  ];
}

function whom(it: ContactFact): string {
  const firm = called(it.name);
  const who = `${it.person ? `${clean(it.person, 80)} of ${firm}` : firm}${it.tier ? ` (${clean(it.tier, 80)})` : ''}`;
  const way = it.ticket
    ? `${it.channel === 'ticket' ? '' : `${channelWords[it.channel]}, `}ticket ${clean(it.ticket, 60)}`
    : channelWords[it.channel];
  return `${it.direction === 'in' ? 'from' : 'to'} ${who}, ${way}`;
}

function waited({ waited: it }: ContactFact, ongoing: boolean, times: Page['times']): string {
  if (it === null || it.ms < MINUTE) return '–';
  if (it.to !== null) return times.duration(it.ms);
  return ongoing ? `${times.duration(it.ms)} so far` : 'no answer on record';
}

const mostReports = 10;
const mostUpdates = 15;

/** What customers said and what they were told, as it came. */
export function customerBlocks(page: Page): Block[] {
  const { facts, times } = page;
  const reports = facts.customers?.reports ?? [];
  const lines = [
    ...reports.slice(0, mostReports).map((it) => ({
      at: it.at,
      said: say(`${capital(times.when(it.at))} ${count(it.count, 'customer')} reported: ${quoted(it.text, 300)}`, it.evidence),
    })),
    ...facts.statusUpdates.slice(0, mostUpdates).map((it) => {
      const late = it.kept === false ? '; it did not come in time' : '';
      const next = it.nextAt === null ? '' : ` The next one was promised by ${times.moment(it.nextAt)}${late}.`;
      const text = `${capital(times.when(it.at))} ${called(it.by)} told ${clean(it.audience, 80)}: ${quoted(it.text, 400)}${next}`;
      return { at: it.at, said: say(text, it.evidence) };
    }),
  ].sort((a, b) => a.at - b.at);
  const more = [
    ...(reports.length > mostReports
      ? [say(`${capital(count(reports.length - mostReports, 'more report'))} came in.`, reports.at(-1)?.evidence)]
      : []),
    ...(facts.statusUpdates.length > mostUpdates
      ? [say(`${capital(count(facts.statusUpdates.length - mostUpdates, 'more update'))} followed.`, facts.statusUpdates.at(-1)?.evidence)]
      : []),
  ];
  const asked = facts.open.filter((it) => it.key === 'customers');
  return [list(...lines.map((it) => it.said), ...more), ...asked.map((it) => gap(it.text))];
}

/** How far a restore was, folded to what a reader follows. */
export function progressBlocks({ facts, times }: Page): Block[] {
  const kinds = [...Map.groupBy(facts.progress, (it) => it.what.trim().toLowerCase())];
  return kinds.slice(0, 4).flatMap(([, lines]) => {
    const step = Math.max(1, Math.ceil(lines.length / 14));
    const shown = lines.filter((_, index) => index % step === 0 || index === lines.length - 1);
    const rows = shown.flatMap((it) =>
      row(
        [times.cell(it.at), `${it.done} of ${it.total} ${clean(it.what, 80)}${it.text ? `: ${clean(it.text, 300)}` : ''}`, called(it.by)],
        it.evidence,
      ),
    );
    return [table([times.column, 'Done', 'By'], rows)];
  });
}

/** Planned against actual end, for each piece of work. @param covered how much of the trouble lay within it */
export function plannedBlocks(page: Page, covered: readonly Statement[]): Block[] {
  const works = page.facts.work;
  // What the table says need not be said again.
  const share = covered.filter((it) => /^(All|Of) /.test(it.text));
  const rows = works.slice(0, 12).flatMap((it) => workRow(page, it));
  const said = works.slice(0, 12).flatMap((it) => [
    ...it.postponed
      .slice(0, 5)
      .map((line) =>
        say(
          `${capital(page.times.when(line.at))} ${called(line.by)} changed “${clean(it.name, 120)}”: ${clean(line.text, 400).replace(/[.\s]+$/, '')}.`,
          line.evidence,
        ),
      ),
    it.how === ''
      ? []
      : say(
          `“${clean(it.name, 120)}” was ${it.cancelled ? 'called off' : 'finished'} with these words: ${quoted(it.how, 400)}`,
          it.evidence,
        ),
    it.notBack.length > 0 && it.overrunAt !== null
      ? say(
          `At the planned end of “${clean(it.name, 120)}” these were not back: ${it.notBack
            .map((name) => clean(name, 80))
            .slice(0, 12)
            .join(', ')}.`,
          it.evidence,
        )
      : [],
  ]);
  return [table(['Work', 'Planned', 'Really', 'Overrun'], rows), list(...said, [...share])];
}

function workRow({ times, facts }: Page, it: WorkFact): ReturnType<typeof row> {
  const planned =
    it.plannedFrom === null
      ? 'no day fixed'
      : it.plannedTo === null
        ? `from ${times.moment(it.plannedFrom)}, no end given`
        : times.span(it.plannedFrom, it.plannedTo);
  const real =
    it.from === null
      ? it.cancelled
        ? 'called off'
        : 'not begun'
      : it.to === null
        ? `since ${times.moment(it.from)}, not finished`
        : times.span(it.from, it.to);
  const over = it.overrunMs < MINUTE ? 'none' : `${times.duration(it.overrunMs)}${it.to === null && facts.ongoing ? ' so far' : ''}`;
  return row([`${clean(it.name, 120)}${it.cancelled && it.from !== null ? ' (called off)' : ''}`, planned, real, over], it.evidence);
}

/** What is to be done, by whom, until when. */
export function actionBlocks({ facts, times }: Page): Block[] {
  if (facts.followUps.length === 0)
    return [gap(facts.open.find((it) => it.key === 'follow-ups')?.text ?? 'What do we do about it, who does it, and by when?')];
  const rows = facts.followUps
    .slice(0, 40)
    .flatMap((it) =>
      row(
        [clean(it.text, 600), it.owner ? called(it.owner) : 'nobody yet', it.dueAt === null ? 'no date yet' : times.day(it.dueAt)],
        it.evidence,
      ),
    );
  const open = facts.followUps.filter((it) => it.owner === null || it.dueAt === null).slice(0, 6);
  return [table(['What', 'Who', 'By'], rows), ...open.map((it) => gap(`Who does this, and by when: ${clean(it.text, 200)}`))];
}

/** Reports and answers that others promised. */
export function owedStatements({ facts, times }: Page): Statement[][] {
  return facts.owed.slice(0, 20).map((it) => {
    const due = it.dueAt === null ? '' : `, due ${times.exact(it.dueAt)}`;
    const state =
      it.receivedAt !== null ? ` It came ${times.exact(it.receivedAt)}.` : it.state === 'late' ? ' It is late.' : ' It is not in yet.';
    return say(
      `${called(it.name)} owes us since ${times.exact(it.since).replace(/^(at|on) /, '')}: ${quote(it.what, 200)}${due}.${state}`,
      it.evidence,
    );
  });
}
