import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

/** A password with a bare `%` passes for a URL and fails when it is taken out of it. */
function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url) !== ''
  } catch {
    return false
  }
}

/** All settings of the server, from the environment. */
const Environment = z.object({
  /** Folder with all state of this plant. */
  THROUGHLINE_HOME: z.string().default('.throughline'),
  /** Port of pages and API; 0 = any free one. */
  THROUGHLINE_PORT: port.default(8080),
  /** Address to listen on. Any other than loopback is served by HTTPS only. */
  THROUGHLINE_HOST: z.string().default('127.0.0.1'),
  /** Certificate and key in PEM for HTTPS; made at first start when not given. */
  THROUGHLINE_TLS_CERT: z.string().optional(),
  THROUGHLINE_TLS_KEY: z.string().optional(),
  /** A PostgreSQL server (15 or newer); absent = the embedded one. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** The login that owns the tables, used while the server starts; absent = DATABASE_URL is it. */
  DATABASE_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** An external MQTT broker, `mqtt://user:password@host:1883`; absent = the embedded one. */
  MQTT_URL: z
    .url({ protocol: /^mqtts?$/, hostname: /./ })
    .refine(isDecodable, 'a "%" in name or password is written "%25"')
    .optional(),
  /** Port of the embedded broker; 0 = any free one. */
  THROUGHLINE_MQTT_PORT: port.default(1883),
  /** A plant model document (YAML) to apply at start; absent = none. */
  THROUGHLINE_MODEL: z.string().optional(),
  /** Operations to set the plant up with, each done once (docs/guides/setup.md); absent = none. */
  THROUGHLINE_SETUP: z.string().optional(),
  /** `1` = add the people and machine accounts of the demo plant. */
  THROUGHLINE_DEMO: z.enum(['0', '1']).default('0'),
  /** JSON file with the people whom the demo plays; absent = none. */
  THROUGHLINE_DEMO_CREW: z.string().optional(),
  /** An administrator who can sign in no more (`1` where there is one only): this start makes a one-time link for them. */
  THROUGHLINE_RECOVER_ADMINISTRATOR: z.string().default(''),
  /** What the plant is called on records and proofs. */
  THROUGHLINE_PLANT_NAME: z.string().min(1).max(120).default('Throughline plant'),
  /** A folder outside the plant that takes every checkpoint of the ledger, best one that another administrator keeps; absent = in the home. */
  THROUGHLINE_CHECKPOINT_DIR: z.string().optional(),
  /** Who is mailed the newest checkpoint once a day: addresses with commas; needs SMTP_URL and THROUGHLINE_MAIL_FROM. */
  THROUGHLINE_CHECKPOINT_MAIL_TO: z.string().optional(),
  THROUGHLINE_MAIL_FROM: z.email().optional(),
  /** The mail server for checkpoints and for calls to alarms. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** `1` = webhooks of alarms may lead to this machine and its own network link. */
  THROUGHLINE_LOCAL_WEBHOOKS: z.enum(['0', '1']).default('0'),
  /** A time stamp authority (RFC 3161) that stamps the newest checkpoint once an hour. */
  THROUGHLINE_TIME_STAMP_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** `1` = this start lets a new key sign the ledger, because the file of the old one is lost. */
  THROUGHLINE_NEW_LEDGER_KEY: z.enum(['0', '1']).default('0'),
  /** JSON file with the providers of single sign-on (docs/guides/single-sign-on.md); absent = none. */
  THROUGHLINE_SINGLE_SIGN_ON: z.string().optional(),
  /** JSON file with the LDAP directory (docs/guides/directory.md); absent = none. */
  THROUGHLINE_DIRECTORY: z.string().optional(),
  /** The address of the pages as people write it, `https://plant.example`: passkeys are bound to it; absent = `localhost` and the port. */
  THROUGHLINE_ORIGIN: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .transform((text) => new URL(text).origin)
    .optional(),
  /** What everybody is told before signing in, as the plant words it; absent = nothing. */
  THROUGHLINE_USE_NOTICE: z.string().trim().min(1).max(2000).optional(),
  /** A list of breached passwords: `SHA1:count` lines in rising order, or plain words; absent = none. */
  THROUGHLINE_BREACHED_PASSWORDS: z.string().optional(),
  /** Minutes without a signature after which the next one needs name and password again, not the password alone. */
  THROUGHLINE_SIGNING_GAP_MIN: z.coerce.number().int().min(1).max(60).default(10),
  /** The folder with the built pages. */
  THROUGHLINE_WEB: z.string().optional(),
  /** Least severe level that is logged. */
  THROUGHLINE_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export interface ServerConfig {
  readonly home: string
  readonly port: number
  readonly host: string
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  readonly databaseUrl: string | null
  readonly databaseOwnerUrl: string | null
  readonly mqttUrl: string | null
  readonly mqttPort: number
  readonly modelFile: string | null
  readonly setupFile: string | null
  readonly demo: boolean
  readonly demoCrewFile: string | null
  /** Name of the administrator to let in again; `1` = the only one; null = nobody. */
  readonly recoverAdministrator: string | null
  readonly plantName: string
  readonly checkpointDir: string | null
  readonly checkpointMail: { readonly smtpUrl: string; readonly from: string; readonly to: readonly string[] } | null
  /** How mails are sent; null = none are. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | null
  readonly localWebhooks: boolean
  readonly timeStampUrl: string | null
  readonly newLedgerKey: boolean
  readonly singleSignOnFile: string | null
  readonly directoryFile: string | null
  readonly origin: string | null
  readonly useNotice: string | null
  readonly breachedPasswordsFile: string | null
  readonly signingGapMs: number
  readonly webDir: string | null
  readonly logLevel: string
}

/** @throws DomainError `invalid` naming every setting that is wrong */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ServerConfig {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new DomainError('invalid', 'server.config-invalid', `Settings are wrong: ${z.prettifyError(parsed.error)}`)
  }
  const env = parsed.data
  const certFile = env.THROUGHLINE_TLS_CERT
  const keyFile = env.THROUGHLINE_TLS_KEY
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new DomainError(
      'invalid',
      'server.config-invalid',
      'Give both THROUGHLINE_TLS_CERT and THROUGHLINE_TLS_KEY, or neither',
    )
  }
  return {
    home: resolve(env.THROUGHLINE_HOME.replace(/^~(?=\/|$)/, homedir())),
    port: env.THROUGHLINE_PORT,
    host: env.THROUGHLINE_HOST,
    tls: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
    databaseUrl: env.DATABASE_URL ?? null,
    databaseOwnerUrl: env.DATABASE_OWNER_URL ?? null,
    mqttUrl: env.MQTT_URL ?? null,
    mqttPort: env.THROUGHLINE_MQTT_PORT,
    modelFile: env.THROUGHLINE_MODEL ?? null,
    setupFile: env.THROUGHLINE_SETUP ?? null,
    demo: env.THROUGHLINE_DEMO === '1',
    demoCrewFile: env.THROUGHLINE_DEMO_CREW ?? null,
    recoverAdministrator: env.THROUGHLINE_RECOVER_ADMINISTRATOR === '' ? null : env.THROUGHLINE_RECOVER_ADMINISTRATOR,
    plantName: env.THROUGHLINE_PLANT_NAME,
    checkpointDir: env.THROUGHLINE_CHECKPOINT_DIR ?? null,
    checkpointMail: checkpointMailOf(env),
    mail: mailOf(env),
    localWebhooks: env.THROUGHLINE_LOCAL_WEBHOOKS === '1',
    timeStampUrl: env.THROUGHLINE_TIME_STAMP_URL ?? null,
    newLedgerKey: env.THROUGHLINE_NEW_LEDGER_KEY === '1',
    singleSignOnFile: env.THROUGHLINE_SINGLE_SIGN_ON ?? null,
    directoryFile: env.THROUGHLINE_DIRECTORY ?? null,
    origin: env.THROUGHLINE_ORIGIN ?? null,
    useNotice: env.THROUGHLINE_USE_NOTICE ?? null,
    breachedPasswordsFile: env.THROUGHLINE_BREACHED_PASSWORDS ?? null,
    signingGapMs: env.THROUGHLINE_SIGNING_GAP_MIN * 60_000,
    webDir: env.THROUGHLINE_WEB ?? null,
    logLevel: env.THROUGHLINE_LOG,
  }
}

type Settings = z.output<typeof Environment>

function mailOf({ SMTP_URL: smtpUrl, THROUGHLINE_MAIL_FROM: from }: Settings): ServerConfig['mail'] {
  return smtpUrl === undefined || from === undefined ? null : { smtpUrl, from }
}

function checkpointMailOf(env: Settings): ServerConfig['checkpointMail'] {
  const to = env.THROUGHLINE_CHECKPOINT_MAIL_TO
  if (to === undefined) return null
  const mail = mailOf(env)
  if (mail !== null) return { ...mail, to: to.split(',').map((each) => each.trim()) }
  throw new DomainError(
    'invalid',
    'server.config-invalid',
    'THROUGHLINE_CHECKPOINT_MAIL_TO needs SMTP_URL and THROUGHLINE_MAIL_FROM too',
  )
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
