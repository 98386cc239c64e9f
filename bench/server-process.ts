import { ensureAdministrator, ensureMachineAccount } from '@throughline/identity'
import { systemClock } from '@throughline/kernel'
import { activatePerson, listTags } from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { pino } from 'pino'
import { readConfig } from '../apps/server/src/config.ts'
import { startPlant } from '../apps/server/src/plant.ts'

export interface BenchReady {
  readonly url: string
  readonly mqttUrl: string
  readonly agentKey: string
  readonly tagIds: readonly string[]
  readonly password: string
}

export interface BenchUsage {
  readonly cpuSeconds: number
  readonly rssPeakMb: number
}

/** The plant server as `npm start` runs it, answering what it used when it is asked. */
const config = readConfig()
const plant = await startPlant(config, 'bench', systemClock, pino({ level: config.logLevel }))
const agentKey = await ensureMachineAccount(plant.platform, 'edge-1', ['edge-agent'])
const password = crypto.randomUUID()
const administrator = await ensureAdministrator(plant.platform)
const token = administrator?.path.split('#')[1] ?? ''
await plant.platform.run(activatePerson, nobody(null), { token, password })
const { tags } = await plant.platform.run(listTags, systemActor('bench'), { limit: 20_000 })
process.send?.({
  url: plant.url,
  mqttUrl: plant.mqttUrl,
  agentKey: agentKey ?? '',
  tagIds: tags.map((tag) => tag.id),
  password,
} satisfies BenchReady)

process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage()
    const usage: BenchUsage = {
      cpuSeconds: (user + system) / 1e6,
      rssPeakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    }
    process.send?.(usage)
  }
  if (message === 'stop')
    plant.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
})
