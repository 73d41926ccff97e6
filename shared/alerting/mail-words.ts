/** The words of an alert about one leg of a mail stack: what people cannot do any more stands before the protocol. */
import { type LegRef, legWords, type MailLeg } from '../mail/legs.ts';
import { isWay } from '../mail/ways.ts';
import type { PlannedCheck } from '../model/plan.ts';
import { clean, listOf } from '../text.ts';
import { areSeveral, isSlow, type Member, type Situation, severityOfMembers, textOf, titleTextOf, worstOf } from './members.ts';
import { capital, checkLabels, longestTitle } from './names.ts';

/** All of a leg is gone. @param who one domain, some, or "200 domains" */
export const goneTitles: Record<MailLeg, (who: string) => string> = {
  receiving: (who) => `Mail to ${who} is not accepted`,
  sending: (who) => `${who} cannot send mail`,
  delivery: (who) => `Mail to ${who} is not delivered`,
  reading: (who) => `Mail of ${who} cannot be read`,
  webmail: (who) => `Webmail of ${who} is down`,
  calendar: (who) => `Calendar of ${who} is down`,
  files: (who) => `File sharing of ${who} is down`,
  lists: (who) => `Mailing lists of ${who} do not work`,
  filters: (who) => `Mail filters of ${who} cannot be changed`,
  records: (who) => `DNS records of mail for ${who} are wrong`,
};

/** With these a server is there and serves, but should not be used as it is. */
const isCertificate = ({ verdict }: Member): boolean => verdict?.reason.startsWith('certificate') ?? false;

/** Whether no way into the leg is left: as bad as the worst of it, all of them. */
export function isWhole(situation: Situation): boolean {
  const ways = situation.all.filter(isWay);
  const worst = new Set(worstOf(situation).map((it) => it.plan.id));
  return ways.length > 0 && ways.every((plan) => worst.has(plan.id));
}

/**
 * What says more than that something fails: what stands beside the ways of a leg ("mail is delayed by about 75 to 120 minutes"), or the
 * certificate behind all of them. Null where nothing does.
 */
export function tellingText(situation: Situation): string | null {
  const worst = worstOf(situation);
  const ways = worst.filter((it) => isWay(it.plan));
  // That people cannot get in says more than what a blocklist knows.
  if (severityOfMembers(worst) === 'down' && !ways.every(isCertificate)) return null;
  const telling = worst.find((it) => !isWay(it.plan)) ?? (ways.every(isCertificate) ? worst[0] : undefined);
  return telling ? clean(telling.verdict?.title ?? textOf(telling, 400).split('; ')[0] ?? '', longestTitle) || null : null;
}

/**
 * @returns "Mail of example.net cannot be read"; where some ways are left "IMAP of example.net fails"; "example.net: sending mail is
 *   slow", "example.net: outbound address 192.0.2.25 is on zen.spamhaus.org"
 */
export function titleOfLeg(situation: Situation, { domain, leg }: LegRef): string {
  const worst = worstOf(situation);
  const who = clean(domain, 60);
  const { audience, several } = legWords[leg];
  const severity = severityOfMembers(worst);
  const whole = isWhole(situation);
  const named = namedWays(situation, worst);
  const owned = `${capital(named.text)} of ${who}`;
  const of = (verb: string, verbs: string): string => `${owned} ${named.several ? verbs : verb}`;
  const is = several ? 'are' : 'is';
  const tell = (said: string): string =>
    leg === 'records' ? titled(`${legWords[leg].title} for ${who}`, said.replace(` of ${who}:`, ':')) : titled(who, said);
  if (worst.every((it) => it.flapping)) return of('comes and goes', 'come and go');
  if (severity === 'unknown')
    return whole ? `${capital(audience)} for ${who} cannot be checked` : of('cannot be checked', 'cannot be checked');
  const said = tellingText(situation);
  if (said) return tell(said);
  if (severity === 'down') return whole ? goneTitles[leg](who) : (refusing(situation, worst, who) ?? of('fails', 'fail'));
  if (whole && worst.every((it) => it.verdict?.reason === 'put-off')) return `Mail to ${who} is put off`;
  if (worst.every(isSlow)) return whole ? `${who}: ${audience} ${is} slow` : of('is slow', 'are slow');
  const [first] = worst;
  const saw = worst.length === 1 && first ? titleTextOf(first) : '';
  if (saw !== '') return clean(`${owned}: ${saw}`, longestTitle);
  return whole ? `${who}: ${audience} ${is} degraded` : of('is degraded', 'are degraded');
}

export const titled = (who: string, what: string): string => clean(`${who}: ${what}`, longestTitle);

/** What people call the ways of one protocol, where all of them are meant. */
const protocols: Readonly<Record<string, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'ManageSieve' };

/** "IMAP" where every way by IMAP is among these, otherwise each by its name. */
function namedWays({ all }: Situation, worst: readonly Member[]): { text: string; several: boolean } {
  const [first] = worst;
  const type = first?.plan.type;
  const name = type !== undefined && Object.hasOwn(protocols, type) ? protocols[type] : undefined;
  const isAll = worst.every((it) => it.plan.type === type) && all.filter((plan) => plan.type === type).length === worst.length;
  if (name !== undefined && isAll && worst.length > 1 && all.length > worst.length) return { text: name, several: false };
  return { text: checkLabels(worst.map((it) => it.plan)), several: areSeveral(worst) };
}

const addressOf = ({ config }: PlannedCheck): string => clean(String(config.address ?? ''), 80);

/** Of mail exchangers that stand beside others: "mx1.example.net does not accept mail for example.net", "… over IPv6". */
function refusing({ subject, all }: Situation, worst: readonly Member[], who: string): string | null {
  if (subject.leg?.leg !== 'receiving' || !worst.every((it) => isWay(it.plan))) return null;
  const bad = new Set(worst.map((it) => it.plan.id));
  const names = [...new Set(worst.map((it) => addressOf(it.plan)))];
  const theirs = all.filter((plan) => isWay(plan) && names.includes(addressOf(plan)));
  const [family] = new Set(worst.map((it) => it.plan.config.family));
  const isAll = (plans: readonly PlannedCheck[]): boolean => plans.every((plan) => bad.has(plan.id));
  const over = isAll(theirs) ? '' : isAll(theirs.filter((plan) => plan.config.family === family)) ? ` over IPv${family}` : null;
  if (over === null || names.includes('') || (over !== '' && family !== 4 && family !== 6)) return null;
  return `${listOf(names)} ${names.length === 1 ? 'does' : 'do'} not accept mail for ${who}${over}`;
}

/** The label that all the worst checks of some legs share: "IMAP". */
export function sharedWay(roots: readonly Situation[]): string | null {
  const labels = new Set(roots.map((it) => namedWays(it, worstOf(it)).text));
  const [only] = labels;
  return labels.size === 1 && only !== undefined ? only : null;
}
