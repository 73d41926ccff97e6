/** When another test message may be sent while earlier ones have not come. */
import { HOUR, MINUTE } from '../time.ts';

/**
 * A queue that is held for days and then let go must not bring hundreds of them, and a fault that is mended must be seen soon: five go out
 * at once, then one each half hour, beyond a dozen one every two hours.
 * @param accepted when each that is on its way was taken, epoch ms
 */
export function maySend(accepted: readonly number[], now: number): boolean {
  if (accepted.length < 5) return true;
  return now - Math.max(...accepted) >= (accepted.length < 12 ? 30 * MINUTE : 2 * HOUR);
}
