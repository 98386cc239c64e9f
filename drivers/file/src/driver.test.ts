import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SimulatedDevice } from '@throughline/edge/contract'
import { driverContract } from '@throughline/edge/contract'
import type { SampleValue } from '@throughline/model'
import { fileDriver } from './driver.ts'

driverContract({
  name: 'file',
  driverType: fileDriver,
  startDevice,
  variables: {
    double: { address: 'double.csv#value', values: [12.625, -7.1, 1e300] },
    int64: {
      address: 'cell/whole.json#value',
      values: [9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 5_000_000_000_000_000_001n],
    },
    boolean: { address: 'cell/boolean.json#value', values: [true, false, true] },
    string: { address: 'string.csv#value', values: ['B-1001', 'Zürich, "4"', 'x'] },
  },
  unknownAddress: 'absent.csv#value',
  refusedAddress: 'fixed.csv#value',
  nonsense: ['temperature', '#value', 'a.csv#', '/etc/passwd#x', '../a.csv#x', 'a//b.csv#x', ''],
  browse: 'variables',
  writes: 'nothing',
})

/** A measuring machine that writes its results into a folder. */
async function startDevice(): Promise<SimulatedDevice> {
  const home = mkdtempSync(join(tmpdir(), 'throughline-drop-'))
  const folder = join(home, 'drop')
  const away = join(home, 'away')
  mkdirSync(join(folder, 'cell'), { recursive: true })
  const values = new Map<string, SampleValue>()
  let written = 0
  const write = (address: string, text: string): void => {
    const [name = ''] = address.split('#')
    const beside = join(folder, `${name}.tmp`)
    writeFileSync(beside, text)
    renameSync(beside, join(folder, name))
  }
  const drop = (address: string, value: SampleValue | null): void => {
    written += 1
    const plain = typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
    const cell = value === null ? '' : typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : plain
    write(
      address,
      address.includes('.json') ? `{"run":${written},"value":${plain}}` : `run,value\n${written},${cell}\n`,
    )
  }
  const set = async (address: string, value: SampleValue): Promise<void> => {
    values.set(address, value)
    drop(address, value)
  }
  for (const [address, value] of [
    ['double.csv#value', 1.5],
    ['fixed.csv#value', 1.5],
    ['string.csv#value', 'a'],
  ] as const) {
    await set(address, value)
  }
  await set('cell/whole.json#value', 9_007_199_254_740_993n)
  await set('cell/boolean.json#value', false)
  const restart = async (): Promise<void> => {
    if (!existsSync(away)) renameSync(folder, away)
    rmSync(folder, { force: true })
    renameSync(away, folder)
  }
  return {
    endpoint: pathToFileURL(folder).href,
    options: { settleMs: 20, scanMs: 20, timeoutMs: 2000 },
    set,
    setBad: async (address) => drop(address, null),
    valueAt: async (address) => values.get(address) ?? null,
    stop: async () => {
      if (!existsSync(away)) renameSync(folder, away)
    },
    restart,
    // What stands there takes whoever opens it and says nothing.
    hang: async () => {
      renameSync(folder, away)
      execFileSync('mkfifo', [folder])
    },
    sendGarbage: async () => {
      written += 1
      write('broken.json#', `{"run": ${written}, "value": `)
    },
    openSessions: async () => (existsSync(join(folder, 'archive', 'in-use.lock')) ? 1 : 0),
    close: async () => rmSync(home, { recursive: true, force: true }),
  }
}
