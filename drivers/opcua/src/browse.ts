import type { BrowseItem } from '@throughline/edge'
import { DomainError } from '@throughline/kernel'
import type { BrowseResult, DataValue, ReferenceDescription } from 'node-opcua'
import { AttributeIds, BrowseDirection, NodeClass, NodeId } from 'node-opcua'
import { batchesOf } from './batch.ts'
import type { DataTypeTree } from './data-type-tree.ts'
import { tagTypeOf } from './data-type-tree.ts'
import type { Link } from './link.ts'
import { addressOf, getNodeId } from './node-id.ts'

/** HierarchicalReferences, i=33: folders, components, properties and what a vendor derived from them. */
const hierarchical = 'i=33'
/** The Objects folder, i=85: everything above it is the server's own administration of types and views. */
const objectsFolder = 'i=85'
const objectsAndVariables = 1 | 2
/** NodeClass, BrowseName and DisplayName of each reference. */
const resultMask = 4 | 8 | 16
/** So few at a time that the first children show at once and a large folder never lies in memory. */
const childrenPerAnswer = 200
const currentWrite = 0x02
const attributesPerVariable = 3

/** @throws DomainError `not-found` when the server does not know the node */
export async function* browseChildren(
  link: Link,
  types: DataTypeTree,
  address: string | null,
): AsyncGenerator<BrowseItem> {
  const nodeId = getNodeId(address ?? objectsFolder, link.namespaces)
  link.session.requestedMaxReferencesPerNode = Math.min(childrenPerAnswer, link.limits.nodesPerRead)
  let result: BrowseResult = await link.ask(
    link.session.browse({
      nodeId,
      browseDirection: BrowseDirection.Forward,
      referenceTypeId: hierarchical,
      includeSubtypes: true,
      nodeClassMask: objectsAndVariables,
      resultMask,
    }),
    'browsing',
  )
  if (result.statusCode.isNotGood()) {
    throw new DomainError(
      'not-found',
      'opcua.node-unknown',
      `${address} cannot be browsed: ${result.statusCode.name}`,
      {
        address,
      },
    )
  }
  let rest: Buffer | null = null
  try {
    for (;;) {
      rest = continuationOf(result)
      yield* itemsOf(link, types, result.references ?? [])
      if (rest === null) return
      result = await link.ask(link.session.browseNext(rest, false), 'browsing on')
    }
  } finally {
    // Left early: the server keeps few such points, so give it back. Nobody waits for the answer.
    if (rest !== null) void link.session.browseNext(rest, true).catch(() => {})
  }
}

function continuationOf(result: BrowseResult): Buffer | null {
  const point: Buffer | null | undefined = result.continuationPoint
  return point === null || point === undefined || point.length === 0 ? null : point
}

async function* itemsOf(
  link: Link,
  types: DataTypeTree,
  references: readonly ReferenceDescription[],
): AsyncGenerator<BrowseItem> {
  const perBatch = Math.max(1, Math.floor(link.limits.nodesPerRead / attributesPerVariable))
  for (const batch of batchesOf(references, perBatch)) {
    const variables = batch.filter((reference) => reference.nodeClass === NodeClass.Variable)
    const facts = await factsOf(link, variables)
    for (const reference of batch) {
      const name = reference.displayName.text ?? reference.browseName.name ?? ''
      const item = { address: addressOf(reference.nodeId), name }
      const fact = facts.get(reference)
      if (fact === undefined) yield { ...item, kind: 'folder', dataType: null, writable: false }
      else {
        const builtIn = fact.dataType === null ? null : await types.findBuiltIn(fact.dataType)
        yield { ...item, kind: 'variable', dataType: tagTypeOf(builtIn), writable: fact.writable }
      }
    }
  }
}

interface VariableFacts {
  /** Null for arrays and for what the server does not tell. */
  readonly dataType: NodeId | null
  readonly writable: boolean
}

async function factsOf(
  link: Link,
  variables: readonly ReferenceDescription[],
): Promise<Map<ReferenceDescription, VariableFacts>> {
  if (variables.length === 0) return new Map()
  const asked = [AttributeIds.DataType, AttributeIds.ValueRank, AttributeIds.UserAccessLevel]
  const answers = await link.ask(
    link.session.read(
      variables.flatMap(({ nodeId }) => asked.map((attributeId) => ({ nodeId, attributeId }))),
      0,
    ),
    'reading data types',
  )
  return new Map(
    variables.map((reference, index) => {
      const [dataType, valueRank, accessLevel] = answers.slice(index * asked.length, (index + 1) * asked.length)
      return [reference, factsFrom(dataType, valueRank, accessLevel)]
    }),
  )
}

function factsFrom(dataType?: DataValue, valueRank?: DataValue, accessLevel?: DataValue): VariableFacts {
  const type: unknown = dataType?.value?.value
  const rank: unknown = valueRank?.value?.value
  const level: unknown = accessLevel?.value?.value
  // Rank -1 is a scalar, -2 and -3 may be one; 0 and above are arrays.
  const isScalar = typeof rank !== 'number' || rank < 0
  return {
    dataType: isScalar && type instanceof NodeId ? type : null,
    writable: typeof level === 'number' && (level & currentWrite) !== 0,
  }
}
