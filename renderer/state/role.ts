/** What this page is: the desk, the wall, or the window of a drill. Main says so in its address, and it never changes. */
import type { WindowRole } from '../../shared/contract.ts';

/** @param search the page's query, "?role=wall"; whatever is not known is a desk */
export function roleOf(search: string): WindowRole {
  const said = new URLSearchParams(search).get('role');
  return said === 'wall' || said === 'drill' ? said : 'desk';
}

export const role: WindowRole = roleOf(typeof location === 'undefined' ? '' : location.search);
/** Whether nothing of what this page shows is real. */
export const inDrill = role === 'drill';
