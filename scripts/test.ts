import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { isDeciding } from './config.ts'
import { runJourneys } from './journeys.ts'
import { runAll, step } from './run-all.ts'
import { buildPagesIfStale } from './start/build-pages.ts'

const chromium = '/usr/bin/chromium-headless-shell'
const slapd = '/usr/sbin/slapd'

/** `npm test`: every test; installs Chromium and slapd where that can be done, says what is missing where it cannot. */
ensureChromium()
ensureSlapd()
await buildPagesIfStale()
const filters = process.argv.slice(2)
await runAll([
  step('tests', 'vitest', ['run', ...filters]),
  ...(filters.length > 0
    ? []
    : [
        ['browser', runJourneys] as const,
        // What is killed and cut off here is measured in seconds: these two have the machine for themselves, and mostly wait.
        step('plant', 'vitest', [
          ...['run', '--config', 'e2e/vitest.config.ts', `--retry=${isDeciding ? 1 : 0}`],
          ...['e2e/crash', 'e2e/outage'],
        ]),
      ]),
])

function ensureChromium(): void {
  if (existsSync(chromium) || install('Chromium for the browser tests', ['chromium-headless-shell'], chromium)) return
  console.error(
    `The browser tests need Chromium at ${chromium}: install it (Debian: apt-get install chromium-headless-shell) and run npm test again`,
  )
  process.exit(1)
}

/** The tests start their own; the one of the package is not to run. */
function ensureSlapd(): void {
  if (existsSync(slapd)) return
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy) && process.getuid?.() === 0 && existsSync('/etc/debian_version')
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const isThere = install('slapd for the tests of the directory', ['slapd', 'ldap-utils'], slapd)
  if (isOurs) rmSync(policy, { force: true })
  if (isThere) return
  console.error(
    `The tests of the directory need slapd at ${slapd}: install it (Debian: apt-get install slapd ldap-utils) and run npm test again`,
  )
  process.exit(1)
}

/** Installs Debian packages where that can be done; answers whether the program is there afterwards. */
function install(what: string, packages: readonly string[], program: string): boolean {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false
  console.log(`Installing ${what} …`)
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  return existsSync(program)
}
