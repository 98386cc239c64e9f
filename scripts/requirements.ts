import { parseArgs } from 'node:util'
import { messageOf } from '@throughline/kernel'
import { checkRequirements } from './requirements/check-requirements.ts'
import { root } from './start/build-pages.ts'

/** `npm run requirements [-- --check]`: which test proves which requirement, and where the two do not fit. */
try {
  const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values
  const { matrix, problems, counts } = checkRequirements(root, { compareOnly: check })
  // Whoever only asks whether it all fits needs no matrix to scroll through.
  if (!check) console.log(matrix)
  if (problems.length > 0) {
    console.error(`${problems.length} problems:`)
    for (const problem of problems) console.error(`  ${problem}`)
    process.exitCode = 1
  }
  console.log(JSON.stringify(counts))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
