import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { DomainError, systemClock } from '@throughline/kernel'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { opcuaDriver } from './index.ts'
import type { OpcUaServerOptions, OpcUaTestServer } from './testing/server.ts'
import { startOpcUaServer, testAddressOf } from './testing/server.ts'

const homes: string[] = []
const servers: OpcUaTestServer[] = []
const drivers: Driver[] = []
let secure: OpcUaTestServer
let withUsers: OpcUaTestServer

const tag = { tag: 't', address: testAddressOf('Temperature'), dataType: 'double', sampleMs: 100 } as const

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'throughline-opcua-'))
  homes.push(home)
  return home
}

async function startServer(options: Partial<OpcUaServerOptions>): Promise<OpcUaTestServer> {
  const server = await startOpcUaServer({
    port: 0,
    homeDir: newHome(),
    secure: true,
    variables: { Temperature: { dataType: 'Double', value: 20 } },
    ...options,
  })
  servers.push(server)
  return server
}

function newDriver(server: OpcUaTestServer, homeDir: string, options: Record<string, string>): Driver {
  const driver = opcuaDriver.create({ name: 'plc', endpoint: server.endpoint, options, clock: systemClock, homeDir })
  drivers.push(driver)
  return driver
}

async function refusalOf(driver: Driver): Promise<DomainError> {
  const [outcome] = await Promise.allSettled([driver.connect(new ListenerRecorder())])
  if (outcome.status === 'rejected' && outcome.reason instanceof DomainError) return outcome.reason
  throw new Error('the connection was not refused', { cause: outcome })
}

/** What a person does who compared the thumbprint: the file that the refusal names goes where it says. */
function trust(refusal: DomainError): void {
  const file = String(refusal.details['file'])
  expect(refusal.message).toContain(`move ${file} to ${String(refusal.details['moveTo'])}`)
  renameSync(file, join(String(refusal.details['moveTo']), 'server.pem'))
}

async function trustingHome(server: OpcUaTestServer): Promise<string> {
  const home = newHome()
  trust(await refusalOf(newDriver(server, home, { securityMode: 'SignAndEncrypt' })))
  return home
}

beforeAll(async () => {
  secure = await startServer({})
  withUsers = await startServer({ users: { ada: 'analytical engine' } })
})
afterEach(async () => {
  await Promise.all(drivers.splice(0).map(async (driver) => await driver.close()))
})
afterAll(async () => {
  await Promise.all(servers.map(async (server) => await server.close()))
  for (const home of homes) rmSync(home, { recursive: true, force: true })
})

test.each(['Sign', 'SignAndEncrypt'])(
  '[UA-1] with %s an unknown server is refused until a person trusts its certificate, which the refusal names',
  async (securityMode) => {
    const driver = newDriver(secure, newHome(), { securityMode })
    const refusal = await refusalOf(driver)
    expect(refusal).toMatchObject({ kind: 'forbidden', code: 'opcua.server-untrusted' })
    expect(existsSync(String(refusal.details['file']))).toBe(true)
    await expect(refusalOf(driver)).resolves.toMatchObject({ code: 'opcua.server-untrusted' })

    trust(refusal)
    await driver.connect(new ListenerRecorder())
    expect(await driver.read([tag])).toMatchObject([{ value: 20, status: 0 }])
  },
)

test('[UA-1] [SR-1.9!] trusting one server trusts no other', async () => {
  const home = await trustingHome(secure)
  await expect(refusalOf(newDriver(withUsers, home, { securityMode: 'Sign' }))).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.server-untrusted',
  })
})

test('[UA-1] [SR-1.9!] a certificate that has expired is refused even when it was trusted once', async () => {
  const expired = await startServer({ certificateDays: { from: -30, to: -10 } })
  const home = newHome()
  const driver = newDriver(expired, home, { securityMode: 'SignAndEncrypt' })
  const first = await refusalOf(driver)
  expect(first.kind).toBe('forbidden')
  if (first.code === 'opcua.server-untrusted') trust(first)
  await expect(refusalOf(driver)).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.server-certificate-expired',
    message: expect.stringContaining('renew it on the server'),
  })
})

test('[UA-1] [SR-1.2!] the right password opens the session, a wrong one and an unknown user are forbidden', async () => {
  const home = await trustingHome(withUsers)
  const passwordFile = join(home, 'password')
  const options = { securityMode: 'SignAndEncrypt', username: 'ada', passwordFile }
  writeFileSync(passwordFile, 'analytical engine\n')
  const driver = newDriver(withUsers, home, options)
  await driver.connect(new ListenerRecorder())
  expect(await driver.read([tag])).toMatchObject([{ value: 20 }])

  writeFileSync(passwordFile, 'difference engine')
  await expect(refusalOf(newDriver(withUsers, home, options))).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.user-refused',
    message: expect.not.stringContaining('difference engine'),
  })
  await expect(refusalOf(newDriver(withUsers, home, { ...options, username: 'eve' }))).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.user-refused',
  })
})

test('[UA-1] a server that wants a name lets nobody in unnamed', async () => {
  await expect(refusalOf(newDriver(withUsers, newHome(), {}))).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.user-refused',
  })
})

test('[UA-1] a server that does not trust this client says so, and it is no matter of trying again', async () => {
  const distrusting = await startServer({ distrustClients: true })
  const home = await trustingHome(distrusting)
  await expect(refusalOf(newDriver(distrusting, home, { securityMode: 'SignAndEncrypt' }))).resolves.toMatchObject({
    kind: 'forbidden',
    code: 'opcua.client-refused',
  })
})

test('[UA-1] a security that the server does not offer is invalid, and the refusal lists what there is', async () => {
  const options = { securityMode: 'Sign', securityPolicy: 'Aes256_Sha256_RsaPss' }
  await expect(refusalOf(newDriver(secure, newHome(), options))).resolves.toMatchObject({
    kind: 'invalid',
    code: 'opcua.security-not-offered',
    message: expect.stringContaining('SignAndEncrypt with Basic256Sha256'),
  })
})

test('a password file that is not there is invalid, and the refusal names it', async () => {
  const passwordFile = join(newHome(), 'nothing')
  const driver = newDriver(withUsers, newHome(), { securityMode: 'Sign', username: 'ada', passwordFile })
  await expect(refusalOf(driver)).resolves.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining(passwordFile),
  })
})

test('[SR-4.1-RE1] the key is made at first use, readable by its owner alone, and stays the same', async () => {
  const home = newHome()
  const driver = newDriver(secure, home, {})
  await driver.connect(new ListenerRecorder())
  await driver.close()
  const folder = join(home, 'pki', 'own', 'private')
  const [keyFile, ...others] = readdirSync(folder)
  expect(others).toEqual([])
  const made = statSync(join(folder, keyFile ?? ''))
  expect((made.mode & 0o777).toString(8)).toBe('600')
  await driver.connect(new ListenerRecorder())
  expect(statSync(join(folder, keyFile ?? '')).mtimeMs).toBe(made.mtimeMs)
})

test('two connections that share a home may make their key at the same moment', async () => {
  const home = newHome()
  const pair = [newDriver(secure, home, {}), newDriver(secure, home, {})]
  await Promise.all(pair.map(async (driver) => await driver.connect(new ListenerRecorder())))
  for (const driver of pair) expect(await driver.read([tag])).toMatchObject([{ value: 20 }])
})
