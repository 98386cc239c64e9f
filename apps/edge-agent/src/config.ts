import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { PathName } from '@throughline/model'
import { z } from 'zod'

/** What may stand in a topic and, as it is, in the text form of an address. */
const SparkplugId = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^+/#:%\p{Cc}]*$/u, 'must not hold "+", "/", "#", ":" or "%"')

/** The URL is shown and logged. */
const holdsNoUser = (url: string): boolean => URL.canParse(url) && new URL(url).username + new URL(url).password === ''
const noUserHint = 'holds a user; use EDGE_SPARKPLUG_USERNAME and EDGE_SPARKPLUG_PASSWORD_FILE'

/** Every setting of the edge agent, with unit, default and what it is for. */
const Settings = z.object({
  /** Folder of all state; the agent keeps to `edge/<agent>/` in it. */
  THROUGHLINE_HOME: z.string().min(1).default('./.throughline'),
  /** Name of the agent's machine account. */
  EDGE_AGENT: PathName.default('edge-1'),
  /** The server that gives the configuration. */
  EDGE_SERVER_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  /** The broker that takes the samples. */
  EDGE_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default('mqtt://127.0.0.1:1883'),
  /** File that holds the machine account's API key. Default: `keys/<agent>.key` in the home. */
  EDGE_API_KEY_FILE: z.string().min(1).optional(),
  /** Most that unsent samples may take on disk, in MB. About 30 million samples a GB. */
  EDGE_BUFFER_MB: z.coerce.number().int().min(1).max(1_000_000).default(4096),
  /** The broker on which the agent tells its tags as a Sparkplug B edge node. Absent: it does not. */
  EDGE_SPARKPLUG_URL: z
    .url({ protocol: /^mqtts?$/ })
    .refine(holdsNoUser, noUserHint)
    .optional(),
  /** Sparkplug group id. */
  EDGE_SPARKPLUG_GROUP: SparkplugId.default('Throughline'),
  /** Sparkplug edge node id. Default: the agent's name. */
  EDGE_SPARKPLUG_NODE: SparkplugId.optional(),
  /** Account at that broker. Default: the agent's own account and key when the URL is that of EDGE_MQTT_URL, else none. */
  EDGE_SPARKPLUG_USERNAME: z.string().min(1).optional(),
  /** File that holds that account's password. */
  EDGE_SPARKPLUG_PASSWORD_FILE: z.string().min(1).optional(),
})

/** Where and as whom the agent tells its tags by Sparkplug B. */
export interface SparkplugConfig {
  readonly url: string
  readonly group: string
  readonly node: string
  readonly username: string | null
  /** Read anew at each dial. */
  readonly passwordFile: string | null
}

export interface Config {
  readonly agent: string
  /** The agent's own folder. */
  readonly homeDir: string
  readonly serverUrl: string
  readonly mqttUrl: string
  readonly apiKeyFile: string
  readonly bufferMaxBytes: number
  /** Absent: the agent publishes nothing by Sparkplug. */
  readonly sparkplug?: SparkplugConfig
}

/**
 * Reads the environment.
 * @throws DomainError `invalid` naming every setting that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Settings.safeParse(environment)
  if (!parsed.success) {
    throw refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  }
  const given = parsed.data
  const apiKeyFile = given.EDGE_API_KEY_FILE ?? join(given.THROUGHLINE_HOME, 'keys', `${given.EDGE_AGENT}.key`)
  const sparkplug = sparkplugOf(given, apiKeyFile)
  return {
    agent: given.EDGE_AGENT,
    homeDir: join(given.THROUGHLINE_HOME, 'edge', given.EDGE_AGENT),
    serverUrl: given.EDGE_SERVER_URL.replace(/\/$/, ''),
    mqttUrl: given.EDGE_MQTT_URL,
    apiKeyFile,
    bufferMaxBytes: given.EDGE_BUFFER_MB * 1024 ** 2,
    ...(sparkplug === undefined ? {} : { sparkplug }),
  }
}

function sparkplugOf(given: z.infer<typeof Settings>, apiKeyFile: string): SparkplugConfig | undefined {
  const { EDGE_SPARKPLUG_URL: url, EDGE_SPARKPLUG_USERNAME: username } = given
  if (url === undefined) return undefined
  const passwordFile = given.EDGE_SPARKPLUG_PASSWORD_FILE ?? null
  const place = { url, group: given.EDGE_SPARKPLUG_GROUP, node: given.EDGE_SPARKPLUG_NODE ?? given.EDGE_AGENT }
  if (username !== undefined) return { ...place, username, passwordFile }
  if (passwordFile !== null) throw refusal('EDGE_SPARKPLUG_USERNAME: is missing; a password needs it')
  // The agent's own key goes to no other broker than the one it belongs to.
  const isOwnBroker = new URL(url).href === new URL(given.EDGE_MQTT_URL).href
  if (isOwnBroker) return { ...place, username: given.EDGE_AGENT, passwordFile: apiKeyFile }
  return { ...place, username: null, passwordFile: null }
}

const refusal = (wrong: string): DomainError =>
  new DomainError('invalid', 'edge-agent.config-invalid', `The edge agent cannot start: ${wrong}`)
