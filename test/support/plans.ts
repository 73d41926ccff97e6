import { notifySchema } from '../../shared/model/notify.ts';
import type { Plan, PlannedCheck, Subject } from '../../shared/model/plan.ts';

/** A planned tcp check; say only what matters to the test. */
export const plannedCheck = (part: Partial<PlannedCheck>): PlannedCheck => ({
  id: 'web1/tcp',
  type: 'tcp',
  subject: { kind: 'host', id: 'web1' },
  name: 'tcp',
  target: '192.0.2.1 port 80',
  vantage: 'desk',
  intervalMs: 30_000,
  retryIntervalMs: 10_000,
  timeoutMs: 5_000,
  maxAttempts: 3,
  permitKey: '192.0.2.1',
  config: {},
  ...part,
});

/** A host; say only what matters to the test. */
export const subject = (part: Partial<Subject>): Subject => ({
  kind: 'host',
  id: 'web1',
  name: part.id ?? 'web1',
  site: null,
  note: '',
  audience: part.id ?? 'web1',
  dependsOn: [],
  hosts: [],
  ...part,
});

/** A plan; say only what matters to the test. */
export const plan = (part: Partial<Plan>): Plan => ({
  organization: { name: 'Test', timezone: 'UTC' },
  subjects: [],
  checks: [],
  maintenance: [],
  routines: [],
  notify: notifySchema.parse({}),
  flapping: { start: 20, stop: 5 },
  networks: [],
  ...part,
});
