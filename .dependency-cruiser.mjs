/** The floors: a package imports only packages of a lower floor; inside a module, rules stay pure. Tests stand above all. */
const floors = [
  ['^packages/kernel/'],
  ['^packages/model/'],
  ['^packages/(platform|edge|broker|ui)/'],
  ['^modules/(identity|equipment|material)/', '^drivers/'],
  ['^modules/(historian|alarm)/'],
  ['^modules/(execution)/'],
  ['^modules/(quality|traceability|performance|control|twin|maintenance)/'],
  ['^modules/(integration|change)/'],
  ['^apps/'],
]
const test = '(\\.test\\.tsx?$|/testing/|^packages/testkit/|/contract/)'
/** Modules that stand beside each other: what one of them needs of another comes as an event. */
const neighbours = floors.flatMap(([modules]) => {
  if (!modules.startsWith('^modules/')) return []
  return [
    {
      name: 'neighbours',
      severity: 'error',
      from: { path: modules, pathNot: test },
      to: { path: modules, pathNot: '^modules/$1/' },
    },
  ]
})
const upward = floors.flatMap((floor, index) => {
  const above = floors.slice(index + 1).flat()
  if (above.length === 0) return []
  return [
    { name: `floor-${index}-looks-up`, severity: 'error', from: { path: floor, pathNot: test }, to: { path: above } },
  ]
})

export default {
  forbidden: [
    ...upward,
    ...neighbours,
    {
      name: 'no-circle',
      comment: 'types alone may point back: nothing runs in a circle',
      severity: 'error',
      from: { pathNot: test },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'drivers-and-apps-stand-alone',
      severity: 'error',
      from: { path: '^(drivers|apps)/([^/]+)/', pathNot: test },
      to: { path: '^$1/', pathNot: '^$1/$2/' },
    },
    {
      name: 'edge-tower',
      comment: 'drivers and the edge run on boxes without a database',
      severity: 'error',
      from: { path: '^(drivers|packages/edge|apps/edge-agent)/', pathNot: test },
      to: { path: '^(modules|packages/platform|packages/broker)/' },
    },
    {
      name: 'pages-know-no-server',
      severity: 'error',
      from: { path: '^(apps/web|packages/ui)/' },
      to: { path: '^(modules|drivers|packages/(platform|edge|broker))/' },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: '/rules\\.ts$' },
      to: { path: ['/store\\.ts$', 'kysely', '^node:', 'packages/platform'] },
    },
    {
      name: 'only-through-the-face',
      severity: 'error',
      from: { path: '^(modules|drivers|packages|apps)/([^/]+)/' },
      to: {
        path: '^(modules|drivers|packages)/',
        pathNot: [
          '^$1/$2/',
          '/src/index\\.ts$',
          '^packages/edge/src/contract/index\\.ts$',
          '^drivers/opcua/src/testing/',
        ],
      },
    },
    { name: 'not-listed', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    {
      name: 'no-drawer',
      comment: 'a file is named after what it holds',
      severity: 'error',
      from: {},
      to: { path: '/(utils?|helpers?|commons?|misc)\\.tsx?$', pathNot: 'node_modules' },
    },
    { name: 'not-to-test', severity: 'error', from: { pathNot: test }, to: { path: '\\.test\\.tsx?$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/generated/)' },
    includeOnly: '^(packages|modules|drivers|apps)/',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
