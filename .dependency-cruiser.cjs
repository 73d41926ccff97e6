/** The import rules of docs/architecture.md. A folder may only look where it is allowed to. */

const probe = '^electron/probes/';
const drillWorld = '^electron/drill/world[^/]*\\.ts$';
const drillTruth = '^electron/drill/truth[^/]*\\.ts$';
const nodeModules = '(^|/)node_modules/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-is-pure',
      comment: 'shared/ runs everywhere: it may use itself, zod, luxon and croner.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', `${nodeModules}(zod|luxon|@types/luxon|croner)/`] },
    },
    {
      name: 'probes-know-their-checks-only',
      comment:
        'A probe may use its check, the rules of mail, the model, plain text and time, the form of a trace, node and libraries. Not the engine, not the store.',
      severity: 'error',
      from: { path: probe },
      to: {
        path: '^(electron|shared|renderer|test)/',
        pathNot: [probe, '^shared/checks/', '^shared/mail/', '^shared/model/', '^shared/(text|time|result|trace|trace-output)\\.ts$'],
      },
    },
    {
      name: 'engine-without-electron',
      comment: 'The engine runs under plain Node too: no Electron, nothing of the desktop side.',
      severity: 'error',
      from: { path: '^electron/(engine|store|inventory|probes|notify|drill)/' },
      to: { path: ['^electron/(main|preload)\\.ts$', '^electron/desk/', `${nodeModules}electron(-store)?/`] },
    },
    {
      name: 'drill-world-judges-nothing',
      comment:
        'The world of a drill shares nothing with the code that judges, alerts or drafts, or a drill would prove nothing: it may use the inventory, plain text and time, and the types of checks.',
      severity: 'error',
      from: { path: drillWorld },
      to: {
        path: '^(electron|shared|renderer|test)/',
        pathNot: [
          '^electron/drill/(world[^/]*|random)\\.ts$',
          '^electron/(engine/clock|probes/(types|trace))\\.ts$',
          '^shared/(checks|model|mail|scenario)/',
          '^shared/(text|time|result|trace)\\.ts$',
        ],
      },
    },
    {
      name: 'drill-world-knows-types-of-checks-only',
      severity: 'error',
      from: { path: drillWorld },
      to: { path: '^(shared/(checks|mail)|electron/probes)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'drill-truth-diagnoses-nothing',
      comment:
        'Who judges what the desk says in a drill shares nothing with the code that says it: the world, the inventory, plain text and time, and the form of a diagnosis.',
      severity: 'error',
      from: { path: drillTruth },
      to: {
        path: '^(electron|shared|renderer|test)/',
        pathNot: [
          '^electron/drill/(truth[^/]*|world[^/]*|random|read)\\.ts$',
          '^shared/(checks|model|scenario)/',
          '^shared/diagnosis/types\\.ts$',
          '^shared/(text|time|result|trace)\\.ts$',
        ],
      },
    },
    {
      name: 'drill-truth-knows-types-of-diagnoses-only',
      severity: 'error',
      from: { path: drillTruth },
      to: { path: '^shared/(diagnosis|checks)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'set-up-stands-apart',
      comment: 'electron/setup prepares a start; it is no part of the app.',
      severity: 'error',
      from: { path: '^(electron|renderer|shared)/', pathNot: '^electron/setup/' },
      to: { path: '^electron/setup/' },
    },
    {
      name: 'pages-know-shared-only',
      comment: 'renderer/ may use itself, shared/ and libraries: no node, nothing of electron/.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^electron/', '^test/', `${nodeModules}electron(-store)?/`] },
    },
    {
      name: 'pages-without-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-pages',
      severity: 'error',
      from: { pathNot: ['^renderer/', '^test/'] },
      to: { path: '^renderer/' },
    },
    {
      name: 'nobody-imports-the-desk',
      comment: 'Only main.ts wires the desktop side.',
      severity: 'error',
      from: { pathNot: ['^electron/desk/', '^electron/main\\.ts$', '^test/'] },
      to: { path: ['^electron/desk/', '^electron/(main|preload)\\.ts$'] },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circles',
      comment: 'Files that need each other are one thing in two files. Types alone may point back.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-tools-in-the-app',
      comment: 'What the app needs stands in dependencies. Electron is the exception: it is the runtime.',
      severity: 'error',
      from: { path: '^(electron|renderer|shared)/', pathNot: '^electron/setup/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        dependencyTypesNot: ['type-only', 'triple-slash-type-reference', 'npm'],
        pathNot: `${nodeModules}electron/`,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    preserveSymlinks: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts', '.css'],
    },
  },
};
