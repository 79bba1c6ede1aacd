import swc from '@swc/core/Visitor.js';

/** The walls between the rooms, as DESIGN draws them; `npm run walls` holds them, type imports included. */

// swc's visitor, by which dependency-cruiser reads TypeScript, stops at `using` declarations.
const { visitStatement } = swc.Visitor.prototype;
swc.Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

const rooms = ['config', 'source', 'password', 'rules', 'engine', 'target', 'state', 'sandbox', 'wire'];
const bench = '^test/bench/';
const page = '^daemon/dashboard/page/';
const tests = '\\.test\\.ts$|^test/';

/** `room` may import the rooms listed, the words, and the configuration's types; nothing else of ours. */
const only = (room, ...others) => [
  {
    name: `${room}-knows-${['only-the-words', ...others].join('-and-')}`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
    to: { path: '^(src|daemon|test|build)/', pathNot: `^src/(${[room, 'model', 'config', ...others].join('|')})/` },
  },
  {
    name: `${room}-knows-of-config-its-types`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
    to: {
      path: others.includes('config') || room === 'config' ? '^$' : '^src/config/',
      dependencyTypesNot: ['type-only'],
    },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
// biome-ignore lint/style/noDefaultExport: the form dependency-cruiser reads
export default {
  forbidden: [
    {
      name: 'words-import-nothing',
      comment: 'model is what every room speaks: it knows no room, and of Node only the digest.',
      severity: 'error',
      from: { path: '^src/model/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/model/|^(node:)?crypto$' },
    },
    ...only('config', 'rules'),
    ...only('source'),
    ...only('password'),
    ...only('rules'),
    ...only('target', 'wire'),
    ...only('state'),
    ...only('sandbox', 'wire'),
    ...only('wire'),
    ...only('engine', 'config', 'source', 'password', 'rules', 'target', 'state'),
    {
      name: 'rules-are-pure',
      comment: 'Who, which and how an attribute flows is a function of its input: no I/O, no clock, no randomness.',
      severity: 'error',
      from: { path: '^src/rules/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?buffer$' },
    },
    ...rooms.map((room) => ({
      name: `by-the-door-of-${room}`,
      comment: 'A room is entered through its index.ts; its own tests live inside.',
      severity: 'error',
      from: { path: '^(src|daemon|test|build)/', pathNot: `^src/${room}/` },
      to: { path: `^src/${room}/`, pathNot: `^src/${room}/index\\.ts$` },
    })),
    {
      name: 'words-by-their-door',
      severity: 'error',
      from: { path: '^(src|daemon|test|build)/', pathNot: '^src/model/' },
      to: { path: '^src/model/', pathNot: '^src/model/index\\.ts$' },
    },
    {
      name: 'nothing-imports-the-process',
      comment: 'The daemon is the top: tests start it, nothing is built on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^(daemon|test|build)/' },
    },
    {
      name: 'the-product-without-tests',
      severity: 'error',
      from: { path: '^(src|daemon)/', pathNot: tests },
      to: { path: `${tests}|${bench}` },
    },
    {
      name: 'the-page-is-for-browsers',
      comment: 'The page takes from the daemon its types alone, and what it is made of is bundled.',
      severity: 'error',
      from: { path: page },
      to: { pathNot: `${page}|^node_modules/(preact|uplot)/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-page-is-served',
      comment: 'The daemon reads the page as files; it runs none of it.',
      severity: 'error',
      from: { pathNot: page },
      to: { path: page },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared',
      comment: 'The product stands on dependencies alone; tools are for tests and builds.',
      severity: 'error',
      from: { path: '^(src|daemon)/', pathNot: `${tests}|${page}` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^build/(out|cache)/|(^|/)(bin|obj)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    cache: false,
  },
};
