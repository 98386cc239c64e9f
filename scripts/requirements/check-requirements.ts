import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderMatrix } from './matrix.ts'
import { readRequirements } from './requirement.ts'
import { titledTests } from './test-titles.ts'
import { trace } from './trace.ts'

const folders = '{packages,modules,drivers,apps,scripts,e2e}'

export interface RequirementsReport {
  readonly matrix: string
  readonly problems: readonly string[]
  readonly counts: { readonly requirements: number; readonly withTest: number; readonly unknownIds: number }
}

/**
 * Reads the requirements and the tests below `root`, and writes the matrix or, with `compareOnly`, holds the one that is
 * there to what it should say.
 */
export function checkRequirements(root: string, { compareOnly }: { compareOnly: boolean }): RequirementsReport {
  const folder = join(root, 'docs/validation')
  const tests = testFiles(root).flatMap((file) => titledTests(file, readFileSync(join(root, file), 'utf8')))
  const found = trace(readRequirements(join(folder, 'requirements')), tests)
  const matrix = renderMatrix(found)
  const problems = [...found.problems]
  const path = join(folder, 'trace-matrix.md')
  if (!compareOnly) writeFileSync(path, matrix)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== matrix) {
    problems.push('docs/validation/trace-matrix.md is not what this tree gives: run npm run requirements and commit it')
  }
  const inForce = found.requirements.filter(({ requirement }) => requirement.state === 'in-force')
  return {
    matrix,
    problems,
    counts: {
      requirements: inForce.length,
      withTest: inForce.filter(({ evidence }) => evidence.length > 0).length,
      unknownIds: found.unknownIds.length,
    },
  }
}

function testFiles(root: string): string[] {
  return globSync(`${folders}/**/*.test.{ts,tsx}`, { cwd: root, exclude: (name) => /(^|\/)node_modules$/.test(name) })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
}
