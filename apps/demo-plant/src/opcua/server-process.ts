import { messageOf } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { MessageSecurityMode, nodesets, OPCUACertificateManager, OPCUAServer, SecurityPolicy } from 'node-opcua'
import { opcUaNamespace } from '../plant/addresses.ts'
import { PlantSpace } from './address-space.ts'
import type { FromServer, ToServer } from './messages.ts'

// The OPC UA server of the plant, a process of its own: it can be killed and started again while the plant runs on.
// Arguments: port, folder for its certificates. The channel to the plant is the process's IPC.
const [portText, pkiFolder] = process.argv.slice(2)
const waiting = new Map<number, (taken: boolean) => void>()
let nextWrite = 1

function tell(message: FromServer): void {
  if (process.connected) process.send?.(message)
}

async function askWrite(tag: number, value: SampleValue): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const id = nextWrite++
  waiting.set(id, resolve)
  tell({ type: 'write', id, tag, value })
  return await promise
}

async function start(): Promise<void> {
  const server = new OPCUAServer({
    ...{ host: '127.0.0.1', hostname: '127.0.0.1', port: Number(portText), nodeset_filename: [nodesets.standard] },
    ...{ securityModes: [MessageSecurityMode.None], securityPolicies: [SecurityPolicy.None], allowAnonymous: true },
    ...{ serverCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder ?? null }) },
    ...{ buildInfo: { productName: 'Throughline demo plant', manufacturerName: 'Throughline' } },
    serverInfo: { applicationUri: 'urn:throughline:demo-plant:server', productUri: 'urn:throughline' },
  })
  await server.initialize()
  const { addressSpace } = server.engine
  if (addressSpace === null) throw new Error('the server came up without an address space')
  const space = new PlantSpace(addressSpace, addressSpace.registerNamespace(opcUaNamespace), askWrite)
  process.on('message', (message: ToServer) => {
    if (message.type === 'values') space.put(message.values)
    else if (message.type === 'written') {
      waiting.get(message.id)?.(message.taken)
      waiting.delete(message.id)
    } else stop(server)
  })
  process.on('disconnect', () => stop(server))
  await server.start()
  const endpoint = server.getEndpointUrl()
  tell({ type: 'ready', port: Number(new URL(endpoint.replace('opc.tcp', 'http')).port) })
}

function stop(server: OPCUAServer): void {
  server.shutdown(0).then(
    () => process.exit(0),
    () => process.exit(0),
  )
}

// The plant's signals reach the whole process group; the plant alone decides when its servers stop.
process.on('SIGINT', () => {})
start().catch((error: unknown) => {
  tell({ type: 'failed', reason: messageOf(error) })
  process.exit(1)
})
