/** The one mail stack of a small provider, as a picture on the wall. */
import { StackPicture } from '../mail/StackPicture.tsx';
import { stackNodes } from '../mail/stack-nodes.ts';
import { useDerived } from '../places/use-derived.ts';
import { useFacts } from '../places/use-facts.ts';
import { useNow } from '../state/clock.ts';
import { checksUnder } from '../state/derive.ts';

export function WallStack({ entry }: { entry: string }) {
  const now = useNow('quarter');
  const ids = useDerived((tables) => checksUnder(tables, entry));
  const { seen } = useFacts(ids);
  const nodes = useDerived((tables) => stackNodes(tables, entry, seen, now));
  return <StackPicture nodes={nodes} still />;
}
