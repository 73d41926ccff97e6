/** The address that a check goes to, and how checks of a plain connection look at failures. */
import { z } from 'zod';
import type { Failure, Verdict } from '../model/words.ts';
import { isAddress, levelOfFailure } from './tls-settings.ts';

/** Required here: the plan fills in the address of the host around a check that names none. */
export const targetAddress = z.string().refine(isAddress, 'expected an IP address or a host name');

/** Down, or unknown where it is this computer that could not look; the failure's own words unless better ones are at hand. */
export const failed = (failure: Failure, text = failure.detail, reason: string = failure.code): Verdict => ({
  state: levelOfFailure(failure.code),
  reason,
  text,
});
