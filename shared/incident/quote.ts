/** What people wrote, within a sentence. */
import { clean } from '../text.ts';

/** What a person wrote, as what they wrote. */
export const quote = (text: string, most = 600): string => `“${clean(text, most).replaceAll('“', '‘').replaceAll('”', '’')}”`;
/** A quote at the end of a sentence: one full stop, not two. */
export const quoted = (text: string, most = 600): string => `${quote(text, most)}${/[.!?…]$/.test(clean(text, most)) ? '' : '.'}`;
