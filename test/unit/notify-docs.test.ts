import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { notifySchema } from '../../shared/model/notify.ts';
import { notifyProblems } from '../../shared/notify/rules.ts';

const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('docs/notifications.md', () => {
  it('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(4));

  it.each(examples.map((text, index) => [index + 1, text] as const))('example %i can be used as it stands', (_index, text) => {
    const notify = notifySchema.parse(parse(text).notify);
    expect(notifyProblems(notify, undefined, { zone: 'UTC', now: Date.UTC(2026, 10, 20) })).toEqual({ problems: [], warnings: [] });
  });
});
