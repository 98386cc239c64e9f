import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { PathName } from '@throughline/model'
import { z } from 'zod'

/** Every setting of the edge agent, with unit, default and what it is for. */
const Settings = z.object({
  /** Folder of all state; the agent keeps to `edge/<agent>/` in it. */
  THROUGHLINE_HOME: z.string().min(1).default('./.throughline'),
  /** Name of the agent's machine account. */
  EDGE_AGENT: PathName.default('edge-1'),
  /** The server that gives the configuration. */
  EDGE_SERVER_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'),
  /** The broker that takes the samples. */
  EDGE_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default('mqtt://127.0.0.1:1883'),
  /** File that holds the machine account's API key. Default: `keys/<agent>.key` in the home. */
  EDGE_API_KEY_FILE: z.string().min(1).optional(),
  /** Most that unsent samples may take on disk, in MB. About 30 million samples a GB. */
  EDGE_BUFFER_MB: z.coerce.number().int().min(1).max(1_000_000).default(4096),
})

export interface Config {
  readonly agent: string
  /** The agent's own folder. */
  readonly homeDir: string
  readonly serverUrl: string
  readonly mqttUrl: string
  readonly apiKeyFile: string
  readonly bufferMaxBytes: number
}

/**
 * Reads the environment.
 * @throws DomainError `invalid` naming every setting that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Settings.safeParse(environment)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new DomainError('invalid', 'edge-agent.config-invalid', `The edge agent cannot start: ${wrong}`)
  }
  const given = parsed.data
  return {
    agent: given.EDGE_AGENT,
    homeDir: join(given.THROUGHLINE_HOME, 'edge', given.EDGE_AGENT),
    serverUrl: given.EDGE_SERVER_URL.replace(/\/$/, ''),
    mqttUrl: given.EDGE_MQTT_URL,
    apiKeyFile: given.EDGE_API_KEY_FILE ?? join(given.THROUGHLINE_HOME, 'keys', `${given.EDGE_AGENT}.key`),
    bufferMaxBytes: given.EDGE_BUFFER_MB * 1024 ** 2,
  }
}
