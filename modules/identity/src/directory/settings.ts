import { readFileSync } from 'node:fs'
import { DomainError, messageOf } from '@throughline/kernel'
import { ProviderName } from '@throughline/model'
import { z } from 'zod'
import { RoleMapping } from '../outside-person/mapping.ts'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

const AttributeName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of an attribute, such as uid')

const Settings = z
  .strictObject({
    name: ProviderName,
    label: z.string().min(1).max(60),
    /** `ldaps://ad.example:636`, or `ldap://` with `startTls`. */
    url: z.url({ protocol: /^ldaps?$/ }),
    startTls: z.boolean().default(false),
    /** Certificates of the authority that the directory's certificate is checked against; absent = the system's. */
    caFile: z.string().optional(),
    /** The account that searches. */
    bindDn: z.string().min(3),
    bindPasswordFile: z.string(),
    /** People are looked for below it. */
    base: z.string().min(3),
    /** Holds the sign-in name: `uid`, in Active Directory `sAMAccountName`. */
    nameAttribute: AttributeName.default('uid'),
    /** Holds what never changes and never comes back: `entryUUID`, in Active Directory `objectGUID`. */
    idAttribute: AttributeName.default('entryUUID'),
    printedNameAttribute: AttributeName.default('cn'),
    objectClass: z.string().default('person'),
    groups: z.discriminatedUnion('by', [
      /** The person's entry lists its groups (Active Directory). */
      z.strictObject({ by: z.literal('memberOf') }),
      /** The groups list their members; searched below `base`. */
      z.strictObject({
        by: z.literal('search'),
        base: z.string().min(3),
        memberAttribute: AttributeName.default('member'),
      }),
    ]),
    roles: z.array(RoleMapping).min(1),
    timeoutMs: z.int().min(100).max(30_000).default(5000),
  })
  .refine(
    ({ url, startTls }) => startTls || url.startsWith('ldaps:') || loopback.test(URL.parse(url)?.hostname ?? ''),
    { error: 'passwords would travel in the open: use ldaps:// or "startTls": true', path: ['url'] },
  )

/** A directory (LDAP, Active Directory) that proves people and gives them roles. */
export interface DirectorySettings extends Omit<z.infer<typeof Settings>, 'bindPasswordFile' | 'caFile'> {
  readonly bindPassword: string
  /** PEM. */
  readonly ca: string | null
}

/**
 * Settings of the directory from a JSON file.
 * @throws DomainError `invalid` that names the file and every field that is wrong
 */
export function readDirectorySettings(file: string): DirectorySettings {
  const parsed = Settings.safeParse(readJson(file))
  if (!parsed.success) throw unusable(file, z.prettifyError(parsed.error))
  const { bindPasswordFile, caFile, ...settings } = parsed.data
  const bindPassword = read(bindPasswordFile).trim()
  if (bindPassword === '')
    throw unusable(bindPasswordFile, 'it is empty, and a directory lets anybody in without a password')
  return { ...settings, bindPassword, ca: caFile === undefined ? null : read(caFile) }
}

function readJson(file: string): unknown {
  const text = read(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unusable(file, messageOf(error))
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unusable(file, messageOf(error))
  }
}

const unusable = (file: string, why: string): DomainError =>
  new DomainError('invalid', 'identity.directory-settings-invalid', `The directory cannot use ${file}: ${why}`, {
    file,
  })
