/** Names and backups broken in a drill: what each type of check says. */
import { MINUTE } from '../../../shared/time.ts';
import { type FaultCase, itSays } from '../../support/drill-world.ts';

const cases: FaultCase[] = [
  {
    name: 'a name server that is silent',
    fault: { dns: 'example.net', mode: 'server-down', server: '203.0.113.20' },
    says: ['names/zone: degraded no-answer', 'names/delegation: degraded lame', 'names/dns: ok', 'names/resolved: ok'],
  },
  {
    name: 'all name servers silent',
    fault: { dns: 'example.net', mode: 'server-down' },
    says: [
      'names/zone: down no-answer',
      'names/dns: down no-answer',
      'names/resolved: down servfail',
      'names/propagation: unknown no-answer',
      'names/delegation: down lame',
      'mail.records/posture: unknown not-asked',
    ],
  },
  {
    name: 'a secondary with an old zone',
    fault: { dns: 'example.net', mode: 'stale-serial', server: 'ns2' },
    after: 5 * MINUTE,
    says: ['names/zone: degraded serial-behind', 'names/dns: ok', 'names/propagation: degraded partly-seen'],
  },
  {
    name: 'servers that fail',
    fault: { dns: 'example.net', mode: 'servfail' },
    says: ['names/zone: down servfail', 'names/dns: down servfail', 'names/resolved: down servfail'],
  },
  {
    name: 'servers that answer something else',
    fault: { dns: 'example.net', mode: 'wrong-answer' },
    says: [
      'names/dns: degraded unexpected-answer',
      'names/resolved: degraded unexpected-answer',
      'names/zone: ok',
      'names/propagation: degraded partly-seen',
      'mail.records/posture: degraded mx-differs',
    ],
  },
  {
    name: 'a zone above that names others',
    fault: { dns: 'example.net', mode: 'delegation-mismatch' },
    says: ['names/delegation: degraded lame', 'names/zone: ok'],
  },
  {
    name: 'a backup that is late',
    fault: { backup: 'web1', mode: 'late' },
    says: ['web1/backup: degraded full-late', 'web1/push: down late'],
  },
  {
    name: 'a backup that failed',
    fault: { backup: 'web1/backup', mode: 'failed' },
    says: ['web1/backup: degraded too-small', 'web1/push: ok'],
  },
  {
    name: 'a backup that is corrupt',
    fault: { backup: 'web1', mode: 'corrupt' },
    says: ['web1/backup: degraded full-late', 'web1/push: degraded reported-warning'],
  },
  {
    name: 'a job that says that it failed',
    fault: { backup: 'web1/push', mode: 'failed' },
    says: ['web1/push: down reported-critical', 'web1/backup: ok'],
  },
  {
    name: 'one server with other records: only who asks it is told them',
    fault: { dns: 'example.net', mode: 'wrong-answer', server: 'ns2.example.net', value: '203.0.113.99' },
    says: ['names/dns: ok', 'names/propagation: degraded partly-seen', 'names/zone: ok'],
  },
  {
    name: 'one server that fails',
    fault: { dns: 'example.net', mode: 'servfail', server: '192.0.2.20' },
    says: ['names/zone: degraded servfail', 'names/dns: down servfail', 'names/resolved: ok', 'names/delegation: degraded lame'],
  },
  {
    name: 'all but the first server with an old zone',
    fault: { dns: 'example.net', mode: 'stale-serial' },
    after: 5 * MINUTE,
    says: ['names/zone: degraded serial-behind', 'names/dns: ok'],
  },
  {
    name: 'a zone above that names an old server instead of the first',
    fault: { dns: 'example.net', mode: 'delegation-mismatch', server: '192.0.2.20' },
    says: ['names/delegation: degraded lame', 'names/zone: ok', 'names/dns: ok'],
  },
];

itSays(cases);
