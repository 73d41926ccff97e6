/** How to start npm from a script: the npm that started us if there is one, so that both are of the same version. */
export function npmCommand(args: readonly string[]): { command: string; args: string[] } {
  const running = process.env.npm_execpath;
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) return { command: process.execPath, args: [running, ...args] };
  return { command: 'npm', args: [...args] };
}
