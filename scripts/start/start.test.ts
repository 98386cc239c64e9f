import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCommandLine } from './command-line.ts'
import { readable } from './console-lines.ts'
import { prepareHome } from './home.ts'

test('options are read, and wrong ones refused by name', () => {
  expect(readCommandLine(['--port', '9000', '--no-demo', '--speed', '60'])).toMatchObject({
    port: 9000,
    demo: false,
    machines: false,
    people: false,
    speed: 60,
  })
  expect(() => readCommandLine(['--port', 'web'])).toThrow('--port web')
  expect(() => readCommandLine(['--speed', '601'])).toThrow('from 1 to 600')
  expect(() => readCommandLine(['--prot', '1'])).toThrow('--prot')
})

test('a log line becomes readable, any other line stays', () => {
  expect(readable('{"level":40,"time":1795348023000,"source":"edge-1","count":3,"msg":"fault"}')).toBe(
    '11:47:03 warn fault source=edge-1 count=3',
  )
  expect(readable('Error: {')).toBe('Error: {')
  expect(readable('{broken')).toBe('{broken')
})

const plain = {
  reset: false,
  port: 0,
  host: '127.0.0.1',
  demo: false,
  machines: false,
  people: false,
  speed: 1,
  backfillDays: 0,
  outageMinutes: null,
  recoverAdministrator: null,
}

test('--reset deletes a home, and nothing that does not look like one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-home-'))
  const options = { ...plain, home: join(folder, 'home'), reset: true }
  mkdirSync(options.home)
  writeFileSync(join(options.home, 'thesis.txt'), 'years of work')
  await expect(prepareHome(options)).rejects.toThrow('does not look like the home of a plant')
  mkdirSync(join(options.home, 'postgres'))
  await expect(prepareHome(options)).resolves.toBeUndefined()
  rmSync(folder, { recursive: true })
})

test('a home in use by a running plant is refused', async () => {
  const home = mkdtempSync(join(tmpdir(), 'throughline-home-'))
  writeFileSync(join(home, 'plant.pid'), String(process.ppid))
  const options = { ...plain, home }
  await expect(prepareHome(options)).rejects.toThrow(`process ${process.ppid}`)
  rmSync(home, { recursive: true })
})

test('a home that cannot be written is one clear line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-home-'))
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const home = join(file, 'home')
  const options = { ...plain, home }
  await expect(prepareHome(options)).rejects.toThrow('set THROUGHLINE_HOME to a folder of your own')
  rmSync(folder, { recursive: true })
})
