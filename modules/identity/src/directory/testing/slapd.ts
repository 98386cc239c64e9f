import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@throughline/testkit'

const program = '/usr/sbin/slapd'

/** An OpenLDAP server of its own on loopback, with a few people named after stars. */
export interface Slapd {
  readonly port: number
  readonly tlsPort: number
  readonly base: string
  readonly bindDn: string
  /** PEM of the authority that its certificate is from. */
  readonly ca: string
  /** Runs `ldapmodify` on it as its administrator. */
  modify(ldif: string): void
  /** Kills it as a power cut would. */
  kill(): Promise<void>
  /** Stops it for a while without closing its sockets: what hangs is asked and does not answer. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export const slapdPassword = 'the searching account'
export const starPassword = (name: string): string => `${name} shines very brightly`

const base = 'dc=plant,dc=example'
const root = `cn=root,${base}`

const config = (folder: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9.1 NAME 'adUser' SUP top AUXILIARY MAY userAccountControl )
modulepath /usr/lib/ldap
moduleload back_mdb.la
moduleload memberof.la
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=search,${base}" read by * none
database mdb
suffix "${base}"
rootdn "${root}"
rootpw "${slapdPassword}"
directory ${folder}/data
maxsize 16777216
overlay memberof
memberof-group-oc groupOfNames
`

const person = (name: string, more = ''): string => `
dn: uid=${name},ou=people,${base}
objectClass: inetOrgPerson
objectClass: adUser
uid: ${name}
cn: ${name.charAt(0).toUpperCase()}${name.slice(1)}
sn: Star
userPassword: ${starPassword(name)}
${more}`

const group = (name: string): string => `
dn: cn=${name},ou=groups,${base}
objectClass: groupOfNames
cn: ${name}
member: cn=search,${base}
`

/** Once all are there: the server notes at a member where it belongs only when the member exists. */
const membership = (name: string, members: readonly string[]): string => `
dn: cn=${name},ou=groups,${base}
changetype: modify
add: member
${members.map((member) => `member: ${member},${base}`).join('\n')}
`

/** `sirius` stands in a group that stands in a group that stands in the first: a circle. `capella` is disabled. */
const entries = `
dn: ${base}
objectClass: dcObject
objectClass: organization
dc: plant
o: Plant

dn: ou=people,${base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${base}
objectClass: organizationalUnit
ou: groups

dn: cn=search,${base}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: search
userPassword: ${slapdPassword}
${person('sirius', 'userAccountControl: 512')}
${person('capella', 'userAccountControl: 514')}
${person('procyon')}
${person('polaris')}
${['operators', 'night-shift', 'day-shift', 'engineers'].map(group).join('\n')}
`

const memberships = `
${membership('operators', ['uid=capella,ou=people', 'cn=night-shift,ou=groups'])}
${membership('night-shift', ['uid=sirius,ou=people', 'cn=day-shift,ou=groups'])}
${membership('day-shift', ['cn=operators,ou=groups'])}
${membership('engineers', ['uid=procyon,ou=people'])}
`

/** @throws Error when slapd is not installed (`npm test` installs it where it can) */
export async function startSlapd(): Promise<Slapd> {
  if (!existsSync(program)) throw new Error(`The tests of the directory need slapd: apt-get install slapd ldap-utils`)
  const folder = mkdtempSync(join(tmpdir(), 'throughline-slapd-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'slapd.conf'), config(folder))
  const ca = makeCertificates(folder)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`
  const child = spawn(program, ['-f', join(folder, 'slapd.conf'), '-h', urls, '-d', '0'], { stdio: 'ignore' })
  const url = `ldap://127.0.0.1:${port}`
  const ldap = (command: string, args: readonly string[], input = ''): Buffer =>
    execFileSync(command, ['-x', '-H', url, '-D', root, '-w', slapdPassword, ...args], {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  try {
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error('slapd ended')
      return isUp(ldap)
    }, 'slapd to be up')
    ldap('ldapadd', [], entries)
    ldap('ldapmodify', [], memberships)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    port,
    tlsPort,
    base,
    bindDn: `cn=search,${base}`,
    ca,
    modify: (ldif) => void ldap('ldapmodify', [], ldif),
    kill: () => ended(child, 'SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async close() {
      child.kill('SIGCONT')
      await ended(child, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isUp(ldap: (command: string, args: readonly string[]) => Buffer): boolean {
  try {
    ldap('ldapwhoami', [])
    return true
  } catch {
    return false
  }
}

/** An authority of its own and a certificate for 127.0.0.1. */
function makeCertificates(folder: string): string {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Authority', '-days', '2')
  openssl('req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=127.0.0.1')
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1')
  const signing = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
  ]
  openssl('x509', '-req', '-in', at('server.csr'), ...signing, '-out', at('server.pem'))
  return openssl('x509', '-in', at('ca.pem')).toString()
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
