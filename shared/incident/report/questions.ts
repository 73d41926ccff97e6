/** What the desk cannot know and nobody has written yet: the gaps of every draft. */
import type { ReportFacts } from './schema.ts';

type Question = ReportFacts['open'][number];
type Known = Omit<ReportFacts, 'open'>;

/** In the order in which people ask. */
const questions: { key: Question['key']; asks: (facts: Known) => boolean; text: (facts: Known) => string }[] = [
  { key: 'root-cause', asks: (it) => it.rootCause.length === 0, text: () => 'What was the cause? The desk cannot know it.' },
  {
    key: 'trigger',
    asks: (it) => it.trigger.length === 0 && it.nearby.length > 0,
    text: () => 'What set it off? What came shortly before is listed, which does not make it the trigger.',
  },
  {
    key: 'resolution',
    asks: (it) => !it.ongoing && it.resolutions.length === 0 && (it.resolution?.text ?? '') === '',
    text: () => 'What ended it?',
  },
  {
    key: 'end',
    asks: (it) => !it.ongoing && it.recovery === null && it.resolution === null,
    text: () => 'When was it over? Nobody says so, and the desk did not see it.',
  },
  {
    key: 'mail-lost',
    asks: (it) => it.mail.some((mail) => mail.held !== null && mail.held.lost !== 'nothing'),
    text: () => 'Was mail lost? What was seen does not tell.',
  },
  {
    key: 'data-lost',
    asks: (it) => it.backups.some((backup) => backup.hit),
    text: () => 'Was anything restored from a backup, and is data of the time since that backup lost?',
  },
  {
    key: 'inside',
    asks: (it) =>
      it.links.some((link) => link.upButDead) &&
      it.vantage.said.length === 0 &&
      !it.vantage.inside.things.some((thing) => thing.state === 'worked'),
    text: () => 'Did everything work inside meanwhile? No check looked from there.',
  },
  {
    key: 'which-link',
    asks: (it) =>
      it.links.some((link) => link.prefixes.hit > 0) &&
      !it.links.some((link) => link.prefixes.hit > 0 && (link.alone || link.blamed || link.gateway === 'down')),
    text: () => 'Which provider dropped the traffic? The address ranges that failed ride on several links.',
  },
  { key: 'customers', asks: (it) => it.customers === null, text: () => 'How many customers reported it, and when did the first?' },
  {
    key: 'credit',
    asks: (it) => it.sla.some((sla) => !sla.met && sla.credits.length === 0),
    text: () => 'What credit is due? The target was missed, and the inventory does not hold the terms.',
  },
  { key: 'follow-ups', asks: (it) => it.followUps.length === 0, text: () => 'What is done about it, by whom, and until when?' },
];

export const openQuestions = (facts: Known): Question[] =>
  questions.filter((it) => it.asks(facts)).map((it) => ({ key: it.key, text: it.text(facts) }));
