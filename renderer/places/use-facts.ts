/** What the newest probes of some checks saw, asked of the engine while the page is looked at. */
import type { SeenFacts } from '../../shared/contract.ts';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';

/** The engine takes no more at once. */
const mostChecks = 2_000;
const everyMs = 10_000;
const nothing: Record<string, SeenFacts | null> = {};

/** @param checks their ids @returns `seen` is empty until the first answer */
export function useFacts(checks: readonly string[]) {
  const asked = useAsk(checks.length === 0 ? null : checks.join('\n'), () => engine.facts({ checks: checks.slice(0, mostChecks) }), {
    everyMs,
  });
  return { ...asked, seen: asked.value ?? nothing };
}
