/** What a check found at fault, worst first, as one verdict. */
import type { Level, Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';

interface Finding {
  level: Level;
  reason: string;
  text: string;
}

/**
 * The first finding, and two more. What could not be read stands behind them, but in no title.
 * @param unknown "; not known: …", or empty
 */
export function verdictOfFindings([first, ...rest]: readonly [Finding, ...Finding[]], unknown: string): Verdict {
  const others = rest.map((finding) => finding.text);
  const said = others.length > 0 ? `${first.text}; also ${listOf(others, 2)}` : first.text;
  return { state: first.level, reason: first.reason, text: `${said}${unknown}`, ...(unknown === '' ? {} : { title: said }) };
}
