import { runAll } from './run-all.ts'

/** `npm run check`: types, lint, floors, dead code. */
// The native compiler checks; the older one, under the plain name, is there for tools that need its JavaScript API.
const nativeCompiler = '../typescript-7/bin/tsc'

await runAll([
  ['types', nativeCompiler, ['-p', '.']],
  ['lint', 'biome', ['check', '--error-on-warnings', '.']],
  [
    'floors',
    'depcruise',
    ['packages', 'modules', 'drivers', 'apps', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ],
  ['dead code', 'knip', []],
])
