import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeciding } from './config.ts'
import { runAll, step } from './run-all.ts'
import { root } from './start/build-pages.ts'

/** `npm run test:reference`: the tests that read reference data beside the project. */
const folder = join(root, '../shared/data')
if (!existsSync(folder)) {
  console.log(`No reference data at ${folder}: nothing to check against`)
  process.exit(0)
}
// The import of a whole test bed into a plant takes the better part of a minute, which a deciding run does not have.
const leaves = isDeciding ? ['--exclude', 'scripts/**'] : []
await runAll([step('reference', 'vitest', ['run', '--config', 'vitest.reference.config.ts', ...leaves])])
