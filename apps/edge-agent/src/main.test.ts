import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'throughline-main-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function run(environment: Record<string, string>) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { THROUGHLINE_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', error: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.error += chunk
  })
  return { child, output, gone: once(child, 'exit') as Promise<[number | null, string | null]> }
}

test('a missing key is one line that says what to do, and exit code 1', async () => {
  const { output, gone } = run({})
  expect(await gone).toEqual([1, null])
  expect(output.error.trimEnd().split('\n')).toHaveLength(1)
  expect(output.error).toContain(join(home, 'keys/edge-1.key'))
})

test('a wrong setting is one line that names it, and exit code 1', async () => {
  const { output, gone } = run({ EDGE_MQTT_URL: 'somewhere' })
  expect(await gone).toEqual([1, null])
  expect(output.error.trimEnd().split('\n')).toHaveLength(1)
  expect(output.error).toContain('EDGE_MQTT_URL')
})

test('[SR-5.4] with neither server nor broker it runs, and SIGTERM ends it cleanly', async () => {
  writeFileSync(join(home, 'key'), 'some key')
  const { child, output, gone } = run({
    EDGE_API_KEY_FILE: join(home, 'key'),
    EDGE_SERVER_URL: 'http://127.0.0.1:9',
    EDGE_MQTT_URL: 'mqtt://127.0.0.1:9',
  })
  await vi.waitFor(() => expect(output.out).toContain('edge agent runs'), { timeout: 20_000, interval: 50 })
  child.kill('SIGTERM')
  expect(await gone).toEqual([0, null])
  expect(output.error).toBe('')
})
