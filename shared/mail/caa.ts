/** Which authorities may issue certificates for a name (RFC 8659). Told, not judged: any of them may be right. */
import { listOf } from '../text.ts';
import { type Aspect, type AspectKind, aspectOf, notKnown, notThere } from './aspect.ts';
import type { Look } from './look.ts';

const mostSteps = 8;

/** The records of the name itself, or of the nearest name above it that has some (section 3). */
export async function lookAtCaa(domain: string, required: ReadonlySet<AspectKind>, look: Look): Promise<Aspect> {
  const labels = domain.split('.');
  for (let from = 0; from < Math.min(labels.length, mostSteps); from += 1) {
    const name = labels.slice(from).join('.');
    const found = await look(name, 'CAA');
    if (!found.ok) return notKnown('caa', domain, found.detail);
    if (found.values.length === 0) continue;
    const issuers = found.values.flatMap((value) => /^\d+ issue(?:wild)? "([^;"]*)/i.exec(value)?.[1]?.trim() ?? []);
    const who = [...new Set(issuers.filter((it) => it !== ''))];
    const text =
      issuers.length === 0
        ? 'any authority may issue certificates'
        : who.length === 0
          ? 'no authority may issue certificates'
          : `certificates may come from ${listOf(who, 5)}`;
    return aspectOf('caa', domain, 'ok', 'ok', name === domain ? text : `${text}, as ${name} says`, found.values.join(' | '));
  }
  return notThere('caa', domain, required, 'any authority may issue certificates');
}
