import type { ContactFact } from '../report/schema-parts.ts';

const ways: Record<ContactFact['channel'], { out: string; in: string }> = {
  phone: { out: 'we called you', in: 'you called us' },
  ticket: { out: 'we wrote in the ticket', in: 'you wrote in the ticket' },
  mail: { out: 'we sent you mail', in: 'you sent us mail' },
  chat: { out: 'we wrote in the chat', in: 'you wrote in the chat' },
  'on-site': { out: 'we spoke on site', in: 'we spoke on site' },
};

/**
 * "we called you": what the provider can look up in its own records. The text that goes with it is our note of what was said by
 * either side, never a quotation of one of them.
 */
export const spokeWords = ({ channel, direction }: Pick<ContactFact, 'channel' | 'direction'>): string => ways[channel][direction];
