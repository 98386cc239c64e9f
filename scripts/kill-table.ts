import { join } from 'node:path'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Control } from './kill-table/control.ts'
import { controls } from './kill-table/controls.ts'
import { killTable, renderKillTable } from './kill-table/kill-table.ts'
import { readRequirements } from './requirements/requirement.ts'
import { root } from './start/build-pages.ts'

/** `npm run kill-table [-- <control> …]`: is each control missed by a test that names its requirement? */
try {
  const outcomes = await killTable(root, chosen(process.argv.slice(2)), (line) => console.log(line))
  const killed = outcomes.filter(({ problem }) => problem === '').length
  if (outcomes.length > 0) console.log(renderKillTable(outcomes))
  if (killed < outcomes.length) process.exitCode = 1
  console.log(JSON.stringify({ controls: outcomes.length, killed }))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}

function chosen(ids: readonly string[]): readonly Control[] {
  const known = new Set(readRequirements(join(root, 'docs/validation/requirements')).map(({ id }) => id))
  for (const { id, requirements } of controls) {
    const unknown = requirements.filter((one) => !known.has(one))
    if (unknown.length > 0) throw invalid(`The control ${id} names ${unknown.join(', ')}, which no requirement has`)
  }
  const absent = ids.filter((id) => !controls.some((control) => control.id === id))
  if (absent.length > 0) throw invalid(`There is no control ${absent.join(', ')}: see scripts/kill-table/controls.ts`)
  return ids.length === 0 ? controls : controls.filter(({ id }) => ids.includes(id))
}

function invalid(message: string): DomainError {
  return new DomainError('invalid', 'validation.control-invalid', message)
}
