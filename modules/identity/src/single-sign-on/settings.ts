import { readFileSync } from 'node:fs'
import { DomainError, messageOf } from '@throughline/kernel'
import { ProviderName } from '@throughline/model'
import { z } from 'zod'
import { RoleMapping } from '../outside-person/mapping.ts'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** In the open only on this very machine: a code or a token that others read is theirs. */
const SafeUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || loopback.test(url.hostname))
}, 'must begin with https:// (http:// only on loopback)')

export const ProviderSettings = z.strictObject({
  name: ProviderName,
  /** What the button says. */
  label: z.string().min(1).max(60),
  issuer: SafeUrl,
  clientId: z.string().min(1),
  /** File with the client's secret; absent = a public client. */
  clientSecretFile: z.string().optional(),
  scope: z.string().default('openid profile'),
  /** Claim with the roles or groups; `.` leads into an object (`realm_access.roles`). */
  rolesClaim: z.string().min(1),
  roles: z.array(RoleMapping).min(1),
})
export type ProviderSettings = z.infer<typeof ProviderSettings>

const Settings = z.strictObject({
  /** The address under which browsers reach this plant; absent = the one that each request names. */
  publicUrl: SafeUrl.optional(),
  /** Sign-ins a minute that one network address may begin: more where a whole plant stands behind one address. */
  mostPerMinute: z.int().min(1).default(60),
  providers: z.array(ProviderSettings).min(1),
})

/** Who else may say who people are. */
export interface SingleSignOnSettings {
  readonly publicUrl: string | null
  readonly mostPerMinute: number
  readonly providers: readonly (ProviderSettings & { readonly clientSecret: string | null })[]
}

/** Without any provider. */
export const noSingleSignOn: SingleSignOnSettings = { publicUrl: null, mostPerMinute: 60, providers: [] }

/**
 * Settings of single sign-on from a JSON file.
 * @throws DomainError `invalid` that names the file and every field that is wrong
 */
export function readSingleSignOnSettings(file: string): SingleSignOnSettings {
  const parsed = Settings.safeParse(readJson(file))
  if (!parsed.success) throw unusable(file, z.prettifyError(parsed.error))
  const { publicUrl, mostPerMinute, providers } = parsed.data
  const twice = providers.find((each, index) => providers.findIndex(({ name }) => name === each.name) !== index)
  if (twice !== undefined) throw unusable(file, `two providers are called ${twice.name}`)
  return {
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
    mostPerMinute,
    providers: providers.map((provider) => ({
      ...provider,
      clientSecret: provider.clientSecretFile === undefined ? null : readSecret(provider.clientSecretFile),
    })),
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unusable(file, messageOf(error))
  }
}

function readSecret(file: string): string {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret !== '') return secret
  } catch (error) {
    throw unusable(file, messageOf(error))
  }
  throw unusable(file, 'it is empty')
}

const unusable = (file: string, why: string): DomainError =>
  new DomainError('invalid', 'identity.single-sign-on-settings-invalid', `Single sign-on cannot use ${file}: ${why}`, {
    file,
  })
