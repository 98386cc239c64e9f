import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

/** Every setting of the demo plant, with unit, default and what it is for. */
const Settings = z.object({
  /** Folder of all state; the plant keeps to `demo-plant/` in it. */
  THROUGHLINE_HOME: z.string().min(1).default('./.throughline'),
  /** Seed of all luck in the plant: the same seed and epoch give the same plant. */
  DEMO_SEED: z.coerce.number().int().nonnegative().default(20_26),
  /** Seconds of the plant in a second, 1 to 600. Above 1 the past is played instead of back-filled. */
  DEMO_SPEED: z.coerce.number().int().min(1).max(600).default(1),
  /** Port of the OPC UA server on loopback; 0 = any free one. */
  DEMO_OPCUA_PORT: port.default(48_400),
  /** Port of the Modbus TCP server on loopback; 0 = any free one. */
  DEMO_MODBUS_PORT: port.default(15_020),
  /** Port of the MTConnect agent on loopback; 0 = any free one. */
  DEMO_MTCONNECT_PORT: port.default(15_050),
  /** The plant's broker, for Sparkplug and the back-fill. */
  DEMO_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).optional(),
  /** Port of the plant's own broker on loopback, when no URL is given. */
  DEMO_MQTT_PORT: port.default(1883),
  /** Machine account at broker and server; also the name under which the back-fill sends. */
  DEMO_ACCOUNT: z.string().min(1).default('demo-backfill'),
  /** File with that account's API key. Without it there is no Sparkplug and no back-fill. */
  DEMO_API_KEY_FILE: z.string().min(1).optional(),
  /** The server, asked for the tags' ids before the back-fill. */
  DEMO_SERVER_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  /** JSON file with the passwords of the simulated people, by name. Without it nobody works. */
  DEMO_CREW_FILE: z.string().min(1).optional(),
  /** 0 = nobody takes what CMM-01 and TRQ-01 tell: people write it down. */
  DEMO_GAUGES_TELL: z.enum(['0', '1']).default('1'),
  /** Days of history before the first start. */
  DEMO_BACKFILL_DAYS: z.coerce.number().min(0).max(365).default(30),
  /** 1 = what the edge agent kept in E18 comes only when the parent process says `reconnect`: to look at the plant without it. */
  DEMO_HOLD_KEPT: z.enum(['0', '1']).default('0'),
})

export interface Config {
  /** Absolute. */
  readonly home: string
  readonly seed: number
  readonly speed: number
  readonly opcUaPort: number
  readonly modbusPort: number
  readonly mtconnectPort: number
  readonly mqttUrl: string
  readonly account: string
  readonly apiKeyFile: string | undefined
  readonly serverUrl: string
  readonly crewFile: string | undefined
  readonly gaugesTell: boolean
  readonly backfillDays: number
  readonly holdKept: boolean
}

/**
 * Reads the environment, and `--speed`, which goes before `DEMO_SPEED`.
 * @throws DomainError `invalid` naming every setting that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, args = process.argv.slice(2)): Config {
  const { values } = parseArgs({ args, options: { speed: { type: 'string' } }, strict: false })
  const speed = typeof values['speed'] === 'string' ? { DEMO_SPEED: values['speed'] } : {}
  const parsed = Settings.safeParse({ ...environment, ...speed })
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new DomainError('invalid', 'demo-plant.config-invalid', `The demo plant cannot start: ${wrong}`)
  }
  const given = parsed.data
  return {
    home: resolve(given.THROUGHLINE_HOME),
    seed: given.DEMO_SEED,
    speed: given.DEMO_SPEED,
    opcUaPort: given.DEMO_OPCUA_PORT,
    modbusPort: given.DEMO_MODBUS_PORT,
    mtconnectPort: given.DEMO_MTCONNECT_PORT,
    mqttUrl: given.DEMO_MQTT_URL ?? `mqtt://127.0.0.1:${given.DEMO_MQTT_PORT}`,
    account: given.DEMO_ACCOUNT,
    apiKeyFile: given.DEMO_API_KEY_FILE,
    serverUrl: given.DEMO_SERVER_URL.replace(/\/$/, ''),
    crewFile: given.DEMO_CREW_FILE,
    gaugesTell: given.DEMO_GAUGES_TELL === '1',
    backfillDays: given.DEMO_BACKFILL_DAYS,
    holdKept: given.DEMO_HOLD_KEPT === '1',
  }
}
