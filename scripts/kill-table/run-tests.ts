import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { root as tree } from '../start/build-pages.ts'

/** The part of vitest's JSON report that matters here. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
})

export interface TestedFile {
  readonly file: string
  /** Every test in it passed, and there was one. */
  readonly passed: boolean
  /** Why the file as a whole could not run; empty when it could. */
  readonly trouble: string
  /** `titles`: those of the groups around it, then its own. */
  readonly tests: readonly { readonly titles: readonly string[]; readonly status: string }[]
}

const timeLimitMs = 15 * 60_000

/**
 * Runs these test files of the tree below `root` in a vitest of its own, with the control `without` switched off; `null`
 * = with everything in place. Answers what ran, in no particular order.
 * @throws DomainError `unavailable` when there is no report: nothing ran, or not to its end
 */
export async function runTests(root: string, files: readonly string[], without: string | null): Promise<TestedFile[]> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-kill-table-'))
  const report = join(folder, 'report.json')
  try {
    const output = await runVitest(root, ['run', ...files, '--reporter=json', `--outputFile=${report}`], without)
    return readReport(root, report, output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runVitest(root: string, args: readonly string[], without: string | null): Promise<string> {
  // A vitest that is started by a test must not take itself for one of its workers.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|THROUGHLINE_TEST_WITHOUT)/.test(name))
  const child = spawn(process.execPath, [join(tree, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...(without === null ? {} : { THROUGHLINE_TEST_WITHOUT: without }) },
    timeout: timeLimitMs,
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-2_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  return output
}

function readReport(root: string, path: string, output: string): TestedFile[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const message = `The tests did not run to their end. The last that was heard:\n${output}`
    throw new DomainError('unavailable', 'validation.tests-did-not-run', message, {}, error)
  }
  return Report.parse(content).testResults.map(({ name, status, message, assertionResults }) => ({
    file: relative(root, name).replaceAll('\\', '/'),
    passed: status === 'passed' && assertionResults.some((one) => one.status === 'passed'),
    trouble: assertionResults.length === 0 ? message : '',
    tests: assertionResults.map((one) => ({ titles: [...one.ancestorTitles, one.title], status: one.status })),
  }))
}
