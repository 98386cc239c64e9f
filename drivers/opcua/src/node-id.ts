import { DomainError } from '@throughline/kernel'
import { NodeId, NodeIdType } from 'node-opcua'
import { parseAddress } from './address.ts'

/** Resolves an address against the namespaces of the server at hand; undefined when the server has no such namespace. */
export function findNodeId(address: string, namespaces: readonly string[]): NodeId | undefined {
  const { namespace, identifier } = parseAddress(address)
  const index = typeof namespace === 'number' ? namespace : namespaces.indexOf(namespace)
  if (index < 0) return undefined
  switch (identifier.kind) {
    case 'number':
      return new NodeId(NodeIdType.NUMERIC, identifier.value, index)
    case 'text':
      return new NodeId(NodeIdType.STRING, identifier.value, index)
    case 'guid':
      return new NodeId(NodeIdType.GUID, identifier.value.toUpperCase(), index)
    case 'bytes':
      return new NodeId(NodeIdType.BYTESTRING, Buffer.from(identifier.value, 'base64'), index)
  }
}

/** @throws DomainError `not-found` when the server has no such namespace */
export function getNodeId(address: string, namespaces: readonly string[]): NodeId {
  const found = findNodeId(address, namespaces)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'opcua.namespace-unknown', `the server has no namespace for "${address}"`, {
    address,
    namespaces,
  })
}

/** The text that `parseAddress` reads back as this node. */
export function addressOf(nodeId: NodeId): string {
  const prefix = nodeId.namespace === 0 ? '' : `ns=${nodeId.namespace};`
  switch (nodeId.identifierType) {
    case NodeIdType.NUMERIC:
      return `${prefix}i=${nodeId.value}`
    case NodeIdType.STRING:
      return `${prefix}s=${nodeId.value}`
    case NodeIdType.GUID:
      return `${prefix}g=${nodeId.value}`
    case NodeIdType.BYTESTRING:
      return `${prefix}b=${Buffer.isBuffer(nodeId.value) ? nodeId.value.toString('base64') : ''}`
  }
}

/** As `addressOf`, with the namespace by its URI: it names the same node after the server has numbered its namespaces anew. */
export function stableAddressOf(nodeId: NodeId, namespaces: readonly string[]): string {
  const address = addressOf(nodeId)
  const uri = namespaces[nodeId.namespace]
  if (nodeId.namespace === 0 || uri === undefined) return address
  const escaped = uri.replaceAll('%', '%25').replaceAll(';', '%3B')
  return `nsu=${escaped};${address.slice(address.indexOf(';') + 1)}`
}
