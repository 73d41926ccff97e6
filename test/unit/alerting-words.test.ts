import { describe, expect, it } from 'vitest';
import { checkLabel } from '../../shared/alerting/names.ts';
import { stepAlert } from '../../shared/alerting/step.ts';
import type { CheckState } from '../../shared/health/step.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { check, hard, okState, thing, verdict } from '../support/story.ts';

const web1 = thing('host', 'web1');
const cox = thing('link', 'cox', { name: 'Cox', site: 'sd' });
const range = thing('prefix', 'range-13', { name: '198.18.13.0/24', site: 'sd' });
const mail = thing('mail', 'mail-sd', { name: 'example.net' });
const sites = thing('service', 'web', { name: 'web sites' });
const silent = hard(verdict('down', 'no-reply', 'no answer to 5 pings'));
const refused = hard(verdict('down', 'refused', 'connection refused'));
const wrong = hard(verdict('down', 'wrong-status', 'answers 503, expected 200'));
const slow = hard(verdict('degraded', 'slow', 'answers in 1.9 s, more than 500 ms'));
const long = 'x'.repeat(80);

const alert = (subject: Subject, checks: [PlannedCheck, CheckState][], siteName?: string) =>
  stepAlert({
    subject,
    ...(siteName === undefined ? {} : { siteName }),
    checks: checks.map(([plan, state]) => ({ plan, state })),
    open: null,
    now: 9,
    newId: () => 'N',
  }).alert;

describe('titles', () => {
  const http = check(web1, 'http');
  const ping = check(web1, 'icmp');
  const address = (last: number) => check(range, 'icmp', `icmp-198.18.13.${last}`, { target: `198.18.13.${last}` });
  const imap = check(mail, 'tcp', 'imap-login');
  const table: [string, ReturnType<typeof alert>, string][] = [
    [
      'all of a host',
      alert(web1, [
        [ping, silent],
        [http, refused],
      ]),
      'web1 is down',
    ],
    ['the only check of a host', alert(web1, [[http, refused]]), 'web1 is down'],
    ['a host that answers, wrongly', alert(web1, [[http, wrong]]), 'HTTP on web1 fails'],
    [
      'one of several',
      alert(web1, [
        [ping, okState],
        [http, refused],
      ]),
      'HTTP on web1 fails',
    ],
    [
      'two of several',
      alert(web1, [
        [ping, okState],
        [http, refused],
        [check(web1, 'http', 'https'), refused],
      ]),
      'HTTP and HTTPS on web1 fail',
    ],
    ['slowness', alert(thing('host', 'db2'), [[check(thing('host', 'db2'), 'tcp', 'mysql'), slow]]), 'db2 answers slowly'],
    [
      'a short verdict',
      alert(web1, [[check(web1, 'host'), hard(verdict('degraded', 'memory', 'memory 93 % used'))]]),
      'web1: memory 93 % used',
    ],
    ['a long verdict', alert(web1, [[check(web1, 'host'), hard(verdict('degraded', 'memory', long))]]), 'Host on web1 is degraded'],
    [
      'an expired certificate',
      alert(web1, [
        [ping, okState],
        [check(web1, 'tls'), hard(verdict('down', 'certificate-expired', 'certificate expired 2 d ago'))],
      ]),
      'web1: certificate expired 2 d ago',
    ],
    [
      'a machine whose disk is read-only is not down',
      alert(web1, [[check(web1, 'host'), hard(verdict('down', 'disk-read-only', 'disk / is read-only'))]]),
      'web1: disk / is read-only',
    ],
    [
      'the worst comes first',
      alert(web1, [
        [ping, slow],
        [http, refused],
      ]),
      'HTTP on web1 fails',
    ],
    ['a silent gateway', alert(cox, [[check(cox, 'icmp', 'gateway'), silent]], 'San Diego'), 'Cox at San Diego: gateway does not answer'],
    ['a site without a name', alert(cox, [[check(cox, 'icmp', 'gateway'), silent]]), 'Cox at sd: gateway does not answer'],
    [
      'a lossy gateway',
      alert(cox, [[check(cox, 'icmp', 'gateway'), hard(verdict('degraded', 'packet-loss', '20 % of packets lost'))]], 'San Diego'),
      'Cox at San Diego: 20 % of packets lost',
    ],
    [
      'a whole prefix',
      alert(
        range,
        [
          [address(1), silent],
          [address(2), silent],
        ],
        'San Diego',
      ),
      '198.18.13.0/24 at San Diego does not answer',
    ],
    [
      'part of a prefix',
      alert(range, [
        [address(1), silent],
        [address(2), okState],
        [address(3), okState],
      ]),
      '198.18.13.0/24 at sd: 1 of 3 addresses does not answer',
    ],
    [
      'a mail leg',
      alert(mail, [
        [imap, refused],
        [check(mail, 'tcp', 'smtp'), okState],
      ]),
      'IMAP login of example.net fails',
    ],
    ['the only mail leg', alert(mail, [[imap, refused]]), 'IMAP login of example.net fails'],
    [
      'all of mail',
      alert(mail, [
        [imap, refused],
        [check(mail, 'tcp', 'smtp'), refused],
      ]),
      'Mail of example.net is down',
    ],
    ['a service', alert(sites, [[check(sites, 'http'), wrong]]), 'Web sites cannot be used'],
    [
      'part of a service',
      alert(sites, [
        [check(sites, 'http'), wrong],
        [check(sites, 'dns'), okState],
      ]),
      'HTTP of web sites fails',
    ],
  ];
  it.each(table)('%s', (_what, made, title) => expect(made?.title).toBe(title));
});

describe('texts', () => {
  it('says the same thing once', () => {
    const made = alert(web1, [
      [check(web1, 'http'), refused],
      [check(web1, 'tcp', 'ssh'), refused],
      [check(web1, 'icmp'), okState],
      [check(web1, 'tls'), okState],
    ]);
    expect(made?.text).toBe('HTTP and SSH: connection refused. Ping and TLS are fine.');
  });
  it('is bounded and harmless whatever the server said', () => {
    const hostile = verdict('down', 'unexpected-banner', `\x1b[31m\u202eevil\nbanner ${'é'.repeat(5_000)}`);
    const many = Array.from({ length: 40 }, (_, n): [PlannedCheck, CheckState] => [
      check(web1, 'tcp', `port-${n}`),
      hard({ ...hostile, text: `${n} ${hostile.text}` }),
    ]);
    const made = alert(web1, many);
    expect(made?.text.length).toBeLessThan(1_500);
    expect(`${made?.title}${made?.text}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(made?.text).toContain('35 more checks not ok.');
  });
});

describe('checkLabel', () => {
  const table: [PlannedCheck, string][] = [
    [check(web1, 'http'), 'HTTP'],
    [check(web1, 'icmp'), 'Ping'],
    [check(mail, 'tcp', 'imap-login'), 'IMAP login'],
    [check(mail, 'tcp', 'submission'), 'submission'],
    [check(web1, 'http', 'shop_api'), 'shop API'],
    [check(cox, 'icmp', 'gateway'), 'gateway'],
    [check(range, 'icmp', 'icmp-198.18.13.1', { target: '198.18.13.1' }), '198.18.13.1'],
  ];
  it.each(table)('%#', (plan, label) => expect(checkLabel(plan)).toBe(label));
});
