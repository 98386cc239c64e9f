import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlantModel } from '@throughline/model'
import type { BenchReady, BenchUsage } from './server-process.ts'

/** A real plant server in a process of its own, so that its CPU and memory are told apart from the load's. */
export interface PlantUnderTest extends BenchReady {
  readonly home: string
  usage(): Promise<BenchUsage>
  stop(): Promise<void>
}

export async function startPlantUnderTest(model: PlantModel): Promise<PlantUnderTest> {
  const home = mkdtempSync(join(tmpdir(), 'throughline-bench-'))
  mkdirSync(join(home, 'model'))
  const modelFile = join(home, 'model/plant.yaml')
  writeFileSync(modelFile, JSON.stringify(model))
  const child = fork(new URL('./server-process.ts', import.meta.url), [], {
    env: {
      ...process.env,
      THROUGHLINE_HOME: home,
      THROUGHLINE_PORT: '0',
      THROUGHLINE_MQTT_PORT: '0',
      THROUGHLINE_MODEL: modelFile,
      THROUGHLINE_LOG: 'warn',
    },
  })
  const ready = await nextMessage<BenchReady>(child)
  return {
    ...ready,
    home,
    async usage() {
      child.send('usage')
      return nextMessage<BenchUsage>(child)
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.send('stop')
      await gone
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** @throws Error when the process ends first */
export function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with code ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as Message)
    })
  })
}

/** A plant with `nodes` machines of `tagsPerNode` analog tags, fed by agent `edge-1` over one connection. */
export function benchModel(
  nodes: number,
  tagsPerNode: number,
  connection: PlantModel['connections'][number],
): PlantModel {
  const names = Array.from({ length: tagsPerNode }, (_, index) => `V${index}`)
  const machines = Array.from({ length: nodes }, (_, index) => `M${index}`)
  return {
    classes: [
      {
        name: 'bench-machine',
        description: '',
        tags: names.map((name) => ({
          name,
          description: '',
          dataType: 'double' as const,
          unit: '1',
          rangeLow: null,
          rangeHigh: null,
          normalLow: null,
          normalHigh: null,
          deadband: 0,
          decimals: 2,
          writable: false,
        })),
      },
    ],
    connections: [connection],
    nodes: [
      { path: 'bench', level: 'enterprise', description: '', sources: {} },
      { path: 'bench/site', level: 'site', description: '', timeZone: 'Europe/Berlin', sources: {} },
      { path: 'bench/site/area', level: 'area', description: '', sources: {} },
      { path: 'bench/site/area/line', level: 'work-center', description: '', sources: {} },
      ...machines.map((machine) => ({
        path: `bench/site/area/line/${machine.toLowerCase()}`,
        level: 'work-unit' as const,
        description: '',
        class: 'bench-machine',
        sources: Object.fromEntries(
          names.map((name) => [
            name,
            {
              connection: connection.name,
              address: `ns=2;s=${machine}/${name}`,
              scale: 1,
              offset: 0,
              sampleMs: 50,
              staleAfterMs: 5000,
            },
          ]),
        ),
      })),
    ],
  }
}

/** The value at a share of the sorted numbers. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
