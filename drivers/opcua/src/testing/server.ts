import { join } from 'node:path'
import { plusMs, systemClock, toMs } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { UAObject, UAVariable } from 'node-opcua'
import {
  DataType,
  DataValue,
  LogLevel,
  MessageSecurityMode,
  makeAccessLevelFlag,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  setLogLevel,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { ServerAlarms } from './alarms.ts'
import { buildAlarms } from './alarms.ts'

/** One variable of the server; `value` in the form that samples have. */
export interface ServerVariable {
  readonly dataType: keyof typeof DataType
  readonly value: SampleValue
  readonly writable?: boolean
}

export interface OpcUaServerOptions {
  /** 0 = any free one. */
  readonly port: number
  /** By path: `Unit/Temperature` is the variable `Temperature` of the object `Unit`. */
  readonly variables: Readonly<Record<string, ServerVariable>>
  /** Names of alarms that the machine raises itself, each at `Alarms.<name>`. */
  readonly alarms?: readonly string[]
  /** Where the server keeps its key and certificates. */
  readonly homeDir: string
  /** Also offers Sign and SignAndEncrypt with Basic256Sha256, and trusts every client. Default: only None. */
  readonly secure?: boolean
  /** Days from now in which the certificate's validity begins and ends. */
  readonly certificateDays?: { readonly from: number; readonly to: number }
  /** Names and passwords; without any, everybody is let in unnamed. */
  readonly users?: Readonly<Record<string, string>>
  /** Does not trust clients' certificates. Default: trusts all. */
  readonly distrustClients?: boolean
  readonly limits?: { readonly nodesPerRead?: number; readonly itemsPerCall?: number; readonly nodesPerBrowse?: number }
}

/** How a value is set: good and measured now, unless said otherwise. */
export interface ServerValue {
  /** Null = none at all, which a faulty server even calls good. */
  readonly value: SampleValue | null
  readonly status?: number
  readonly sourceTime?: Date
  /** With it, the variable keeps this value for good: node-opcua stamps all others itself. */
  readonly serverTime?: Date
}

export interface OpcUaTestServer {
  readonly endpoint: string
  readonly port: number
  /** The node id of a variable or object, by its path. */
  addressOf(path: string): string
  set(path: string, value: ServerValue): void
  get(path: string): SampleValue | null
  readonly alarms: ServerAlarms
  sessionCount(): number
  close(): Promise<void>
}

// Tests read what they are told, not what node-opcua prints.
setLogLevel(LogLevel.Critic)

const dayMs = 86_400_000

/** The address that a variable or object has on every such server. */
export function testAddressOf(path: string): string {
  return `ns=2;s=${path}`
}

/**
 * Starts a small OPC UA server on loopback, with a tree of objects and variables under the object `Machine`. It is
 * node-opcua's, like the driver: what both get wrong in the same way, no test against it can show.
 */
export async function startOpcUaServer(options: OpcUaServerOptions): Promise<OpcUaTestServer> {
  const manager = new OPCUACertificateManager({
    rootFolder: join(options.homeDir, 'server-pki'),
    automaticallyAcceptUnknownCertificate: options.distrustClients !== true,
    disableFileWatchers: true,
  })
  await manager.initialize()
  const certificateFile = join(manager.rootDir, 'own', 'certs', 'server.pem')
  const applicationUri = 'urn:throughline:test-server'
  const { from, to } = options.certificateDays ?? { from: -1, to: 3650 }
  await manager.createSelfSignedCertificate({
    applicationUri,
    dns: ['localhost'],
    ip: ['127.0.0.1'],
    outputFile: certificateFile,
    subject: '/CN=Throughline test server',
    startDate: new Date(toMs(plusMs(systemClock.now(), from * dayMs))),
    validity: to - from,
  })
  const { None, Sign, SignAndEncrypt } = MessageSecurityMode
  const users = options.users
  const server = new OPCUAServer({
    port: options.port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    serverCertificateManager: manager,
    certificateFile,
    serverInfo: { applicationUri },
    securityModes: options.secure === true ? [None, Sign, SignAndEncrypt] : [None],
    securityPolicies:
      options.secure === true ? [SecurityPolicy.None, SecurityPolicy.Basic256Sha256] : [SecurityPolicy.None],
    allowAnonymous: users === undefined,
    ...(users === undefined
      ? {}
      : { userManager: { isValidUser: (name: string, password: string) => users[name] === password } }),
    serverCapabilities: {
      maxSessions: 100,
      operationLimits: {
        maxNodesPerRead: options.limits?.nodesPerRead ?? 0,
        maxMonitoredItemsPerCall: options.limits?.itemsPerCall ?? 0,
        maxNodesPerBrowse: options.limits?.nodesPerBrowse ?? 0,
      },
    },
  })
  await server.initialize()
  const { variables, alarms } = buildTree(server, options)
  await server.start()
  const [endpoint] = server.endpoints
  if (endpoint === undefined) throw new Error('the test server has no endpoint')
  const { port } = endpoint
  const variableAt = (path: string): UAVariable => {
    const variable = variables.get(path)
    if (variable === undefined) throw new Error(`the test server has no variable ${path}`)
    return variable
  }
  return {
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    port,
    addressOf: testAddressOf,
    set(path, { value, status = 0, sourceTime, serverTime }) {
      const variable = variableAt(path)
      const type = value === null ? 'Null' : (options.variables[path]?.dataType ?? 'Null')
      const statusCode = Object.values(StatusCodes).find((code) => code.value === status) ?? StatusCodes.Bad
      const measuredAt = sourceTime ?? new Date(toMs(systemClock.now()))
      const variant = variantOf(value, DataType[type])
      if (serverTime === undefined) variable.setValueFromSource(variant, statusCode, measuredAt)
      else {
        const held = { value: variant, statusCode, sourceTimestamp: measuredAt, serverTimestamp: serverTime }
        variable.bindVariable({ timestamped_get: () => new DataValue(held) }, true)
      }
    },
    get: (path) => sampleValueOf(variableAt(path).readValue().value.value),
    alarms,
    sessionCount: () => server.currentSessionCount,
    close: async () => await server.shutdown(0),
  }
}

function buildTree(
  server: OPCUAServer,
  { variables, alarms = [] }: OpcUaServerOptions,
): { variables: Map<string, UAVariable>; alarms: ServerAlarms } {
  const space = server.engine.addressSpace
  if (space === null) throw new Error('the test server has no address space')
  const namespace = space.registerNamespace('urn:throughline:test')
  const machine = namespace.addObject({
    organizedBy: space.rootFolder.objects,
    browseName: 'Machine',
    nodeId: 's=Machine',
  })
  const objects = new Map<string, UAObject>([['', machine]])
  const objectAt = (path: string): UAObject => {
    const known = objects.get(path)
    if (known !== undefined) return known
    const cut = path.lastIndexOf('/')
    const parent = objectAt(cut < 0 ? '' : path.slice(0, cut))
    const made = namespace.addObject({ componentOf: parent, browseName: path.slice(cut + 1), nodeId: `s=${path}` })
    objects.set(path, made)
    return made
  }
  const made = new Map<string, UAVariable>()
  for (const [path, { dataType, value, writable }] of Object.entries(variables)) {
    const cut = path.lastIndexOf('/')
    const accessLevel = makeAccessLevelFlag(writable === true ? 'CurrentRead | CurrentWrite' : 'CurrentRead')
    const variable = namespace.addVariable({
      componentOf: objectAt(cut < 0 ? '' : path.slice(0, cut)),
      browseName: path.slice(cut + 1),
      nodeId: `s=${path}`,
      dataType,
      accessLevel,
      userAccessLevel: accessLevel,
      minimumSamplingInterval: 0,
      value: variantOf(value, DataType[dataType]),
    })
    made.set(path, variable)
  }
  return { variables: made, alarms: buildAlarms(space, namespace, machine, alarms) }
}

function variantOf(value: SampleValue | null, type: DataType): Variant {
  return new Variant({ dataType: type, arrayType: VariantArrayType.Scalar, value: wireOf(value, type) })
}

/** node-opcua holds 64-bit integers as [high, low]. */
function wireOf(value: SampleValue | null, type: DataType): unknown {
  if (type === DataType.LocalizedText) return { text: value }
  if (type === DataType.DateTime && typeof value === 'string') return new Date(value)
  if (typeof value !== 'bigint') return value
  if (type !== DataType.Int64 && type !== DataType.UInt64) return Number(value)
  const bits = BigInt.asUintN(64, value)
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)]
}

function sampleValueOf(value: unknown): SampleValue | null {
  if (Array.isArray(value) || value instanceof Uint32Array) {
    const [high, low] = value
    return BigInt.asIntN(64, (BigInt(Number(high)) << 32n) | BigInt(Number(low)))
  }
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null
}
