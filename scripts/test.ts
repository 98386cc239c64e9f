import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runAll } from './run-all.ts'
import { buildPagesIfStale } from './start/build-pages.ts'

const chromium = '/usr/bin/chromium'

/** `npm test`: every test; installs Chromium where that can be done, says what is missing where it cannot. */
ensureChromium()
await buildPagesIfStale()
const filters = process.argv.slice(2)
await runAll([
  ['tests', 'vitest', ['run', ...filters]],
  ...(filters.length > 0
    ? []
    : [['plant and browser', 'vitest', ['run', '--config', 'e2e/vitest.config.ts']] as const]),
])

function ensureChromium(): void {
  if (existsSync(chromium)) return
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log('Installing Chromium for the browser tests …')
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ]) {
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    }
    if (existsSync(chromium)) return
  }
  console.error(
    `The browser tests need Chromium at ${chromium}: install it (Debian: apt-get install chromium) and run npm test again`,
  )
  process.exit(1)
}
