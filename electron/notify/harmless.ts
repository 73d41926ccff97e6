/** Text for chats that would make mentions and links of it. */

/** An invisible character that keeps a word together; between "@" and a name it makes a name of nothing. */
const joiner = '\u2060';

/** Neither mentions anybody nor becomes a link: "@channel", "https://…". Reads the same. */
export const withoutMagic = (text: string): string =>
  text
    .replaceAll('@', `@${joiner}`)
    .replaceAll('://', `:${joiner}//`)
    .replaceAll(/\b(www|mailto|tel)(?=[.:])/gi, `$1${joiner}`);

/** The same with Slack's own controls (`<!here>`, `<https://…|text>`) made plain: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const forSlack = (text: string): string =>
  withoutMagic(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At most so many UTF-16 units, never half a character. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
