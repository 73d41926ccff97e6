/** Entry of the headless engine: the same engine under plain Node, for operators, agents and tests. */
import { parseArgs } from 'node:util';
import { clean } from '../../shared/text.ts';
import { runChanges } from './cli-changes.ts';
import { runIncidents } from './cli-incidents.ts';
import { runUptime } from './cli-uptime.ts';

const help = `nightdesk: the engine without its window

  nightdesk check INVENTORY.yaml --once [--json]
      Runs every check once. One line each, or with --json one JSON object a line:
      check, type, target, vantage, verdict {state, reason, text}, observation.
      Exit code: 0 all ok, 1 something is not, 2 the inventory is invalid.

  nightdesk expand INVENTORY.yaml [--json]
      The inventory with all that it stands for written out, as YAML or as one JSON object:
      every check of a mail stack, a gateway, a prefix, with every setting. Nothing is probed.
      Exit code: 0 done, 2 the inventory is invalid.

  nightdesk run INVENTORY.yaml --data DIR
      Watches until SIGINT or SIGTERM; events as JSON lines on standard output.
      Exit code: 0 ended as asked, 2 the inventory or the data folder cannot be used.

  nightdesk incidents --data DIR [--json]
      What incidents there were, newest first: id, beginning, how long, severity, status, title.
      With --json one object a line; from and to are epoch ms, to is null while it lasts.

  nightdesk draft --data DIR (--incident ID | --window ID | --from ISO --to ISO) --out DIR
                  [--kind KINDS] [--format FORMATS] [--zone ZONE] [--clock 12h] [--fresh] [--force]
      Writes documents about an incident, planned work, or a stretch of time.
      KINDS: all, or some of post-mortem,customer-report,status-update,provider-ticket,sla-credit;
      of planned work maintenance-announcement,maintenance-postponement.
      FORMATS: all, or some of markdown,html,pdf,docx,text,json,csv,ical (markdown,html where it is left out).
      A document that people have written is taken as they left it; --fresh drafts it anew.
      A file that is there is never overwritten without --force. PDF needs the Electron of npm start.
      Times without an offset are in the organization's zone.
      Exit code: 0 written, 2 nothing or not all was written and why, 3 all but what cannot be made here.

  nightdesk uptime --data DIR [--from ISO] [--to ISO] [--zone ZONE] [--csv FILE | --csv - | --json]
      How long everything was up, degraded, down, unreachable, under planned work, not known;
      of the last 30 days where no times are given. --json is one object: from, to, lines
      (kind, id, name, site, parts in ms, availability in per cent, outages, longestOutageMs).

  nightdesk changes FILE --data DIR --by NAME
      Takes in what was changed (patches, moves), to stand beside later faults. CSV with the
      columns at,subject,text,by or JSON lines; all or nothing. Only while no desk runs on DIR:
      a running one imports in its window. NAME enters those that do not say who made them.

  nightdesk drill FILE [--speed 60 | --speed max] [--json] [--draft DIR [--force]]
  nightdesk drill --check FILE
      Plays an outage (docs/drill-files.md) through the engine, on a clock of its own: 60 times as fast as life,
      or as fast as it goes. Nothing real is asked, and nobody is told. Events as lines, or as JSON lines;
      --draft writes what can be drafted at the end in every format, and facts.json, in a folder for each
      incident. --check only reads it.
      Exit code: 0 played (or fine), 2 the file is wrong: file, line, column and what was expected there.

  nightdesk --help

Secrets are read from the environment (NIGHTDESK_SECRET_<NAME>) or from secrets.json (mode 600) in the data folder.
`;

/** A mistake in the call: what was wrong, then where help is. Exit code 2. */
function misuse(text: string): number {
  process.stderr.write(`nightdesk: ${text}\nTry: npm run -s nightdesk -- --help\n`);
  return 2;
}

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || rest.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    switch (command) {
      case 'check': {
        const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { once: flag, json: flag } });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('check wants one inventory file');
        if (!values.once) return misuse('check runs every check once: say --once (to keep watching use: run)');
        // Engine and probes are loaded for those who use them: the other commands begin at once.
        const { runCheck } = await import('./cli-check.ts');
        return await runCheck(file, values.json ?? false);
      }
      case 'expand': {
        const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { json: flag } });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('expand wants one inventory file');
        const { runExpand } = await import('./cli-expand.ts');
        return await runExpand(file, values.json ?? false);
      }
      case 'run': {
        const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { data: text } });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('run wants one inventory file');
        if (!values.data) return misuse('run wants a folder for its data: --data DIR');
        const { runEngine } = await import('./cli-run.ts');
        return await runEngine(file, values.data);
      }
      case 'incidents': {
        const { values } = parseArgs({ args: rest, options: { data: text, zone: text, json: flag } });
        if (!values.data) return misuse('incidents wants the folder of a desk: --data DIR');
        return await runIncidents({ data: values.data, zone: values.zone ?? null, json: values.json ?? false });
      }
      case 'draft': {
        const names = { data: text, out: text, incident: text, window: text, from: text, to: text, kind: text, format: text } as const;
        const { values } = parseArgs({ args: rest, options: { ...names, zone: text, clock: text, force: flag, fresh: flag } });
        const { data, out, incident = null, window = null, from = null, to = null, force = false, fresh = false } = values;
        const chosen = [incident !== null, window !== null, from !== null || to !== null].filter((it) => it).length;
        if (!data || !out || chosen !== 1 || (from === null) !== (to === null))
          return misuse('draft wants --data DIR, --out DIR, and one of --incident ID, --window ID, or --from ISO with --to ISO');
        const { kind = null, format = null, zone = null, clock = null } = values;
        // It brings all that drafts and writes: the other commands begin at once.
        const { runDraft } = await import('./cli-draft.ts');
        return await runDraft({ data, out, incident, window, from, to, kind, format, zone, clock, force, fresh });
      }
      case 'uptime': {
        const { values } = parseArgs({ args: rest, options: { data: text, from: text, to: text, zone: text, csv: text, json: flag } });
        const { data, from = null, to = null, zone = null, csv = null, json = false } = values;
        if (!data) return misuse('uptime wants the folder of a desk: --data DIR');
        if (json && csv === '-') return misuse('uptime writes one thing to standard output: --json or --csv -');
        return await runUptime({ data, from, to, zone, csv, json });
      }
      case 'changes': {
        const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { data: text, by: text } });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('changes wants one file');
        const by = clean(values.by ?? '', 80);
        if (!values.data || by === '') return misuse('changes wants the folder of a desk and your name: --data DIR --by NAME');
        return await runChanges(file, values.data, by);
      }
      case 'drill': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { speed: text, json: flag, draft: text, check: flag, force: flag },
        });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('drill wants one drill file');
        const { checkDrill, runDrill } = await import('./cli-drill.ts');
        if (values.check) return await checkDrill(file);
        const { speed = 'max' } = values;
        const times = speed === 'max' ? 'max' : Number(speed);
        if (times !== 'max' && !(times >= 0.1 && times <= 100_000)) return misuse('--speed: expected a number such as 60, or max');
        return await runDrill(file, {
          speed: times,
          json: values.json ?? false,
          draft: values.draft ?? null,
          force: values.force ?? false,
        });
      }
      default:
        return misuse(`there is no command "${clean(command, 40)}"`);
    }
  } catch (error) {
    // parseArgs throws on unknown options; its codes begin with ERR_PARSE_ARGS.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('ERR_PARSE_ARGS')) return misuse(clean((error as Error).message));
    throw error;
  }
}

// Whoever reads our lines may have had enough of them (| head): that is no bug of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
