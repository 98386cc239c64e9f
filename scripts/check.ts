import { runAll, step } from './run-all.ts'

/** `npm run check`: types, lint, floors, dead code. */
// The native compiler checks; the older one, under the plain name, is there for tools that need its JavaScript API.
const nativeCompiler = '../typescript-7/bin/tsc'

await runAll([
  step('types', nativeCompiler, ['-p', '.']),
  step('lint', 'biome', ['check', '--error-on-warnings', '.']),
  step('floors', 'depcruise', [
    ...['packages', 'modules', 'drivers', 'apps'],
    ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ]),
  step('dead code', 'knip', []),
])
