import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isDeciding } from './config.ts'
import { runTool } from './run-all.ts'

const Report = z.object({ testResults: z.array(z.object({ name: z.string(), status: z.string() })) })

/**
 * Runs the journeys through the browser and answers an exit code. A journey goes on where the test before it ended, so a
 * failed test cannot be tried again by itself: on a deciding run its whole file is, once, on a new plant and alone.
 */
export async function runJourneys(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-journeys-'))
  try {
    const report = join(folder, 'report.json')
    const code = await run(['e2e/journeys', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
    if (code === 0 || !isDeciding) return code
    const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')))
    const failed = testResults.flatMap(({ name, status }) => (status === 'passed' ? [] : [name]))
    if (failed.length === 0) return code
    console.log(`Once more, alone: ${failed.join(', ')}`)
    return await run([...failed, '--no-file-parallelism'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = (args: readonly string[]): Promise<number> =>
  runTool('vitest', ['run', '--config', 'e2e/vitest.config.ts', ...args])
