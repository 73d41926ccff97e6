/**
 * What this page may ask of the desktop side (settings, dialogs, windows): `desktop.saveDraft({…})` and so on, as desktopContract says.
 * Replies are Results. `onDesktop(event, listener)` hears its events and returns how to stop.
 */
import type { Client, EventName, EventPayload } from '../../shared/bind.ts';
import { type DesktopContract, desktopContract } from '../../shared/contract.ts';

export const desktop = Object.fromEntries(
  Object.keys(desktopContract.requests).map((name) => [name, (input: unknown) => window.nightdesk.invoke(name, input)]),
) as unknown as Client<DesktopContract>;

export const onDesktop = <E extends EventName<DesktopContract>>(
  event: E,
  listener: (payload: EventPayload<DesktopContract, E>) => void,
): (() => void) => window.nightdesk.on(event, listener as (payload: unknown) => void);
