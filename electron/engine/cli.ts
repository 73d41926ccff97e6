/** Entry of the headless engine: the same engine under plain Node, for operators, agents and tests. */
import { parseArgs } from 'node:util';
import { clean } from '../../shared/text.ts';
import { runCheck } from './cli-check.ts';
import { runDraft } from './cli-draft.ts';
import { runEngine } from './cli-run.ts';

const help = `nightdesk: the engine without its window

  nightdesk check INVENTORY.yaml --once [--json]
      Runs every check once. One line each, or with --json one JSON object a line:
      check, type, target, vantage, verdict {state, reason, text}, observation.
      Exit code: 0 all ok, 1 something is not, 2 the inventory is invalid.

  nightdesk run INVENTORY.yaml --data DIR
      Watches until SIGINT or SIGTERM; events as JSON lines on standard output.
      Exit code: 0 ended as asked, 2 the inventory or the data folder cannot be used.

  nightdesk draft --data DIR --from ISO --to ISO --out DIR [--zone ZONE]
      Drafts the incident report of a stretch of time, as Markdown and HTML.
      Times without an offset are in the organization's zone.

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
        return await runCheck(file, values.json ?? false);
      }
      case 'run': {
        const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { data: text } });
        const [file, ...more] = positionals;
        if (!file || more.length > 0) return misuse('run wants one inventory file');
        if (!values.data) return misuse('run wants a folder for its data: --data DIR');
        return await runEngine(file, values.data);
      }
      case 'draft': {
        const { values } = parseArgs({ args: rest, options: { data: text, from: text, to: text, out: text, zone: text } });
        const { data, from, to, out, zone } = values;
        if (!data || !from || !to || !out) return misuse('draft wants --data DIR --from ISO --to ISO --out DIR');
        return await runDraft({ data, from, to, out, zone: zone ?? null });
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
