import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './start/build-pages.ts'

/** `run` answers an exit code. */
export type Step = readonly [name: string, run: () => Promise<number>]

/** One run of a tool of `node_modules/.bin`. */
export const step = (name: string, tool: string, args: readonly string[]): Step => [name, () => runTool(tool, args)]

/** Runs one step after the other, all of them, and ends the process with what they found. */
export async function runAll(steps: readonly Step[]): Promise<void> {
  const failed: string[] = []
  for (const [name, run] of steps) {
    const began = performance.now()
    const code = await run()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    if (code !== 0) failed.push(name)
  }
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}`)
    process.exit(1)
  }
}

/** The exit code of a tool; its output goes to the console. */
export async function runTool(tool: string, args: readonly string[]): Promise<number> {
  const file = join(root, 'node_modules/.bin', tool)
  if (!existsSync(file)) throw new Error(`${tool} is not installed: run npm ci`)
  const child = spawn(file, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
